"""What does this site hold about people, why, and for how long? Every app answers in its `data_map.py`."""

from records.registry.declarations import (
    Datum,
    Holding,
    Keep,
    declared,
    holding,
    holdings,
    kept,
    nothing_personal,
    register,
)
from records.registry.vocabulary import Basis, Category, Ground, Purpose, Source, Subject, Then

__all__ = [
    "Basis",
    "Category",
    "Datum",
    "Ground",
    "Holding",
    "Keep",
    "Purpose",
    "Source",
    "Subject",
    "Then",
    "declared",
    "holding",
    "holdings",
    "kept",
    "nothing_personal",
    "register",
]
