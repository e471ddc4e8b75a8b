# ruff: noqa: S608 - names of tables and columns are no parameters
"""What somebody with the database in their hands might do to the ledger: each act, and how its row may be called."""

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from consent.models import Seal
from consent.proof import headers, keys, leaves, merkle, rows
from consent.proof.headers import Header

Names = set[str]
Act = Callable[["Ledger", random.Random], Names]
# What a column is set to; twice, for one may be what it is.
VALUES: dict[str, tuple[Any, ...]] = {
    "uuid": ("00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"),
    "bigint": (-7, 900_000_000),
    "text": ("x", "y"),
    "character varying": ("x", "y"),
    "jsonb": ('{"analytics": null}', "[1e400]"),
    "boolean": (True, False),
    "timestamp with time zone": ("infinity", "0044-03-15 12:00:00+00 BC"),
    "bytea": (b"", bytes(32)),
}


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


@dataclass(frozen=True)
class Ledger:
    """What there is to tamper with, by name."""

    sealed: list[uuid.UUID]
    unsealed: list[uuid.UUID]
    redacted: list[uuid.UUID]
    erased: dict[uuid.UUID, str]  # the rows that were there before
    positions: list[int]
    seals: list[int]


def _of(decision: object) -> Names:
    return {f"decision {decision}", f"redaction of decision {decision}"}


def _columns(table: str, *, but: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    found = sql("SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s", table)
    return sorted((name, kind) for name, kind in found if name not in but)


def _set(table: str, key: str, of: Any, column: str, kind: str) -> Any:
    """Gives the column another value than it has, and returns that."""
    for value in VALUES[kind]:
        where = f"WHERE {key} = %s AND {column} IS DISTINCT FROM %s::{kind} RETURNING 1"
        if sql(f"UPDATE {table} SET {column} = %s::{kind} {where}", value, of, value):
            return value
    raise AssertionError(f"{table}.{column} stayed as it was")


def edit_decision(ledger: Ledger, dice: random.Random) -> Names:
    column, kind = dice.choice(_columns("consent_decision"))
    # Where a row that has no seal yet stands in the order, nothing proves.
    of = dice.choice(ledger.sealed if column == "seq" else ledger.sealed + ledger.unsealed)
    return _of(of) | _of(_set("consent_decision", "id", of, column, kind))


def edit_redaction(ledger: Ledger, dice: random.Random) -> Names:
    column, kind = dice.choice(_columns("consent_redaction"))
    of = dice.choice(ledger.redacted)
    return _of(of) | _of(_set("consent_redaction", "decision", of, column, kind))


def edit_entry(ledger: Ledger, dice: random.Random) -> Names:
    column, kind = dice.choice(_columns("consent_ledgerentry"))
    position = dice.choice(ledger.positions)
    [(decision,)] = sql("SELECT decision FROM consent_ledgerentry WHERE position = %s", position)
    other = _set("consent_ledgerentry", "position", position, column, kind)
    return {f"entry {position}", f"entry {other}"} | _of(decision) | _of(other)


def edit_seal(ledger: Ledger, dice: random.Random) -> Names:
    column, kind = dice.choice(_columns("consent_seal"))
    number = dice.choice(ledger.seals)
    return {f"seal {number}", f"seal {_set('consent_seal', 'number', number, column, kind)}"}


def edit_snapshot(ledger: Ledger, dice: random.Random) -> Names:
    [(sha256,)] = sql("SELECT sha256 FROM consent_snapshot ORDER BY id LIMIT 1")
    sql("UPDATE consent_snapshot SET content = replace(content, 'Counts', 'Sells') WHERE sha256 = %s", sha256)
    return {f"published configuration {sha256[:12]}"}


def delete_decision(ledger: Ledger, dice: random.Random) -> Names:
    of = dice.choice(ledger.sealed)
    sql("DELETE FROM consent_decision WHERE id = %s", of)
    return _of(of)


def delete_redaction(ledger: Ledger, dice: random.Random) -> Names:
    of = dice.choice(ledger.redacted)
    sql("DELETE FROM consent_redaction WHERE decision = %s", of)
    return _of(of)


def delete_entry(ledger: Ledger, dice: random.Random) -> Names:
    position = dice.choice(ledger.positions)
    [(decision,)] = sql("DELETE FROM consent_ledgerentry WHERE position = %s RETURNING decision", position)
    return {f"entry {position}"} | _of(decision)


def delete_seal(ledger: Ledger, dice: random.Random) -> Names:
    number = dice.choice(ledger.seals)
    sql("DELETE FROM consent_seal WHERE number = %s", number)
    return {f"seal {number}"}


def insert_decision(ledger: Ledger, dice: random.Random) -> Names:
    """A copy of an honest one, by another person, before the last seal or behind it."""
    of, new, seq = dice.choice(ledger.sealed), uuid.UUID(int=dice.getrandbits(128)), dice.choice([-5, 10**9])
    names = [name for name, _kind in _columns("consent_decision", but=("id", "key", "seq"))]
    columns = ", ".join(names)
    copy = f"INSERT INTO consent_decision (id, key, seq, {columns}) SELECT %s, %s, %s, {columns}"
    sql(f"{copy} FROM consent_decision WHERE id = %s", new, new, seq, of)
    return _of(new)


def insert_entry(ledger: Ledger, dice: random.Random) -> Names:
    new, position = uuid.UUID(int=dice.getrandbits(128)), max(ledger.positions) + 1
    values = "VALUES (%s, %s, 'decision', %s, %s, %s)"
    sql(
        f"INSERT INTO consent_ledgerentry (position, seal_id, kind, seq, decision, leaf) {values}",
        *(position, max(ledger.seals), 10**9, new, bytes(32)),
    )
    return {f"entry {position}"} | _of(new)


def insert_seal(ledger: Ledger, dice: random.Random) -> Names:
    number = max(ledger.seals) + 1
    columns = "first, last, up_to, root, previous, sealed_at, key_id, signature"
    copy = f"INSERT INTO consent_seal (number, {columns}) SELECT %s, {columns} FROM consent_seal WHERE number = 1"
    sql(copy, number)
    return {f"seal {number}"}


def forge_redaction(ledger: Ledger, dice: random.Random) -> Names:
    """A decision goes, and the redaction of another is copied to say why."""
    of, like = dice.choice(ledger.sealed), dice.choice(ledger.redacted)
    [(leaf,)] = sql("DELETE FROM consent_decision WHERE id = %s RETURNING leaf", of)
    insert = "INSERT INTO consent_redaction (decision, decision_leaf, why, redacted_at, key_id, leaf)"
    sql(f"{insert} SELECT %s, %s, why, redacted_at, key_id, leaf FROM consent_redaction WHERE decision = %s",
        of, leaf, like)  # fmt: skip
    return _of(of)


def put_back(ledger: Ledger, dice: random.Random) -> Names:
    of = dice.choice(ledger.redacted)
    sql("INSERT INTO consent_decision SELECT (%s::consent_decision).*", ledger.erased[of])
    return _of(of)


def swap_decisions(ledger: Ledger, dice: random.Random) -> Names:
    """Two trade places, choices or leaves."""
    one, other = dice.sample(ledger.sealed, 2)
    column = dice.choice(["seq", "consent_id", "leaf", "key"])
    return _swap("consent_decision", "id", one, other, column) and _of(one) | _of(other)


def swap_entries(ledger: Ledger, dice: random.Random) -> Names:
    one, other = dice.sample(ledger.positions, 2)
    found = sql("SELECT decision FROM consent_ledgerentry WHERE position = ANY(%s)", [one, other])
    _swap("consent_ledgerentry", "position", one, other, dice.choice(["leaf", "seq"]))
    return {f"entry {one}", f"entry {other}"}.union(*(_of(decision) for (decision,) in found))


def _swap(table: str, key: str, one: Any, other: Any, column: str) -> bool:
    """Through a value that none has, where two may not have the same."""
    [(kind,)] = sql(
        "SELECT data_type FROM information_schema.columns WHERE table_name = %s AND column_name = %s", table, column
    )
    values = dict(sql(f"SELECT {key}, {column} FROM {table} WHERE {key} = ANY(%s)", [one, other]))
    update = f"UPDATE {table} SET {column} = %s WHERE {key} = %s"
    sql(update, VALUES[kind][0], one)
    sql(update, values[one], other)
    sql(update, values[other], one)
    return True


def cut_off(ledger: Ledger, dice: random.Random) -> Names:
    """The last seals go, with all that is under them or without; what was erased under them is then missing."""
    kept = dice.randrange(len(ledger.seals))
    gone, erased = "(SELECT {} FROM consent_ledgerentry WHERE seal_id > %s AND kind = %s)", []
    if dice.random() < 0.7:
        sql(f"DELETE FROM consent_decision WHERE id IN {gone.format('decision')}", kept, "decision")
        cut = f"DELETE FROM consent_redaction WHERE seq IN {gone.format('seq')} RETURNING decision"
        erased = sql(cut, kept, "redaction")
        sql("DELETE FROM consent_ledgerentry WHERE seal_id > %s", kept)
    sql("DELETE FROM consent_seal WHERE number > %s", kept)
    return {f"seal {kept + 1}"}.union(*(_of(decision) for (decision,) in erased))


def replace_seal(ledger: Ledger, dice: random.Random) -> Names:
    """By somebody who has the keys too: one choice is changed, and all seals from there on are made anew."""
    of = dice.choice(ledger.sealed)
    sql("UPDATE consent_decision SET locale = 'xx' WHERE id = %s", of)
    body = rows.decisions([of], rows.texts())[of]
    leaf = leaves.of_decision(body)
    sql("UPDATE consent_decision SET leaf = %s WHERE id = %s", leaf, of)
    [(number,)] = sql("UPDATE consent_ledgerentry SET leaf = %s WHERE decision = %s AND kind = 'decision' "
                      "RETURNING seal_id", leaf, of)  # fmt: skip
    previous: Header | None = None
    for seal in Seal.objects.filter(number__gte=number).order_by("number"):
        under = sql("SELECT leaf, decision, seq, kind FROM consent_ledgerentry WHERE seal_id = %s ORDER BY position",
                    seal.number)  # fmt: skip
        seal.root = merkle.root([leaves.entry(*row) for row in under])
        seal.previous = bytes.fromhex(headers.digest(previous)) if previous else seal.previous
        seal.signature = keys.signer(seal.key_id).sign(headers.signed_part(headers.of(seal)))
        seal.save()
        previous = headers.of(seal)
    return {f"seal {number}"}


ACTS: list[Act] = [
    *[edit_decision] * 6,
    *[edit_redaction, edit_entry, edit_seal] * 2,
    *[edit_snapshot, delete_decision, delete_redaction, delete_entry, delete_seal],
    *[insert_decision, insert_entry, insert_seal, forge_redaction, put_back],
    *[swap_decisions, swap_entries, cut_off, replace_seal],
]
