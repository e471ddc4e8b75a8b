"""How do the rows of one data set go, in one transaction, beside others who write about the same person?"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import Error, IntegrityError, OperationalError, connection, transaction
from django.db.models import BinaryField, Count, Field, JSONField, Model, Q, QuerySet
from django.utils.translation import gettext as _

from records import holds
from records.models import Erasure
from records.registry import Holding, OnErase
from records.sealed import SealedField
from records.subject_requests import plan, receipts

AT_ONCE = 5000  # rows a statement
TRIES = 6  # a report about a mail may come in while the mail goes
PAUSE = 0.05  # seconds before the second try, then twice as long


def carry(begun: Erasure, entry: Holding, keys: Sequence[Any], *, email: str, now: datetime) -> None:
    """Erases these rows and writes into the receipt that it did. Raises what the database says where it still says so
    after TRIES."""

    def act() -> None:
        holds.heed()  # a legal hold is either seen here, or placed after these rows went
        row = Erasure.objects.select_for_update().get(pk=begun.pk)
        if entry.label in dict(receipts.left(row)):
            _carry(row, entry, keys, email=email, now=now)

    _again(act)


def _carry(row: Erasure, entry: Holding, keys: Sequence[Any], *, email: str, now: datetime) -> None:
    held = _held_since(row, entry, now)
    going = [key for key in keys if key not in held]
    rows: dict[str, int] = {}
    columns = _filled(entry, going)
    for start in range(0, len(going), AT_ONCE):
        for label, count in _erase(entry, going[start : start + AT_ONCE], email, now).items():
            rows[label] = rows.get(label, 0) + count
    why = _("legal hold placed while the erasure went on")
    row.receipt = receipts.counted(row, entry.label, rows=rows, columns=columns, kept=len(keys) - len(going), why=why)
    row.save(update_fields=["receipt"])


def _held_since(row: Erasure, entry: Holding, now: datetime) -> frozenset[Any]:
    """What a hold covers that was placed after the erasure began, and what its rows point at."""
    subject = bytes(row.subject)
    if list(plan.holds_of(subject, now)) == row.receipt["holds"]:
        return frozenset()
    found = plan.of(subject=subject, now=now)
    return next((step.held for step in found.steps if step.entry.label == entry.label), frozenset())


def _again(act: Callable[[], None]) -> None:
    """Rows that point at these may be written in the same moment: foreign keys are checked at the end, and then the
    transaction is repeated, which sees them. So it is where two wait for each other."""
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                act()
                _check_foreign_keys()
            return
        except (IntegrityError, OperationalError) as error:
            if attempt == TRIES - 1 or not _may_pass(error):
                raise
        time.sleep(PAUSE * 2**attempt)


def _check_foreign_keys() -> None:
    """Here, and not as the transaction ends, which may be another's around this one."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _may_pass(error: Error) -> bool:
    state = getattr(error.__cause__, "sqlstate", "") or ""
    return state.startswith(("23", "40")) or state == "55P03"  # constraints, deadlocks, locks


def _erase(entry: Holding, keys: Sequence[Any], email: str, now: datetime) -> dict[str, int]:
    """How many rows, by data set."""
    rows = entry.model._base_manager.filter(pk__in=keys)
    if entry.on_erase == OnErase.KEEP:
        return {entry.label: 0} if rows.update(**_blanks(entry, sealed_only=True)) else {}
    if entry.erase:
        return {entry.label: entry.erase(keys, email, now)}
    if entry.on_erase == OnErase.BLANK:
        return {entry.label: rows.update(**_blanks(entry))}
    return rows.delete()[1]


def _columns(entry: Holding) -> list["Field[Any, Any]"]:
    return [entry.model._meta.get_field(name) for name in entry.personal]  # type: ignore[misc]


def _blanks(entry: Holding, *, sealed_only: bool = False) -> dict[str, Any]:
    """What stands in the personal columns afterwards. One that takes neither nothing nor an empty text stays."""
    columns = [each for each in _columns(entry) if isinstance(each, SealedField) or not sealed_only]
    return {each.attname: value for each in columns for value in _blank(each)}


def _blank(column: "Field[Any, Any]") -> list[Any]:
    if column.null:
        return [None]
    if isinstance(column, BinaryField):
        return [b""]
    if isinstance(column, JSONField):
        return [column.get_default()]
    return [""] if column.empty_strings_allowed and not column.is_relation else []


def _filled(entry: Holding, keys: Sequence[Any]) -> dict[str, int]:
    """In how many of the rows each personal column says something."""
    rows: QuerySet[Model] = entry.model._base_manager.filter(pk__in=keys)
    counts = {f"n_{each.name}": Count(each.attname, filter=_says(each)) for each in _columns(entry)}
    found = rows.aggregate(**counts) if keys else {}
    return {name.removeprefix("n_"): count for name, count in found.items() if count}


def _says(column: "Field[Any, Any]") -> Q:
    if isinstance(column, BinaryField):
        return ~Q(**{column.attname: b""})
    is_text = column.get_internal_type() in {"CharField", "TextField", "EmailField", "SlugField"}
    return ~Q(**{column.attname: ""}) if is_text else Q()
