"""What do the policies in force oblige this site to? One indexed query answers for any kind, key and instant."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from records.models import Term, TermSheet, TermSheetWithdrawal

Kind = Term.Kind
Namer = Callable[[Collection[TermSheet]], Mapping[int, str]]
_namers: list[Namer] = []


@dataclass(frozen=True)
class Statement:
    """One term as a clause states it: `value` is JSON and says the same in every language."""

    kind: str
    key: str
    value: Any


def in_force(kind: str, key: str, at: datetime) -> Term | None:
    """The term of that kind and key at `at` (UTC); None when no version in force states it.

    Where several policies state it, the one that took force last counts.
    """
    return Term.objects.in_force(at).select_related("sheet").filter(kind=kind, key=key).first()


def all_in_force(kind: str, at: datetime) -> dict[str, Term]:
    """Every term of a kind at `at`, by key."""
    found = Term.objects.in_force(at).select_related("sheet").filter(kind=kind)
    return {term.key: term for term in reversed(found)}


def name_versions(namer: Namer) -> None:
    """Gives the names of versions by a floor above: `namer` takes sheets and answers by their id, in the language that
    is active."""
    if namer not in _namers:
        _namers.append(namer)


def names(sheets: Iterable[TermSheet]) -> dict[int, str]:
    """The version each sheet was written for, by the sheet's id; by its label where no floor above knows it."""
    known = {sheet.pk: sheet for sheet in sheets}
    named = {key: sheet.label for key, sheet in known.items()}
    for namer in _namers:
        named |= namer(known.values())
    return named


def write(
    *, policy: UUID, number: int, label: str, effective_from: datetime, statements: Iterable[Statement]
) -> TermSheet:
    """Writes the terms of one version in the caller's transaction. Raises IntegrityError for a number twice."""
    with transaction.atomic():
        sheet = TermSheet.objects.create(policy=policy, number=number, label=label, effective_from=effective_from)
        Term.objects.bulk_create(
            Term(sheet=sheet, kind=said.kind, key=said.key, value=said.value, effective_from=effective_from)
            for said in statements
        )
    return sheet


def withdraw(*, policy: UUID, number: int, now: datetime) -> None:
    """Takes the terms of a version back with it. Raises TermSheet.DoesNotExist for one without terms."""
    sheet = TermSheet.objects.get(policy=policy, number=number)
    TermSheetWithdrawal.objects.create(sheet=sheet, withdrawn_at=now)
