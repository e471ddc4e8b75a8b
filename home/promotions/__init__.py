"""Which promotions may a page show, and how often was each seen and followed? The browser chooses; nobody is named."""

from home.promotions.counting import Result, count, day_of, results
from home.promotions.on_pages import Candidate, Picture, Reading, as_shown, candidates, forget, is_used, reading

__all__ = [
    "Candidate",
    "Picture",
    "Reading",
    "Result",
    "as_shown",
    "candidates",
    "count",
    "day_of",
    "forget",
    "is_used",
    "reading",
    "results",
]
