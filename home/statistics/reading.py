"""What do the sums of days say of a longer time? They are added up as they are told, so that nothing more is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import models
from django.db.models import Count, Max, Min, Q, QuerySet

from home.models import Tally
from home.statistics.periods import Period, Unit
from home.statistics.rolling import OTHER

Of = Tally.Of


@dataclass(frozen=True)
class Sum:
    """`visitors` are those of each day, added up: who comes on two days counts twice. None where every day had fewer
    than five; `few` is the number of such days, which are not in the sums."""

    visitors: int | None = 0
    views: int | None = 0
    few: int = 0
    days: int = 0  # that were counted at all


class State(NamedTuple):
    """From when to when there are sums (None: there are none), and since which day they may still change."""

    first: date | None
    last: date | None
    open_since: date | None


def state() -> State:
    whole = Tally.objects.filter(of=Of.ALL)
    open_since = whole.filter(final=False).aggregate(day=Min("day"))["day"]
    return State(**whole.aggregate(first=Min("day"), last=Max("day")), open_since=open_since)


def total(period: Period) -> Sum:
    return _sum(_rows(period, Of.ALL))


def over_time(period: Period, unit: Unit) -> list[tuple[date, Sum]]:
    """For each day, week or month, named by its first day, also where nothing is known of it."""
    found: dict[date, list[Tally]] = {start: [] for start in period.starts(unit)}
    for row in _rows(period, Of.ALL):
        found[unit.start(row.day)].append(row)
    return [(start, _sum(rows)) for start, rows in found.items()]


def by_value(period: Period, of: str) -> list[tuple[str, Sum]]:
    """Of one question: the values with most visitors first, what is not told by name last."""
    counted = (
        _rows(period, of)
        .order_by()
        .values_list("value")
        .annotate(
            total_visitors=models.Sum("visitors"),
            total_views=models.Sum("views"),
            few=Count("pk", filter=Q(visitors=None)),
            days=Count("pk"),
        )
    )
    sums = [(value, Sum(visitors, views, few, days)) for value, visitors, views, few, days in counted]
    return sorted(sums, key=lambda pair: (pair[0] == OTHER, -(pair[1].visitors or 0), pair[0]))


def _rows(period: Period, of: str) -> QuerySet[Tally]:
    return Tally.objects.filter(of=of, day__range=(period.since, period.until)).order_by("day")


def _sum(rows: Iterable[Tally]) -> Sum:
    rows = list(rows)
    told = [row for row in rows if row.visitors is not None and row.views is not None]
    few = len(rows) - len(told)
    if rows and not told:
        return Sum(None, None, few, few)
    return Sum(sum(row.visitors or 0 for row in told), sum(row.views or 0 for row in told), few, len(rows))
