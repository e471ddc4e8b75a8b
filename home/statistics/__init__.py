"""How many people come, and what do they read? Numbers of days, which outlive the action log and tell of nobody."""

from home.statistics.periods import Period
from home.statistics.reading import Sum, by_value, over_time, state, total
from home.statistics.rolling import FEW, OTHER, SEE, tally

__all__ = ["FEW", "OTHER", "SEE", "Period", "Sum", "by_value", "over_time", "state", "tally", "total"]
