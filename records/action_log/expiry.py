"""How do actions go when their period is over? Whole months with their files, the rest in batches, past any hold."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Q
from psycopg import sql
from psycopg.errors import LockNotAvailable

from records import holds
from records.action_log import partitions
from records.action_log.partitions import TABLE, Partition
from records.models import HeldAction, Hold
from records.retention import Rule

logger = logging.getLogger(__name__)

ACTION = "records.Action"
BATCH = 5000  # rows a transaction
TRIES = 3
PATIENCE = "20s"  # for readers of a month that goes; nobody waits behind it meanwhile
_PAUSE = 0.5  # seconds between two tries
Interval = tuple[datetime | None, datetime | None]
_COPY = """
INSERT INTO {held} (action, at, content, held_at)
SELECT log.id, log.at, to_jsonb(log) - 'id' - 'at', {now} FROM {table} log WHERE {covered}
ON CONFLICT (action) DO NOTHING
"""
_BOUND = "SELECT at FROM {table} WHERE at > {low} AND at <= {high} ORDER BY at LIMIT 1 OFFSET {batch}"
_DELETE = "DELETE FROM {table} WHERE at > {low} AND at <= {high} AND NOT ({covered})"
_COUNT = "SELECT count(*) FROM {table} WHERE at <= {high} AND {covered}"


def expire(rule: Rule, now: datetime) -> tuple[int, int]:
    """Deletes the actions that `rule` says are due at `now` (UTC); returns how many went, and how many were due and
    stay because a hold covers them. A month that is due as a whole goes with its file: of deleted rows alone the bytes
    stay in theirs. Inside a transaction, where no month can be detached, every row goes in a batch."""
    gone = held = 0
    if not connection.in_atomic_block:
        finish()
        for part in [*partitions.attached(), *partitions.loose()]:
            if part.end <= rule.cut_off_at:
                month = _expire_month(part, now)
                gone, held = gone + month[0], held + month[1]
    return gone + _expire_rows(rule, now), held + _held(rule, now)


def release(rule: Rule, now: datetime) -> tuple[int, int]:
    """Deletes the actions that were held and that no hold covers any more; returns how many went and how many stay."""
    with transaction.atomic():
        holds.heed()
        covered = Q(pk__in=[])
        for low, high in _intervals((ACTION, rule.key), now):
            covered |= Q(**({"at__gte": low} if low else {}), **({"at__lte": high} if high else {}), pk__isnull=False)
        rows = HeldAction.objects.exclude(covered)
        return rows._raw_delete(rows.db), HeldAction.objects.filter(covered).count()


def finish() -> None:
    """Ends a detachment that was begun by a worker that is gone: until then no other can begin."""
    for part in partitions.attached():
        if part.pending:
            _detach(part)


def _expire_month(part: Partition, now: datetime) -> tuple[int, int]:
    if not _detach(part):
        return 0, 0
    with transaction.atomic():
        holds.heed()
        held = _run(_COPY, now, table=part.name).rowcount
        whole = _count("SELECT count(*) FROM {table}", now, table=part.name)
        _run("DROP TABLE {table}", now, table=part.name)
    return whole - held, held


def _detach(part: Partition) -> bool:
    """False where readers did not let go of the month in time: the next run goes on from there."""
    for _try in range(TRIES):
        found = next((each for each in partitions.attached() if each.name == part.name), None)
        if found is None:
            return True
        try:
            _alter(found, "FINALIZE" if found.pending else "CONCURRENTLY")
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            time.sleep(_PAUSE)
    logger.warning("%s is still being read: it goes at the next run", part.name)
    return False


def _alter(part: Partition, how: str) -> None:
    statement = sql.SQL("ALTER TABLE {} DETACH PARTITION {} " + how)
    with connection.cursor() as cursor, _patient(cursor):
        cursor.execute(statement.format(sql.Identifier(TABLE), sql.Identifier(part.name)).as_string(cursor.connection))


@contextmanager
def _patient(cursor: Any) -> Iterator[None]:
    cursor.execute("SELECT set_config('lock_timeout', %s, false)", [PATIENCE])
    try:
        yield
    finally:
        cursor.execute("RESET lock_timeout")


def _expire_rows(rule: Rule, now: datetime) -> int:
    """Batch after batch along the index on time; each begins where the last one ended, so that none walks over what
    is already deleted."""
    gone, low = 0, datetime.min.replace(tzinfo=UTC)
    while True:
        with transaction.atomic():
            holds.heed()
            bound = _run(_BOUND, now, low=low, high=rule.cut_off_at).fetchone()
            high = bound[0] if bound else rule.cut_off_at
            gone += _run(_DELETE, now, low=low, high=high).rowcount
        if not bound:
            return gone
        low = high


def _held(rule: Rule, now: datetime) -> int:
    return _count(_COUNT, now, high=rule.cut_off_at) if _intervals((ACTION,), now) else 0


def _run(statement: str, now: datetime, *, table: str = TABLE, **values: datetime) -> Any:
    """The cursor after `statement`; {covered} in it is what a hold covers at `now`."""
    parts = {name: sql.Literal(value) for name, value in {"now": now, **values}.items()}
    whole = sql.SQL(statement).format(
        table=sql.Identifier(table),
        held=sql.Identifier(HeldAction._meta.db_table),
        covered=_covered(now),
        batch=sql.Literal(BATCH - 1),
        **parts,
    )
    cursor = connection.cursor()
    cursor.execute(whole.as_string(cursor.connection))
    return cursor


def _count(statement: str, now: datetime, *, table: str = TABLE, **values: datetime) -> int:
    return int(_run(statement, now, table=table, **values).fetchone()[0])


def _covered(now: datetime) -> sql.Composable:
    each = [
        sql.SQL("(at >= {} AND at <= {})").format(sql.Literal(low or "-infinity"), sql.Literal(high or "infinity"))
        for low, high in _intervals((ACTION,), now)
    ]
    return sql.SQL("(") + sql.SQL(" OR ").join(each) + sql.SQL(")") if each else sql.SQL("false")


def _intervals(keys: Sequence[str], now: datetime) -> list[Interval]:
    """What holds cover, ends included. One of a person's rows covers none: the log cannot be searched for anybody."""
    standing = Hold.objects.standing(now).filter(holding__in=["", *keys], subject=None)
    return list(standing.values_list("rows_from", "rows_to"))
