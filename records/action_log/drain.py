"""How do entries get from the stream and the files into the table, each once, whatever is killed meanwhile?

The rows and the position they were read up to stand in one transaction. One drainer at a time holds the position's row.
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction
from psycopg import sql
from redis.exceptions import RedisError

from records.action_log import hits, partitions, pseudonym, spool, stream
from records.action_log.events import COLUMNS, Event, unpacked
from records.action_log.spool import Kind
from records.models import StreamPosition

logger = logging.getLogger(__name__)

BATCH = 5000  # entries a transaction
STREAM = "stream"
SPOOL = "spool"  # the sum of all files that are done with
# Further away no table is made for an entry: its clock is wrong.
_OLDEST, _AHEAD = relativedelta(years=10), relativedelta(months=partitions.AHEAD)
_COPY = sql.SQL("COPY {} ({}) FROM STDIN").format(
    sql.Identifier(partitions.TABLE), sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
)
_THERE = """
SELECT log.event FROM records_action log
JOIN unnest(%s::timestamptz[], %s::uuid[]) AS entry (at, event) ON log.at = entry.at AND log.event = entry.event
WHERE log.at BETWEEN %s AND %s
"""
Reading = Callable[[bytes], Event]


@dataclass
class Drained:
    """`whole`: nothing waits any more."""

    rows: int = 0
    lost: int = 0
    whole: bool = False

    def add(self, other: "Drained") -> None:
        self.rows, self.lost = self.rows + other.rows, self.lost + other.lost


class Busy(Exception):
    """Another worker drains this source now."""


def drain(*, now: datetime, seconds: float = 60.0) -> Drained:
    """Writes what waits in the stream and in this machine's files, for `seconds` at most."""
    until = time.monotonic() + seconds
    # Taken before the stream is read: what they hold may stand in it, and must be in the table by then.
    doubtful = spool.take(Kind.AGAIN)
    done = _drain_stream(now, until)
    files = spool.take(Kind.EVENTS, Kind.LOST)
    for path in [*files, *(doubtful if done.whole else [])]:
        if time.monotonic() < until:
            done.add(_drain_file(path, now=now))
    _drain_hits(done, now, until)
    return done


def _drain_hits(done: Drained, now: datetime, until: float) -> None:
    files = hits.take(now=now)
    if files:
        pseudonym.prepare(now=now)  # before any transaction: pages wait for whoever makes the salt of a day
    for path in files:
        if time.monotonic() < until:
            done.add(_drain_file(path, now=now, read=lambda raw: hits.read(raw, now=now)))


def _drain_stream(now: datetime, until: float) -> Drained:
    done = Drained()
    try:
        with stream.Reader() as reader:
            while time.monotonic() < until:
                count = _drain_entries(reader, done, now)
                if count < BATCH:
                    done.whole = True
                    break
    except RedisError as error:
        logger.warning("the action log's stream is away (%s): its entries wait", type(error).__name__)
    except Busy:
        pass
    return done


def _drain_entries(reader: stream.Reader, done: Drained, now: datetime) -> int:
    """One batch; returns how many entries were read."""
    with transaction.atomic():
        row = _locked(STREAM, now)
        entries = reader.first(BATCH)
        known = stream.drained(entries, row.position)
        raws = [raw for _key, raw in entries]
        written = _write(raws[:known], now, only_missing=True)
        written.add(_write(raws[known:], now))
        if entries:
            keys = [key for key, _raw in entries]
            row.position = max([row.position, *keys], key=stream.place)
            _move(row, written, now)
    reader.delete([key for key, _raw in entries])
    done.add(written)
    return len(entries)


def _locked(source: str, now: datetime) -> StreamPosition:
    """The row that says how far `source` was read, held until the transaction ends. Raises Busy."""
    rows = StreamPosition.objects.filter(source=source)
    row = rows.select_for_update(skip_locked=True).first()
    if row is None and not rows.exists():
        StreamPosition.objects.bulk_create(
            [StreamPosition(source=source, position="", moved_at=now)], ignore_conflicts=True
        )
        row = rows.select_for_update(skip_locked=True).first()
    if row is None:
        raise Busy(source)
    return row


def _move(row: StreamPosition, written: Drained, now: datetime) -> None:
    row.rows, row.lost, row.moved_at = row.rows + written.rows, row.lost + written.lost, now
    row.save(update_fields=["position", "rows", "lost", "moved_at"])


def _drain_file(path: Path, *, now: datetime, read: Reading = unpacked) -> Drained:
    """The whole of it; then it is gone. Nothing where another worker is at it."""
    done = Drained()
    try:
        while _drain_lines(path, done, now, read):
            pass
        path.unlink(missing_ok=True)
        _forget(f"file:{path.name}", now)
    except (Busy, FileNotFoundError):  # or was, and has finished
        pass
    return done


def _drain_lines(path: Path, done: Drained, now: datetime, read: Reading) -> int:
    with transaction.atomic():
        row = _locked(f"file:{path.name}", now)
        start = int(row.position or 0)
        lines: list[bytes] = []
        if path.suffix == f".{Kind.LOST}":
            end = path.stat().st_size
            written = Drained(lost=end - start)
        else:
            lines, end = spool.lines(path, start=start, most=BATCH)
            written = _write(lines, now, only_missing=path.suffix == f".{Kind.AGAIN}", read=read)
        row.position = str(end)
        _move(row, written, now)
    done.add(written)
    return len(lines)


def _forget(source: str, now: datetime) -> None:
    """Adds a file that is done with to the sum of all."""
    with transaction.atomic():
        row = _locked(source, now)
        whole = _locked(SPOOL, now)
        _move(whole, Drained(row.rows, row.lost), now)
        row.delete()


def _write(raws: Sequence[bytes], now: datetime, *, only_missing: bool = False, read: Reading = unpacked) -> Drained:
    """Into the table, within the caller's transaction. What cannot be read or fits no month is lost, and counted."""
    span = now - _OLDEST, now + _AHEAD
    found = [event for raw in raws if (event := _read(raw, read, span))]
    lost = len(raws) - len(found)
    if lost:
        logger.error("%s entries of the action log could not be read", lost)
    if only_missing:
        found = _missing(found)
    if found:
        _make_room(found, now)
        with connection.cursor() as cursor, cursor.copy(_COPY.as_string(cursor.connection)) as copy:
            for event in found:
                copy.write_row(event)
    return Drained(len(found), lost)


def _read(raw: bytes, read: Reading, span: tuple[datetime, datetime]) -> Event | None:
    try:
        event = read(raw)
    except ValueError:
        return None
    return event if span[0] < event.at < span[1] else None


def _missing(events: Iterable[Event]) -> list[Event]:
    """Those that are not in the table yet, each once."""
    by_id = {event.event: event for event in events}
    if not by_id:
        return []
    times = [event.at for event in by_id.values()]
    with connection.cursor() as cursor:
        cursor.execute(_THERE, [times, list(by_id), min(times), max(times)])
        for (there,) in cursor.fetchall():
            by_id.pop(there, None)
    return list(by_id.values())


def _make_room(events: Iterable[Event], now: datetime) -> None:
    """What waited for long may be of a month that has no table any more."""
    months = {partitions.month_of(event.at) for event in events}
    if months - {part.month for part in partitions.attached() if not part.pending}:
        partitions.ensure(now=now, months=months)
