"""Whose key is it? Made with the first row about a person, wrapped anew when the master key changes, deleted first when
the person is erased."""

import os
import uuid
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Exists, ForeignObjectRel, Min, OuterRef, QuerySet

from records import cipher
from records.models import SubjectKey

BATCH = 1000  # keys a transaction

# Whoever erases the person waits until the caller's transaction ends; whoever else writes under the key does not.
_TAKE = """
SELECT id, subject, wrapped, master, created_at, wrapped_at FROM records_subjectkey WHERE subject = %s FOR KEY SHARE
"""
_MAKE = """
INSERT INTO records_subjectkey (id, subject, wrapped, master, created_at, wrapped_at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (subject) DO NOTHING
"""
_REWRAP = """
UPDATE records_subjectkey k SET wrapped = n.wrapped, master = %s, wrapped_at = %s
FROM unnest(%s::uuid[], %s::bytea[]) n (id, wrapped) WHERE k.id = n.id
"""


def of_person(email: str, *, now: datetime) -> SubjectKey:
    """The key of whoever has this address, made if need be. It stays until the caller's transaction ends: without one,
    TransactionManagementError. Raises ValueError for an empty address."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A person's key is taken in the transaction that writes under it.")
    subject = cipher.blind("email", email)
    if not subject:
        raise ValueError("A person's key goes by their e-mail address, and this one is empty.")
    while not (found := list(SubjectKey.objects.raw(_TAKE, [subject]))):  # again where one is erased in between
        key_id = uuid.uuid4()
        wrapped, master = cipher.new_key(key_id)
        with connection.cursor() as cursor:
            cursor.execute(_MAKE, [key_id, subject, wrapped, master, now, now])
    return found[0]


def of_nobody(*, now: datetime) -> SubjectKey:
    """A key of its own, for what somebody wrote without an address: nothing else is ever sealed under it, and it goes
    once that row is gone. Without a transaction, TransactionManagementError."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A key is made in the transaction that writes under it.")
    key_id = uuid.uuid4()
    wrapped, master = cipher.new_key(key_id)
    # No address has this index but by a chance of 2 to the power of 128.
    values = {"subject": os.urandom(cipher.INDEX_BYTES), "wrapped": wrapped, "master": master}
    return SubjectKey.objects.create(id=key_id, created_at=now, wrapped_at=now, **values)


def shred(subject: bytes) -> int:
    """Deletes the key of whoever has this blind index; from then on nothing opens what it sealed. Returns 1 or 0."""
    return SubjectKey.objects.filter(subject=subject).delete()[0]


def drop_unused() -> int:
    """Deletes the keys under which nothing is stored any more, in batches: an address is not known by its key alone.
    Whoever is about to write under one keeps it. Returns how many."""
    rows, ids = 0, _after(_unused(), None)
    while ids:
        with transaction.atomic():
            locked = list(SubjectKey.objects.select_for_update(skip_locked=True).filter(pk__in=ids))
            # Asked once more: whoever had one of them when this began has written by now.
            rows += _unused().filter(pk__in=[key.pk for key in locked]).delete()[0]
        ids = _after(_unused(), ids[-1])
    return rows


def _unused() -> QuerySet[SubjectKey]:
    """Those that no row of any model points at."""
    rows = SubjectKey.objects.all()
    for relation in SubjectKey._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            pointing = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            rows = rows.filter(~Exists(pointing))
    return rows


def _after(rows: QuerySet[SubjectKey], last: uuid.UUID | None) -> list[uuid.UUID]:
    rows = rows.filter(pk__gt=last) if last else rows
    return list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])


def under() -> dict[str, int]:
    """How many keys are wrapped under which master key, by its id."""
    rows = SubjectKey.objects.order_by("master").values_list("master").annotate(keys=Count("pk"))
    return dict(rows)


def missing() -> list[str]:
    """Ids of master keys under which stored keys are wrapped and which RECORDS_KEYS lacks: that data cannot be read."""
    stored = SubjectKey.objects.exclude(master__in=list(settings.RECORDS_KEYS))
    return list(stored.order_by("master").values_list("master", flat=True).distinct())


def oldest_master_at() -> datetime | None:
    """Since when (UTC) the master key that has been in use for longest wraps a key that is still stored."""
    return SubjectKey.objects.aggregate(oldest=Min("wrapped_at"))["oldest"]


def rotate(*, now: datetime) -> Iterator[int]:
    """Wraps every data key that is under an earlier master key under the newest; yields how many after each batch,
    which is committed by then. Whoever reads and writes meanwhile need not wait. Safe to stop and to run again.

    What is sealed stays as it is. Raises cipher.UnknownKey, before anything is changed, where an earlier master key is
    not in RECORDS_KEYS.
    """
    if lacking := missing():
        raise cipher.UnknownKey(
            f"Keys are wrapped under {', '.join(lacking)}, which RECORDS_KEYS does not have. Add it, at the end."
        )
    stale = SubjectKey.objects.exclude(master=cipher.newest())
    while ids := _after(stale, None):  # again: processes that have not been restarted still wrap under the earlier one
        while ids:
            yield _rotate_some(stale.filter(pk__in=ids), now)
            ids = _after(stale, ids[-1])


def _rotate_some(stale: QuerySet[SubjectKey], now: datetime) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        keys = list(stale.select_for_update(no_key=True).order_by("pk"))
        wrapped = [cipher.wrap(cipher.unwrap(key), key.id) for key in keys]
        cursor.execute(_REWRAP, [cipher.newest(), now, [key.id for key in keys], wrapped])
    return len(keys)
