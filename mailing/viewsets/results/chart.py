"""How are a campaign's messages drawn: one bar by state, and bars of minutes by provider?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from mailing.addresses import Provider
from mailing.models import Delivery
from records import drawing
from records.drawing import Bars

State = Delivery.State
WIDTH = 1000  # units of the bar by state
BARS = 60  # at most so many
SPANS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 10_080]  # minutes of a bar


@dataclass(frozen=True)
class Segment:
    state: State
    count: int
    percent: str
    x: int
    width: int


def bar(states: dict[State, int]) -> list[Segment]:
    """One bar of WIDTH units, cut by state. Each piece is at least two units wide, so that none goes unseen."""
    total, x, found = sum(states.values()), 0, []
    for state, count in states.items():
        width = max(round(count / total * WIDTH), 2)
        found.append(Segment(state, count, percent(count, total), x, width))
        x += width
    return found


def percent(count: int, total: int) -> str:
    """ "12", "0.3" or "under 0.1" as a reader rounds it; never 100 while something is missing."""
    share = count / total * 100 if total else 0
    if share >= 10 or not count:
        return str(int(share))
    return f"{share:.1f}" if share >= 0.1 else "<0.1"


@dataclass(frozen=True)
class Chart(Bars):
    minutes: int  # of one bar


def chart(minutes: list[tuple[datetime, dict[Provider, int]]]) -> Chart | None:
    """Bars of as many minutes as it takes for all to have room; None without a message."""
    if not minutes:
        return None
    span = _span(minutes[0][0], minutes[-1][0])
    days = timezone.localtime(minutes[0][0]).date() != timezone.localtime(minutes[-1][0]).date()
    rows = [(_label(at, days), counts) for at, counts in _summed(minutes, span).items()]
    return Chart(**vars(drawing.bars(rows, list(Provider), wide=days)), minutes=span)


def _span(first: datetime, last: datetime) -> int:
    minutes = (last - first) // timedelta(minutes=1) + 1
    return next((span for span in SPANS if minutes / span <= BARS - 1), SPANS[-1])


def _summed(minutes: Iterable[tuple[datetime, dict[Provider, int]]], span: int) -> dict[datetime, dict[Provider, int]]:
    """The sums of each span, those in which nothing left included; at most BARS of them."""
    found: dict[datetime, dict[Provider, int]] = {}
    for at, counts in minutes:
        place = _floor(at, span)
        while found and (last := next(reversed(found))) < place and len(found) < BARS:
            found[last + timedelta(minutes=span)] = {}
        if place not in found and len(found) == BARS:
            break
        sums = found.setdefault(place, {})
        for provider, count in counts.items():
            sums[provider] = sums.get(provider, 0) + count
    return found


def _floor(at: datetime, span: int) -> datetime:
    return datetime.fromtimestamp(at.timestamp() // (span * 60) * span * 60, tz=UTC)


def _label(at: datetime, days: bool) -> str:
    """`days`: is a time of day not enough?"""
    return date_format(timezone.localtime(at), "j M H:i" if days else "H:i")
