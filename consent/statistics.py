"""How often was the banner shown, and what did people decide about it? Sums that name nobody.

A decision whose body was erased is counted no longer: what it said is gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Count, DateField, F, Q, QuerySet, Sum
from django.db.models.functions import Trunc
from django.utils import timezone

from consent.models import Decision, Showing

FEW = 5  # people; of fewer, nobody could say that theirs is not the one choice that was counted
USUAL = timedelta(days=90)
LONGEST = timedelta(days=731)
ACTIONS: tuple[str, ...] = tuple(Decision.Action.values)
ANSWERS = ("yes", "no")


class Unit(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Veil(StrEnum):
    """Why the counts of a row are not told."""

    FEW = "few"  # fewer than five decisions
    BESIDE = "beside"  # it is the one row that a hidden row could be reckoned from


@dataclass(frozen=True)
class Asked:
    """Which decisions about cookies and services are counted: from one day to another, both in the site's time zone and
    both included; of one site, one published configuration (by id) or one language, where one is named."""

    since: date
    until: date
    site: int | None = None
    snapshot: int | None = None
    language: str = ""


@dataclass(frozen=True)
class Row:
    """One line of a table. `shown` is None where showings are not told apart; hidden counts are not there at all."""

    name: Any
    counts: Mapping[str, int]
    shown: int | None = None
    veil: Veil | None = None

    @property
    def made(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Totals:
    row: Row
    answered: int | None  # in the banner itself
    gpc: int | None  # sent by a browser with Global Privacy Control
    heard: int | None  # sent by a browser that was heard about it

    @property
    def unanswered(self) -> int | None:
        """Visits that were shown the banner and went on without answering it there."""
        return None if self.answered is None else max(0, (self.row.shown or 0) - self.answered)


def days(since: date | None, until: date | None, today: date) -> tuple[date, date]:
    """The first and the last day to count, from what was asked: 90 days by default, two years at most, none to come."""
    last = min(until or today, today)
    first = min(since or last - USUAL, last)
    return max(first, last - LONGEST), last


def count_showing(*, snapshot: int, language: str, now: datetime) -> None:
    """One visit saw the banner of a snapshot (by id). One statement, whatever else counts at the same moment."""
    table = Showing._meta.db_table
    statement = (
        f"INSERT INTO {table} (day, snapshot_id, locale, count) VALUES (%s, %s, %s, 1) "  # noqa: S608 - a constant
        f"ON CONFLICT (snapshot_id, day, locale) DO UPDATE SET count = {table}.count + 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [now.astimezone(_zone()).date(), snapshot, language])


def totals(asked: Asked) -> Totals:
    counted: dict[str, Count] = {action: Count("pk", filter=Q(action=action)) for action in ACTIONS}
    counted["answered"] = Count("pk", filter=Q(source=Decision.Source.BANNER))
    counted["with_signal"] = Count("pk", filter=Q(gpc=True))
    counted["heard"] = Count("pk", filter=Q(gpc__isnull=False))
    made = _decisions(asked).aggregate(**counted)
    shown = _showings(asked).aggregate(shown=Sum("count"))["shown"] or 0
    [row] = veiled([Row("", {action: made[action] for action in ACTIONS}, shown)])
    if row.veil:
        return Totals(row, None, None, None)
    return Totals(row, made["answered"], made["with_signal"], made["heard"])


def over_time(asked: Asked, unit: Unit) -> list[Row]:
    """A row for every day, week (from its Monday) or month, named by its first day, also where nothing happened."""
    made = _by_action(asked, Trunc("decided_at", unit, tzinfo=_zone(), output_field=DateField()))
    shown = _shown(asked, Trunc("day", unit, output_field=DateField()))
    names = _starts(asked, unit)
    return veiled([Row(name, made.get(name, {}), shown.get(name, 0)) for name in names])


def by_language(asked: Asked) -> list[Row]:
    made, shown = _by_action(asked, F("locale")), _shown(asked, F("locale"))
    return veiled([Row(name, made.get(name, {}), shown.get(name, 0)) for name in sorted({*made, *shown})])


def by_snapshot(asked: Asked) -> list[Row]:
    """The newest first, each named by its id."""
    made, shown = _by_action(asked, F("snapshot")), _shown(asked, F("snapshot"))
    names = sorted({*made, *shown}, reverse=True)
    return veiled([Row(name, made.get(name, {}), shown.get(name, 0)) for name in names])


def by_source(asked: Asked) -> list[Row]:
    return veiled([Row(name, counts) for name, counts in sorted(_by_action(asked, F("source")).items())])


def per_group(asked: Asked) -> list[Row]:
    return _answers(asked, "choices")


def per_service(asked: Asked) -> list[Row]:
    return _answers(asked, "services")


def veiled(rows: Sequence[Row]) -> list[Row]:
    """Rows of which each decision is in one alone. The counts of fewer than five decisions go, and where only they did,
    so that everything else tells them, those of the next smallest row as well."""
    told = [replace(row, counts={}, veil=Veil.FEW) if 0 < row.made < FEW else row for row in rows]
    hidden = sum(row.made for row, shown in zip(rows, told, strict=True) if shown.veil)
    beside = min((row for row in told if row.made), key=lambda row: row.made, default=None)
    if 0 < hidden < FEW and beside:
        told[told.index(beside)] = replace(beside, counts={}, veil=Veil.BESIDE)
    return told


def _zone() -> Any:
    """The site's own: an editor's travels move no decision to another day."""
    return timezone.get_default_timezone()


def _instant(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=_zone()).astimezone(UTC)


def _decisions(asked: Asked) -> QuerySet[Decision]:
    found = Decision.objects.filter(
        snapshot__isnull=False,
        decided_at__gte=_instant(asked.since),
        decided_at__lt=_instant(asked.until + timedelta(days=1)),
    )
    return found.filter(**_narrowed(asked))


def _showings(asked: Asked) -> QuerySet[Showing]:
    return Showing.objects.filter(day__range=(asked.since, asked.until), **_narrowed(asked))


def _narrowed(asked: Asked) -> dict[str, Any]:
    wanted = {"snapshot__site_id": asked.site, "snapshot_id": asked.snapshot, "locale": asked.language}
    return {name: value for name, value in wanted.items() if value}


def _by_action(asked: Asked, name: Any) -> dict[Any, dict[str, int]]:
    """By `name`, an expression over decisions: how many of each action, all four named."""
    found: dict[Any, dict[str, int]] = {}
    rows = _decisions(asked).values_list(name, "action").annotate(made=Count("pk")).order_by()
    for called, action, made in rows:
        found.setdefault(called, dict.fromkeys(ACTIONS, 0))[action] = made
    return found


def _shown(asked: Asked, name: Any) -> dict[Any, int]:
    return dict(_showings(asked).values_list(name).annotate(shown=Sum("count")).order_by())


def _answers(asked: Asked, column: str) -> list[Row]:
    """Yes and no for each name in a column of answers; whoever was not asked about one is not counted there.

    Every name has decisions of its own, so nothing tells a hidden row.
    """
    inner, values = _decisions(asked).values(said=F(column)).query.sql_with_params()
    statement = (
        "SELECT answer.key, count(*) FILTER (WHERE answer.value = 'true'), "  # noqa: S608 - Django's own SQL inside
        "count(*) FILTER (WHERE answer.value = 'false') "
        f"FROM ({inner}) AS made CROSS JOIN LATERAL jsonb_each_text(made.said) AS answer GROUP BY 1 ORDER BY 1"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = [Row(name, dict(zip(ANSWERS, counts, strict=True))) for name, *counts in cursor.fetchall()]
    return [replace(row, counts={}, veil=Veil.FEW) if row.made < FEW else row for row in rows]


def _starts(asked: Asked, unit: Unit) -> list[date]:
    """The first day of each day, week or month in which something may have been counted."""
    every = (asked.since + timedelta(days=passed) for passed in range((asked.until - asked.since).days + 1))
    return list(dict.fromkeys(_start(day, unit) for day in every))


def _start(day: date, unit: Unit) -> date:
    if unit is Unit.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if unit is Unit.WEEK else day
