"""Where does a demo still hold a word? Every table of its database, every key of its Valkey, every file it wrote."""

import base64
import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import redis
from psycopg import sql

from tests.journeys.demo import Demo

# The mailboxes are the readers' own; the database is looked through as a dump, not as its files.
NOT_OURS = {"outbox"}
ENTRIES = "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' \
AND c.relkind = 'r' ORDER BY 1"


def address_of(demo: Demo, name: str) -> str:
    lines = (demo.home / "addresses.env").read_text(encoding="utf-8").splitlines()
    [value] = [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")]
    return value


def found(demo: Demo, marks: Iterable[str]) -> list[str]:
    """Where any of `marks` stands, in whatever case, as text, as hexadecimal digits or in base64."""
    wanted = [mark.lower().encode() for mark in marks]
    places = [*_tables(demo), *_keys(demo), *_files(demo)]
    assert len(places) > 100, "the search sees too little to find anything"
    return [place for place, content in places if any(mark in said for said in _spelt(content) for mark in wanted)]


def _spelt(content: bytes) -> Iterator[bytes]:
    lowered = content.lower()
    yield lowered
    with contextlib.suppress(ValueError):
        yield bytes.fromhex(lowered.decode("ascii", "ignore").replace("\\\\x", "").replace("\n", "").replace("\t", ""))
    for word in content.split():
        if len(word) > 40:
            with contextlib.suppress(ValueError):
                yield base64.b64decode(word.strip(b'",:{}[]'), validate=True).lower()


def _tables(demo: Demo) -> Iterator[tuple[str, bytes]]:
    with psycopg.connect(address_of(demo, "DATABASE_URL")) as connection:
        for (table,) in connection.execute(ENTRIES).fetchall():
            for number, row in enumerate(_rows(connection, table)):
                yield f"table {table}, line {number}", row


def _rows(connection: psycopg.Connection[Any], table: str) -> Iterator[bytes]:
    """As `pg_dump` writes them; a bytea stands in hexadecimal digits."""
    statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor().copy(statement) as copy:
        for line in copy:
            row = bytes(line)
            yield row
            for cell in row.strip().split(b"\t"):
                if cell.startswith(b"\\\\x"):
                    yield bytes.fromhex(cell[3:].decode())


def _keys(demo: Demo) -> Iterator[tuple[str, bytes]]:
    with redis.Redis.from_url(address_of(demo, "REDIS_URL")) as valkey:
        for key in valkey.scan_iter(count=1000):
            yield f"key {key!r}", key + b"\n" + b"\n".join(_values(valkey, key))


def _values(valkey: Any, key: bytes) -> list[bytes]:
    readers = {
        b"string": lambda: [valkey.get(key) or b""],
        b"list": lambda: valkey.lrange(key, 0, -1),
        b"set": lambda: list(valkey.smembers(key)),
        b"zset": lambda: valkey.zrange(key, 0, -1),
        b"hash": lambda: [part for pair in valkey.hgetall(key).items() for part in pair],
        b"stream": lambda: [part for _id, entry in valkey.xrange(key) for pair in entry.items() for part in pair],
    }
    kind = valkey.type(key)
    return readers[kind]() if kind in readers else []


def _files(demo: Demo) -> Iterator[tuple[str, bytes]]:
    """All that the demo's processes wrote: logs, spools, journals, uploads. Also what it said on the terminal."""
    for file in [demo.home.parent / "said.txt", *sorted(demo.home.rglob("*"))]:
        inside = set(file.relative_to(demo.home.parent).parts)
        if file.is_file() and not inside & NOT_OURS and not _is_of_an_engine(file):
            yield f"file {file.name}", file.read_bytes()


def _is_of_an_engine(file: Path) -> bool:
    return any((parent / "PG_VERSION").exists() for parent in file.parents)
