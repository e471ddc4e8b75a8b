"""Which instant does somebody mean who writes a day, or a day and a time?"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime


def end_of(day: date) -> datetime:
    """The last instant of `day` in the site's time zone: what takes force or falls due on a day counts as of it."""
    next_day = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return next_day - timedelta(microseconds=1)


def read(said: str) -> datetime | None:
    """The end of a day, "2026-03-01", or the very instant of a date-time with an offset; None for anything else."""
    try:
        return _end_of_day(said) or _instant(said)
    except ValueError:
        return None


def _end_of_day(said: str) -> datetime | None:
    """A day is tried first: for a date-time parser it is a midnight."""
    day = parse_date(said)
    return end_of(day) if day and _in_range(day.year) else None


def _instant(said: str) -> datetime | None:
    instant = parse_datetime(said)
    return instant if instant and instant.tzinfo and _in_range(instant.year) else None


def _in_range(year: int) -> bool:
    """Room for every zone's offset at both ends of the calendar."""
    return 1900 < year < 9999
