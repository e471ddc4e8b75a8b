"""What does this site hold about people, why, and for how long? Every app answers in its `data_map.py`."""

from records.registry.declarations import (
    Datum,
    Holding,
    Keep,
    Span,
    declared,
    holding,
    holdings,
    kept,
    lasting,
    nothing_personal,
    register,
    spans,
)
from records.registry.vocabulary import Basis, Category, Ground, Observed, Purpose, Source, Subject, Then

__all__ = [
    "Basis",
    "Category",
    "Datum",
    "Ground",
    "Holding",
    "Keep",
    "Observed",
    "Purpose",
    "Source",
    "Span",
    "Subject",
    "Then",
    "declared",
    "holding",
    "holdings",
    "kept",
    "lasting",
    "nothing_personal",
    "register",
    "spans",
]
