# ruff: noqa: S608 - these are made of constants
"""How are the rows of the ledger read for checking: thousands at a time, in order, and whatever somebody made of them?

Instants come as text in one form, so that no value that PostgreSQL can hold stops the check.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from consent.proof import leaves

MOST = 2000  # rows a query; what is held in memory at a time
Row = dict[str, Any]


class Entry(NamedTuple):
    position: int
    seal: int
    kind: str
    seq: int
    decision: UUID
    leaf: bytes


@dataclass(frozen=True)
class Texts:
    """SHA-256 of what was shown, by id: published configurations, policy versions, their translations."""

    snapshots: dict[int, str] = field(default_factory=dict)
    versions: dict[int, str] = field(default_factory=dict)
    renditions: dict[int, str] = field(default_factory=dict)


def _instant(column: str) -> str:
    """As `leaves` writes it; an instant before Christ or at infinity is some other text."""
    text = f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"AD')"
    return f"CASE WHEN isfinite({column}) THEN replace({text}, 'AD', '') ELSE {column}::text END"


_DECISION = f"""
SELECT seq, leaf, id, consent_id::text, key::text, snapshot_id, policy_version_id, rendition_id, statement,
    choices::text, services::text, source, action, locale, path, gpc, {_instant("decided_at")},
    {_instant("expires_at")}, key_id
FROM consent_decision WHERE """
_DECISION_NAMES = (
    *("seq", "leaf", "id", "consent_id", "key", "snapshot", "policy_version", "rendition", "statement", "choices"),
    *("services", "source", "action", "locale", "path", "gpc", "decided_at", "expires_at", "key_id"),
)
_REDACTION = f"""
SELECT seq, leaf, decision, decision_leaf, why, {_instant("redacted_at")}, key_id FROM consent_redaction WHERE """
_REDACTION_NAMES = ("seq", "leaf", "decision", "decision_leaf", "why", "redacted_at", "key_id")
_SEAL = f"""
SELECT number, first, last, up_to, encode(root, 'hex'), encode(previous, 'hex'), {_instant("sealed_at")},
    key_id, encode(signature, 'hex') FROM consent_seal WHERE number > %s ORDER BY number LIMIT %s"""
_SEAL_NAMES = ("number", "first", "last", "up_to", "root", "previous", "sealed_at", "key_id", "signature")
_ENTRY = """
SELECT position, seal_id, kind, seq, decision, leaf FROM consent_ledgerentry
WHERE position > %s ORDER BY position LIMIT %s"""
BEFORE_ALL = -(2**63)  # of a bigint


def texts() -> Texts:
    return Texts(
        *(
            dict(asked(f"SELECT id, sha256 FROM {table}"))
            for table in ("consent_snapshot", "policies_policyversion", "policies_policyrendition")
        )
    )


def entries() -> Iterator[list[Entry]]:
    """All of them by position, some thousand at a time."""
    after = BEFORE_ALL
    while batch := [Entry(*row) for row in asked(_ENTRY, [after, MOST])]:
        yield batch
        after = batch[-1].position


def seals() -> Iterator[Row]:
    """The lines of all seals by number, in the form that `headers` gives them."""
    after = BEFORE_ALL
    while batch := _named(_SEAL_NAMES, asked(_SEAL, [after, MOST])):
        yield from batch
        after = batch[-1]["number"]


def decisions(ids: Sequence[UUID], shown: Texts) -> dict[UUID, Row]:
    """By id, each as its leaf covers it, with `seq` and `leaf`."""
    return {row["id"]: row for row in _decisions(f"{_DECISION} id = ANY(%s)", [list(ids)], shown)}


def redactions(ids: Sequence[UUID]) -> dict[UUID, Row]:
    """By the id of the decision."""
    found = _named(_REDACTION_NAMES, asked(f"{_REDACTION} decision = ANY(%s)", [list(ids)]))
    return {row["decision"]: row for row in found}


def decisions_after(seq: int, shown: Texts) -> Iterator[list[Row]]:
    """Those with a higher number, in its order."""
    while batch := list(_decisions(f"{_DECISION} seq > %s ORDER BY seq LIMIT %s", [seq, MOST], shown)):
        yield batch
        seq = batch[-1]["seq"]


def redactions_after(seq: int) -> Iterator[list[Row]]:
    while batch := _named(_REDACTION_NAMES, asked(f"{_REDACTION} seq > %s ORDER BY seq LIMIT %s", [seq, MOST])):
        yield batch
        seq = batch[-1]["seq"]


def _decisions(question: str, values: list[Any], shown: Texts) -> Iterator[Row]:
    for row in _named(_DECISION_NAMES, asked(question, values)):
        row["snapshot"] = shown.snapshots.get(row["snapshot"], row["snapshot"])
        row["policy_version"] = shown.versions.get(row["policy_version"], row["policy_version"])
        row["rendition"] = shown.renditions.get(row["rendition"], row["rendition"])
        row["choices"], row["services"] = _canonical(row["choices"]), _canonical(row["services"])
        yield row


@lru_cache(maxsize=1024)
def _canonical(text: str) -> str:
    """Few different answers are given, many times. What cannot be read stays text, which no leaf was made of."""
    try:
        return leaves.Canonical(leaves.canonical(json.loads(text)).decode())
    except (ValueError, RecursionError):
        return text


def _named(names: Sequence[str], rows: list[tuple[Any, ...]]) -> list[Row]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def asked(question: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, list(values))
        return cursor.fetchall()
