"""Whose key is it? Made with the first row about a person, wrapped anew when the master key changes, deleted first when
the person is erased."""

import uuid
from datetime import datetime

from django.db import connection, transaction

from records import cipher
from records.models import SubjectKey

BATCH = 1000  # keys a transaction

# The row is locked until the caller's transaction ends: an erasure waits for whoever is about to write under the key.
_TAKE = """
INSERT INTO records_subjectkey (id, subject, wrapped, master, created_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (subject) DO UPDATE SET subject = EXCLUDED.subject RETURNING id, subject, wrapped, master, created_at
"""


def of_person(email: str, *, now: datetime) -> SubjectKey:
    """The key of whoever has this address, made if need be. In a transaction of the caller's."""
    key_id = uuid.uuid4()
    wrapped, master = cipher.new_key(key_id)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key_id, cipher.blind("email", email), wrapped, master, now])
        row = cursor.fetchone()
    names = ("id", "subject", "wrapped", "master", "created_at")
    key = SubjectKey(**dict(zip(names, row, strict=True)))
    key._state.adding = False
    return key


def shred(subject: bytes) -> int:
    """Deletes the key of whoever has this blind index; from then on nothing opens what it sealed. Returns 1 or 0."""
    return SubjectKey.objects.filter(subject=subject).delete()[0]


def rotate() -> int:
    """Wraps every data key that is under an earlier master key under the newest, in batches; returns how many.

    What is sealed stays as it is. Raises cipher.UnknownKey where an earlier master key is not in RECORDS_KEYS.
    """
    rows = 0
    while count := _rotate_some():
        rows += count
    return rows


def _rotate_some() -> int:
    with transaction.atomic():
        stale = SubjectKey.objects.exclude(master=cipher.newest()).select_for_update(skip_locked=False)
        keys = list(stale.order_by("pk")[:BATCH])
        for key in keys:
            key.wrapped, key.master = cipher.wrap(cipher.unwrap(key), key.id), cipher.newest()
        SubjectKey.objects.bulk_update(keys, ["wrapped", "master"])
    return len(keys)
