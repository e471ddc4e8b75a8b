"""Where is something stored about one person? Every data set that can be searched for them, children before parents."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q, QuerySet

from records import cipher, retention
from records.registry import Holding, holdings

_NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Found:
    """Rows of one data set about one person at one instant."""

    entry: Holding
    rows: QuerySet[Model]


def find(*, at: datetime, expired: bool = False, **known: str) -> list[Found]:
    """What is stored at `at` (UTC) about whoever is known by `email=`, `phone=` or `subject=`, the blind index of their
    address in hexadecimal; in the order in which it can be erased.

    Data sets that cannot be searched by any of these are left out (GDPR Art. 11), and so are rows whose period is over
    unless `expired`: whoever reads through the site finds them gone, and whoever erases must not.
    """
    due: Mapping[str, Q] = {} if expired else retention.due(at)
    found = []
    for entry in in_order(searchable()):
        theirs = _of(entry, known)
        if theirs is not None:
            rows = entry.model._base_manager.filter(theirs).exclude(due.get(entry.label, _NOTHING))
            found.append(Found(entry, rows))
    return found


def searchable() -> list[Holding]:
    return [entry for entry in holdings() if entry.find_by]


def _of(entry: Holding, known: Mapping[str, str]) -> Q | None:
    """An address finds by itself where it can; else its index does."""
    said = dict(known)
    if said.get("email") and "email" not in entry.find_by:
        said["subject"] = subject_of(said["email"]).hex()
    theirs = [by(said[key]) for key, by in entry.find_by.items() if said.get(key)]
    return reduce(or_, theirs) if theirs else None


def subject_of(email: str) -> bytes:
    """The blind index of an address. Raises ValueError for an empty one, which is nobody's."""
    subject = cipher.blind("email", email)
    if not subject:
        raise ValueError("A person is found by their e-mail address, and this one is empty.")
    return bytes(subject)


def in_order(entries: Iterable[Holding]) -> list[Holding]:
    """Each before those that its foreign keys point at, else by label."""
    left = {entry.model: entry for entry in sorted(entries, key=lambda entry: entry.label)}
    ordered: list[Holding] = []
    while left:
        needed = [target for model in left for target in parents(model) & left.keys()]
        free = [model for model in left if model not in needed]
        ordered += [left.pop(model) for model in free or [min(left, key=needed.count)]]  # a circle: the least needed
    return ordered


def parents(model: type[Model]) -> set[type[Any]]:
    """The other models that its foreign keys point at."""
    targets = {field.related_model for field in model._meta.concrete_fields if field.many_to_one or field.one_to_one}
    return {target for target in targets if isinstance(target, type) and target is not model}
