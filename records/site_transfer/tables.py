"""Which tables make up the site, and how do their rows leave and enter the database as text, the same everywhere?"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

# Who is signed in where, and by which telephone, is nobody's to hand over: people set up their second step anew. The
# migrations of the new site are its own.
SECOND_STEPS = {"two_factor_authenticator", "two_factor_recoverycode"}
LEFT_OUT = frozenset({"django_session", "django_migrations", *SECOND_STEPS})
PEOPLE = "records_subjectkey"
Rewrite = Callable[[list[bytes]], list[bytes]]  # of the cells of a line
# So that one value is one text, whatever the server is set to.
_PLAIN = "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1;" + (
    "SET LOCAL bytea_output = 'hex'; SET LOCAL intervalstyle = 'postgres'"
)
_COLUMNS = """
SELECT a.attname, a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'bpchar'::regtype),
    array_position(k.indkey::smallint[], a.attnum)
FROM pg_attribute a LEFT JOIN pg_index k ON k.indrelid = a.attrelid AND k.indisprimary
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum
"""
_PARTITIONS = """
SELECT parent.relname, child.relname, pg_get_expr(child.relpartbound, child.oid)
FROM pg_inherits JOIN pg_class parent ON parent.oid = inhparent JOIN pg_class child ON child.oid = inhrelid
WHERE parent.relkind = 'p' AND parent.relnamespace = current_schema()::regnamespace ORDER BY child.relname
"""
# A sequence by the column it numbers, or by its own name where it belongs to none.
_SEQUENCES = """
SELECT s.sequencename, coalesce(t.relname, ''), coalesce(a.attname, ''), s.last_value FROM pg_sequences s
JOIN pg_class c ON c.relname = s.sequencename AND c.relnamespace = s.schemaname::regnamespace
LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    AND d.refobjsubid > 0
LEFT JOIN pg_class t ON t.oid = d.refobjid LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE s.schemaname = current_schema() AND s.last_value IS NOT NULL ORDER BY 1
"""


@dataclass
class Part:
    """What was read or written of something: its hash (SHA-256), bytes, and lines."""

    sha256: str = ""
    size: int = 0
    rows: int = 0


class Counted:
    """Counts and hashes what passes."""

    def __init__(self) -> None:
        self._digest, self._part = hashlib.sha256(), Part()

    def take(self, data: bytes | memoryview) -> None:
        self._digest.update(data)
        self._part.size += len(data)
        self._part.rows += bytes(data).count(b"\n")

    @property
    def part(self) -> Part:
        return Part(self._digest.hexdigest(), self._part.size, self._part.rows)


def plainly(cursor: Any) -> None:
    """Until the transaction ends, every value reads as in an archive."""
    cursor.execute(_PLAIN)


def names(database: BaseDatabaseWrapper) -> list[str]:
    """Every table that goes along."""
    return sorted(set(database.introspection.django_table_names(only_existing=True)) - LEFT_OUT)


def columns(cursor: Any, table: str) -> list[tuple[str, bool, int | None]]:
    """Name, whether it is text, and its place in the primary key."""
    cursor.execute(_COLUMNS, [f'"{table}"'])
    return [tuple(row) for row in cursor.fetchall()]


def read(
    cursor: Any, table: str, *, named: Iterable[str] = (), rewrite: Rewrite | None = None
) -> Iterator[bytes | memoryview]:
    """The rows of a table in the order of their keys, as lines of PostgreSQL's COPY; block after block. `named` gives
    the columns an order of its own."""
    found = columns(cursor, table)
    chosen = list(named) or [name for name, _text, _place in found]
    keys = sorted((place, name, text) for name, text, place in found if place is not None)
    # Another server may sort letters otherwise.
    order = [
        sql.SQL("{} COLLATE {}").format(sql.Identifier(name), sql.Identifier("C")) if text else sql.Identifier(name)
        for _place, name, text in keys
    ]
    statement = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT").format(
        sql.SQL(", ").join([sql.Identifier(name) for name in chosen]),
        sql.Identifier(table),
        sql.SQL(", ").join(order),
    )
    with cursor.copy(statement) as lines:
        for block in lines:
            yield _rewritten(bytes(block), rewrite) if rewrite else block


def _rewritten(lines: bytes, rewrite: Rewrite) -> bytes:
    """The server sends whole rows at a time."""
    return b"".join(b"\t".join(rewrite(line.split(b"\t"))) + b"\n" for line in lines.splitlines())


def write(cursor: Any, table: str, named: Iterable[str], blocks: Iterable[bytes]) -> None:
    """Puts such lines into a table."""
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(sql.Identifier(name) for name in named)
    )
    with cursor.copy(statement) as lines:
        for block in blocks:
            lines.write(block)


def migrations(cursor: Any) -> list[list[str]]:
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
    return sorted([app, name] for app, name in cursor.fetchall())


def partitions(cursor: Any) -> list[list[str]]:
    """Table, partition, and its bounds in SQL."""
    cursor.execute(_PARTITIONS)
    return [list(row) for row in cursor.fetchall()]


def make_partitions(cursor: Any, wanted: Iterable[Iterable[str]]) -> None:
    """Those that are missing. Their bounds come from an archive that was opened with its passphrase."""
    there = {tuple(row[:2]) for row in partitions(cursor)}
    for parent, child, bounds in wanted:
        if (parent, child) not in there:
            statement = sql.SQL("CREATE TABLE {} PARTITION OF {} {}")
            cursor.execute(statement.format(sql.Identifier(child), sql.Identifier(parent), sql.SQL(bounds)))


def sequences(cursor: Any) -> list[list[Any]]:
    cursor.execute(_SEQUENCES)
    return [list(row) for row in cursor.fetchall() if row[1] not in LEFT_OUT]


def set_sequences(cursor: Any, wanted: Iterable[Iterable[Any]]) -> None:
    for name, table, column, value in wanted:
        if column:
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [f'"{table}"', column, value])
        else:
            cursor.execute("SELECT setval(%s::regclass, %s)", [f'"{name}"', value])


def filled(cursor: Any) -> list[str]:
    """Tables with a row in them."""
    found = []
    for table in names(connection):
        cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table)))
        if cursor.fetchone()[0]:
            found.append(table)
    return found
