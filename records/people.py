"""Where is something stored about one person? Every data set that can be searched for them, children before parents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from records import retention
from records.registry import Holding, holdings


@dataclass(frozen=True)
class Found:
    """Rows of one data set about one person at one instant; what is due to be deleted is not among them."""

    entry: Holding
    rows: QuerySet[Model]


def find(*, at: datetime, **known: str) -> list[Found]:
    """What is stored at `at` (UTC) about whoever is known by `email=`, `phone=` …, in the order in which it can be
    erased. Data sets that cannot be searched by any of these are left out (GDPR Art. 11)."""
    due = retention.due(at)
    found = []
    for entry in in_order(holdings()):
        theirs = [by(known[key]) for key, by in entry.find_by.items() if key in known]
        if theirs:
            rows = entry.model._base_manager.filter(_any(theirs)).exclude(due.get(entry.label, Q(pk__in=[])))
            found.append(Found(entry, rows))
    return found


def _any(conditions: Iterable[Q]) -> Q:
    joined = Q()
    for condition in conditions:
        joined |= condition
    return joined


def in_order(entries: Iterable[Holding]) -> list[Holding]:
    """Each before those that its foreign keys point at, else by label."""
    left = {entry.model: entry for entry in sorted(entries, key=lambda entry: entry.label)}
    ordered: list[Holding] = []
    while left:
        needed = {target for model in left for target in _parents(model) & left.keys()}
        free = [model for model in left if model not in needed] or list(left)  # a circle: in the order of labels
        ordered += [left.pop(model) for model in free]
    return ordered


def _parents(model: type[Model]) -> set[type[Any]]:
    targets = {field.related_model for field in model._meta.concrete_fields if field.many_to_one or field.one_to_one}
    return {target for target in targets if isinstance(target, type) and target is not model}
