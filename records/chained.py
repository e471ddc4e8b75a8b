"""Which hash binds a record to all those before it? Evidence that somebody altered, removed or moved shows it."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import rfc8785
from django.db import connection

GENESIS = "0" * 64  # stands where there is no record before


def link(previous: str, said: Mapping[str, Any]) -> str:
    """SHA-256, in hex, over all a record says and the hash of the one before (`GENESIS` for the first), in canonical
    JSON (RFC 8785).

    Instants count in UTC to the microsecond, UUIDs and bytes as text. Raises ValueError when `said` has a "previous"
    of its own, and rfc8785.CanonicalizationError for what JSON cannot say.
    """
    if "previous" in said:
        raise ValueError("“previous” is the hash of the record before: give what the record itself says.")
    return hashlib.sha256(rfc8785.dumps(_plain({**said, "previous": previous}))).hexdigest()


def wait_for_turn(chain: str) -> None:
    """Holds the end of a chain for the caller's transaction: who writes next waits, and reads what was written.

    `chain` is the table's name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"candor.chain.{chain}"])


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value) if isinstance(value, UUID) else value
