"""Visitors for tests of statistics: rows of the action log, and what is told of them."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from home.models import Tally
from records.action_log import partitions
from records.models import Action
from tests.records.acting import event

DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=1)  # when the day is final


def months(*days: date) -> None:
    """Tables of the log for these days and those after NOON."""
    partitions.ensure(now=NOON, months=[day.replace(day=1) for day in days])


def pseudonym(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()[:16]


def saw(number: int | None, path: str = "/", at: datetime = NOON, **values: Any) -> Action:
    """One page view of a visitor, to be written; of a browser that says GPC where there is no number."""
    said = {"status": 200, "method": "GET", "browser": "Firefox 140", "system": "Linux", "device": "computer"}
    said |= {"language": "en", **values}
    visitor = None if number is None else pseudonym(number)
    return Action(**event(at, path=path, visitor=visitor, **said)._asdict())


def write(rows: Iterable[Action]) -> None:
    Action.objects.bulk_create(rows)


def crowd(count: int, path: str = "/", *, first: int = 0, **values: Any) -> None:
    """So many visitors, one page view each."""
    write(saw(first + number, path, **values) for number in range(count))


def told(of: str, day: date = DAY) -> dict[str, tuple[int | None, int | None]]:
    """By value: visitors and views."""
    rows = Tally.objects.filter(of=of, day=day)
    return {row.value: (row.visitors, row.views) for row in rows}
