"""Which months does the action log have a table for? One each, made before anything of that month arrives."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from django.db import connection, transaction
from psycopg import sql

TABLE = "records_action"
AHEAD = 3  # months, beside the one that runs
_ONE_MAKER = 0x6163_7469  # number of an advisory lock
_MONTH = relativedelta(months=1)
_ATTACHED = """
SELECT part.relname, link.inhdetachpending
FROM pg_inherits link JOIN pg_class part ON part.oid = link.inhrelid
WHERE link.inhparent = %s::regclass ORDER BY part.relname
"""
_LOOSE = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND NOT relispartition AND relnamespace = current_schema()::regnamespace
  AND relname ~ %s ORDER BY relname
"""


class Partition(NamedTuple):
    """The table of one month. `pending`: a detachment was begun and not ended."""

    name: str
    month: date
    pending: bool = False

    @property
    def start(self) -> datetime:
        return datetime.combine(self.month, time(), UTC)

    @property
    def end(self) -> datetime:
        """The first instant that is not in it."""
        return self.start + _MONTH


def of(month: date) -> Partition:
    return Partition(f"{TABLE}_{month:%Y_%m}", month)


def month_of(at: datetime) -> date:
    return at.astimezone(UTC).date().replace(day=1)


def attached() -> list[Partition]:
    """Those of the log, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_ATTACHED, [TABLE])
        return [Partition(name, _month_in(name), pending) for name, pending in cursor.fetchall()]


def loose() -> list[Partition]:
    """Those that were detached and are still there, or made and not attached."""
    with connection.cursor() as cursor:
        cursor.execute(_LOOSE, [rf"^{TABLE}_\d{{4}}_\d\d$"])
        return [Partition(name, _month_in(name)) for (name,) in cursor.fetchall()]


def _month_in(name: str) -> date:
    year, month = name.removeprefix(f"{TABLE}_").split("_")
    return date(int(year), int(month), 1)


def wanted(*, now: datetime) -> list[date]:
    """The month of `now` (UTC) and those made ahead."""
    return [month_of(now) + number * _MONTH for number in range(AHEAD + 1)]


def missing(*, now: datetime) -> list[date]:
    """Months of `wanted` without a table: what arrives of them could not be written."""
    there = {partition.month for partition in attached()}
    return [month for month in wanted(now=now) if month not in there]


def ensure(*, now: datetime, months: Iterable[date] = ()) -> list[str]:
    """Makes the tables that are missing of the month of `now` (UTC), the three after it, and `months`; returns their
    names. Nobody who reads or writes the log waits: a table is made apart and then attached."""
    made = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_MAKER])
        there = {partition.month for partition in attached()}
        for month in sorted({*wanted(now=now), *months} - there):
            part = of(month)
            for statement in _making(part):
                cursor.execute(statement.as_string(cursor.connection))
            made.append(part.name)
    return made


def _making(part: Partition) -> list[sql.Composed]:
    name, parent = sql.Identifier(part.name), sql.Identifier(TABLE)
    make = sql.SQL("CREATE TABLE IF NOT EXISTS {} (LIKE {} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    attach = sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})")
    bounds = (sql.Literal(part.start.isoformat()), sql.Literal(part.end.isoformat()))
    return [make.format(name, parent), attach.format(parent, name, *bounds)]
