"""Are two requests of one day by the same browser? Answerable until the day is over, and by nobody afterwards."""

import hashlib
import hmac
import secrets
import time
from datetime import UTC, date, datetime, timedelta

from django.db import DatabaseError, connection, transaction

from records.models import Salt

GRACE = timedelta(minutes=10)  # after midnight (UTC), for what was asked before it and is written after
_PAUSE = 10.0  # seconds until a database that was away is asked again
_BYTES = 16
_known: dict[date, bytes] = {}  # the salt of today, in this process
_asked_again_at = 0.0


def of(at: datetime, *, now: datetime, host: str, address: str, agent: str) -> bytes | None:
    """Who asked, for the day of `at` (UTC): a keyed hash under that day's salt. None once the salt is destroyed, and
    while the database is away."""
    salt = _salt(at.astimezone(UTC).date(), now.astimezone(UTC).date())
    if salt is None:
        return None
    said = "\0".join((host, address, agent)).encode("utf-8", "replace")
    return hmac.digest(salt, said, hashlib.sha256)[:_BYTES]


def prepare(*, now: datetime) -> None:
    """Sees to it that there is a salt for today."""
    today = now.astimezone(UTC).date()
    _salt(today, today)


def _salt(day: date, today: date) -> bytes | None:
    global _asked_again_at
    if day in _known:
        return _known[day]
    if time.monotonic() < _asked_again_at:
        return None
    try:
        salt = _read_or_make(day) if day == today else _read(day)
    except DatabaseError:
        _asked_again_at = time.monotonic() + _PAUSE
        return None
    if salt is not None and day == today:
        _known.clear()
        _known[day] = salt
    return salt


def _read(day: date) -> bytes | None:
    value = Salt.objects.filter(day=day).values_list("value", flat=True).first()
    return None if value is None else bytes(value)


def _read_or_make(day: date) -> bytes | None:
    """Of several processes that come first, one makes it."""
    Salt.objects.bulk_create([Salt(day=day, value=secrets.token_bytes(32))], ignore_conflicts=True)
    return _read(day)


def destroy(*, now: datetime) -> int:
    """Destroys the salts of the days that are over; returns how many.

    The table is emptied by TRUNCATE, which gives its file back: a deleted row's bytes stay in theirs. It is UNLOGGED,
    so no copy stands in the write-ahead log, on a standby or in a base backup.
    """
    today = (now.astimezone(UTC) - GRACE).date()
    if not Salt.objects.filter(day__lt=today).exists():
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute(f"LOCK TABLE {Salt._meta.db_table} IN ACCESS EXCLUSIVE MODE")
        old, standing = Salt.objects.filter(day__lt=today).count(), list(Salt.objects.filter(day__gte=today))
        cursor.execute(f"TRUNCATE {Salt._meta.db_table}")
        Salt.objects.bulk_create(standing)
    return old


def forget() -> None:
    """Makes this process ask for the salt anew."""
    global _asked_again_at
    _known.clear()
    _asked_again_at = 0.0
