"""How far is each mail, and what waits? Counted from the rows themselves: there is no counter that could drift."""

from mailing.progress.campaign import (
    Answered,
    Followed,
    Pace,
    Returned,
    Summary,
    Variant,
    answers,
    by_minute,
    by_state,
    by_version,
    links,
    pace,
    returned,
    rows,
    summary,
)
from mailing.progress.queue import PUMP_SEEN, Health, health, in_flight, pump_seen

__all__ = [
    "PUMP_SEEN",
    "Answered",
    "Followed",
    "Health",
    "Pace",
    "Returned",
    "Summary",
    "Variant",
    "answers",
    "by_minute",
    "by_state",
    "by_version",
    "health",
    "in_flight",
    "links",
    "pace",
    "pump_seen",
    "returned",
    "rows",
    "summary",
]
