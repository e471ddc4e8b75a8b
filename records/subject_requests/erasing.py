"""How is a person erased: the key first, then data set after data set, so that whatever dies in between is finished by
whoever comes next?

A tombstone is written before anything is deleted, outside the database too; it becomes the receipt.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction
from django.db.models import Q

from records import holds, keys, people
from records.models import Erasure, SubjectKey
from records.registry import holding
from records.subject_requests import notifying, plan, receipts, tombstones
from records.subject_requests.carrying import carry
from records.subject_requests.plan import Plan


class PlanChanged(RuntimeError):
    """Rows about the person came, went or changed since the plan was shown: nothing was erased."""


class Before(Protocol):
    def __call__(self, *, email: str, subject: bytes, now: datetime) -> object: ...


_before: list[Before] = []


def before_erasure(act: Before) -> None:
    """Names what a floor above does first, in the transaction that begins an erasure: what has to be on record of the
    person, such as that their consents end, and what has to outlive them. It is told the blind index of the address,
    and the address where that is known; it may be called again for one person."""
    if act not in _before:
        _before.append(act)


def carry_out(
    email: str = "",
    *,
    now: datetime,
    plan_sha256: str = "",
    subject: bytes = b"",
    until: datetime | None = None,
    beside: Mapping[str, Q] | None = None,
) -> dict[str, Any]:
    """Erases whoever has this address, or this blind index of one; returns the receipt, which names nobody.

    With `plan_sha256`, only what a plan with that hash showed: raises PlanChanged, and erases nothing, where rows
    changed since. The plan of an erasure that is done gives its receipt again. An erasure that was interrupted is
    finished first. `until` and `beside` are as in `plan.of`. Raises tombstones.NotWritten, and erases nothing, where
    ERASURES_FILE cannot be written.
    """
    subject = subject or people.subject_of(email)
    with _one_at_a_time(subject):
        done = [finish(begun, email=email, now=now) for begun in tombstones.unfinished(subject)]
        if plan_sha256 and (known := tombstones.with_plan(subject, plan_sha256)):
            return dict(known.receipt)
        begun, found = _begin(email, subject, plan_sha256, now=now, until=until, beside=beside)
        if begun is None:
            return done[-1] if done else receipts.of_nothing(found)
        return finish(begun, email=email, now=now)


def _begin(
    email: str,
    subject: bytes,
    plan_sha256: str,
    *,
    now: datetime,
    until: datetime | None,
    beside: Mapping[str, Q] | None,
) -> tuple[Erasure | None, Plan]:
    """From here on it is decided: what the plan names goes, and nothing that is written later. None where there is
    nothing to erase, and nobody's plan asked for it."""
    erased_at = until or now
    with transaction.atomic():
        holds.heed()
        key, is_new = _locked_key(email, subject, now)
        found = plan.of(email, subject=subject, now=now, until=until, beside=beside)
        if plan_sha256 and found.sha256 != plan_sha256:
            raise PlanChanged("The data about this person changed since the plan was shown: look at it once more.")
        if not plan_sha256 and not found.changing and (is_new or found.key_stays or key is None):
            _drop(key if is_new else None)
            if any(step.held for step in found.steps):  # a hold keeps rows, never a consent
                _do_before(email, subject, now)
            return None, found
        _do_before(email, subject, now)
        begun = Erasure.objects.create(subject=subject, erased_at=erased_at, receipt=receipts.begun(found))
        _drop(None if found.key_stays else key)
        tombstones.write_outside(subject, erased_at)  # last: nothing but the commit can fail after it
    return begun, found


def _do_before(email: str, subject: bytes, now: datetime) -> None:
    for act in _before:
        act(email=email, subject=subject, now=now)


def _locked_key(email: str, subject: bytes, now: datetime) -> tuple[SubjectKey | None, bool]:
    """Whoever is writing under the key comes first, and is in the plan; whoever comes later gets a new one. It is made
    where there is none, so that nobody makes one in between: then true."""
    own = SubjectKey.objects.select_for_update().filter(subject=subject)
    if (found := own.first()) or not email:
        return found, False
    keys.of_person(email, now=now)
    return own.first(), True


def _drop(key: SubjectKey | None) -> None:
    if key:
        keys.shred(bytes(key.subject))


def finish(begun: Erasure, *, now: datetime, email: str = "") -> dict[str, Any]:
    """Erases what is left of what was begun, one transaction a data set, and writes the receipt. Safe to repeat."""
    for label, row_keys in receipts.left(begun):
        carry(begun, holding(label), row_keys, email=email, now=now)
    with transaction.atomic():
        row = Erasure.objects.select_for_update().get(pk=begun.pk)
        if receipts.is_unfinished(row):
            row.receipt = receipts.finished(row, notifying.notify(row, now=now), now=now)
            row.save(update_fields=["receipt"])
    return dict(row.receipt)


@contextmanager
def _one_at_a_time(subject: bytes) -> Iterator[None]:
    """Two erasures of one person, one after the other; a process that dies lets go. In a transaction of the caller's
    the lock ends with it: who waits must not come before what it wrote stands."""
    number, of_transaction = int.from_bytes(subject[:8], "big", signed=True), connection.in_atomic_block
    _ask("SELECT pg_advisory_xact_lock(%s)" if of_transaction else "SELECT pg_advisory_lock(%s)", number)
    try:
        yield
    finally:
        if not of_transaction:
            _ask("SELECT pg_advisory_unlock(%s)", number)


def _ask(statement: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [number])
