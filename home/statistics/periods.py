"""Which days are looked at, and which days of before are they compared with? Days are those of UTC."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

LONGEST = 1096  # days: three years
_DAYS, _WEEKS = 92, 400  # up to so many days, a bar stands for a day, or for a week


class Unit(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def start(self, day: date) -> date:
        """The first day of the day, week (from its Monday) or month of `day`."""
        if self is Unit.MONTH:
            return day.replace(day=1)
        return day - timedelta(days=day.weekday()) if self is Unit.WEEK else day


@dataclass(frozen=True)
class Period:
    """From one day to another, both included. Raises ValueError for more than LONGEST days, and for none."""

    since: date
    until: date

    def __post_init__(self) -> None:
        if not 1 <= self.days <= LONGEST:
            raise ValueError(f"{self.since} to {self.until} is no period of 1 to {LONGEST} days.")

    @classmethod
    def last(cls, days: int, *, until: date) -> "Period":
        return cls(until - timedelta(days=days - 1), until)

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def before(self) -> "Period":
        """As many days, up to the day before the first."""
        return Period.last(self.days, until=self.since - timedelta(days=1))

    @property
    def start(self) -> datetime:
        return datetime.combine(self.since, time(), UTC)

    @property
    def end(self) -> datetime:
        """The first instant that is not in it."""
        return datetime.combine(self.until, time(), UTC) + timedelta(days=1)

    @property
    def unit(self) -> Unit:
        """Of its bars, so that they have room."""
        if self.days <= _DAYS:
            return Unit.DAY
        return Unit.WEEK if self.days <= _WEEKS else Unit.MONTH

    def starts(self, unit: Unit) -> list[date]:
        """The first day of each day, week or month that it touches."""
        return list(dict.fromkeys(map(unit.start, self._each())))

    def _each(self) -> Iterator[date]:
        return (self.since + timedelta(days=passed) for passed in range(self.days))
