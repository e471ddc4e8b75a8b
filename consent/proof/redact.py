"""How is the body of a decision erased so that the ledger still verifies? Its leaf stays, and a row says why."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.reverse_related import ForeignObjectRel

from consent.models import Decision, Redaction
from consent.proof import keys, leaves

Why = Redaction.Why
_INSERT = """
INSERT INTO consent_redaction (decision, decision_leaf, why, redacted_at, key_id, leaf) VALUES (%s, %s, %s, %s, %s, %s)
"""


def redact(ids: Iterable[UUID], *, why: Redaction.Why, now: datetime) -> int:
    """Erases the bodies of these decisions; returns how many. What a mail or an entry still rests on is left."""
    with transaction.atomic():
        bodies = Decision.objects.select_for_update().filter(pk__in=list(ids)).order_by("seq")
        found = {pk: bytes(leaf) for pk, leaf in bodies.values_list("pk", "leaf")}
        needed = _needed(found)
        gone = [pk for pk in found if pk not in needed]
        with connection.cursor() as cursor:
            cursor.executemany(_INSERT, [_row(pk, found[pk], why, now) for pk in gone])
            _delete(cursor, gone)
    return len(gone)


def for_retention(ids: Sequence[Any], now: datetime) -> int:
    """What `records.retention` calls for decisions whose period is over."""
    return redact(ids, why=Why.RETENTION, now=now)


def unneeded() -> Q:
    """Decisions that no other row points at. Called when every model is loaded."""
    unneeded = Q()
    for model, name in _holders():
        unneeded &= ~Q(Exists(model._base_manager.filter(**{name: OuterRef("pk")})))
    return unneeded


def _needed(ids: Iterable[UUID]) -> set[UUID]:
    """Those that another row still points at; whoever comes later waits for our locks, and finds them gone."""
    needed: set[UUID] = set()
    for model, name in _holders():
        needed.update(model._base_manager.filter(**{f"{name}__in": list(ids)}).values_list(name, flat=True))
    return needed


def _holders() -> Iterator[tuple[Any, str]]:
    """Every column of every model that points at a decision."""
    for relation in Decision._meta.get_fields(include_hidden=True):  # most do not say so in `related_name`
        if isinstance(relation, ForeignObjectRel):
            yield relation.related_model, relation.field.attname


def _row(decision: UUID, leaf: bytes, why: Redaction.Why, now: datetime) -> list[Any]:
    said = {"decision": decision, "decision_leaf": leaf, "why": str(why), "redacted_at": now, "key_id": keys.newest()}
    return [*said.values(), leaves.of_redaction(said)]


def _delete(cursor: Any, ids: Sequence[UUID]) -> None:
    """The table lets go of rows only where the transaction says so, and only for this one statement."""
    cursor.execute("SET LOCAL candor.redacts = 'consent_decision'")
    cursor.execute("DELETE FROM consent_decision WHERE id = ANY(%s)", [list(ids)])
    cursor.execute("SET LOCAL candor.redacts = ''")
