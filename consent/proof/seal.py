"""What puts the leaves into their order, and a signature under them? One sealer at a time, whoever runs it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from consent.models import Seal
from consent.proof import headers, keys, leaves, merkle, settled

MOST = 4096  # leaves under one seal: a proof of inclusion has at most twelve hashes
_LOCK = (0x436F6E73, 0x5365616C)  # "Cons", "Seal": among the advisory locks of this database

# A row that is in the ledger already was moved or put back: it is left to `verify`, and stops nobody.
_TAKE = """
WITH taken AS (
    (SELECT seq, 'decision' AS kind, id AS decision, leaf FROM consent_decision row
     WHERE seq > %(after)s AND seq <= %(up_to)s
         AND NOT EXISTS (SELECT FROM consent_ledgerentry e WHERE e.decision = row.id AND e.kind = 'decision')
     ORDER BY seq LIMIT %(most)s)
    UNION ALL
    (SELECT seq, 'redaction', decision, leaf FROM consent_redaction row
     WHERE seq > %(after)s AND seq <= %(up_to)s
         AND NOT EXISTS (SELECT FROM consent_ledgerentry e WHERE e.decision = row.decision AND e.kind = 'redaction')
     ORDER BY seq LIMIT %(most)s)
    ORDER BY seq LIMIT %(most)s
)
INSERT INTO consent_ledgerentry (position, seal_id, kind, seq, decision, leaf)
SELECT %(last)s + row_number() OVER (ORDER BY seq), %(number)s, kind, seq, decision, leaf FROM taken
RETURNING position, leaf, decision, seq, kind
"""


@dataclass(frozen=True)
class _Taken:
    """Entries just written, in their order, and the number that the last of them has."""

    entries: list[bytes]
    newest: int


def seal(*, now: datetime, most: int = MOST) -> int:
    """Seals every settled row that is in no seal yet; returns how many. 0 while another sealer is at work.

    Each seal is a transaction of its own: a sealer that is killed leaves whole seals behind, and the next goes on.
    """
    up_to = settled.up_to()
    sealed = 0
    while up_to is not None and (taken := _seal_next(up_to, now, most)):
        sealed += taken
    return sealed


def _seal_next(up_to: int, now: datetime, most: int) -> int:
    with transaction.atomic():
        if not _alone():
            return 0
        before = Seal.objects.order_by("-number").first()
        taken = _take(before, up_to, most)
        if taken is None:
            return 0
        full = len(taken.entries) == most
        _write(before, taken, up_to=taken.newest if full else up_to, now=now)
        return len(taken.entries)


def _alone() -> bool:
    """Until this transaction ends nobody else seals; no session is left holding the lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", _LOCK)
        return bool(cursor.fetchone()[0])


def _take(before: Seal | None, up_to: int, most: int) -> _Taken | None:
    """Gives the next rows their places in the ledger."""
    after = {"after": before.up_to, "last": before.last, "number": before.number + 1} if before else _FIRST
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {**after, "up_to": up_to, "most": most})
        rows: list[tuple[int, bytes, UUID, int, str]] = sorted(cursor.fetchall(), key=lambda row: row[0])
    if not rows:
        return None
    entries = [leaves.entry(bytes(leaf), decision, seq, kind) for _position, leaf, decision, seq, kind in rows]
    return _Taken(entries, rows[-1][3])


_FIRST = {"after": 0, "last": 0, "number": 1}


def _write(before: Seal | None, taken: _Taken, *, up_to: int, now: datetime) -> None:
    first = before.last + 1 if before else 1
    made = Seal(
        number=before.number + 1 if before else 1,
        first=first,
        last=first + len(taken.entries) - 1,
        up_to=up_to,
        root=merkle.root(taken.entries),
        previous=bytes.fromhex(headers.digest(headers.of(before))) if before else headers.NONE_BEFORE,
        sealed_at=now,
        key_id=keys.newest(),
        signature=b"",
    )
    made.signature = keys.signer(made.key_id).sign(headers.signed_part(headers.of(made)))
    made.save(force_insert=True)
