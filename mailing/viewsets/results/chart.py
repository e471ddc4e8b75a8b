"""Where does each bar of a chart stand? Whole numbers for SVG attributes; what they mean stands in tables beside."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from mailing.addresses import Provider
from mailing.models import Delivery

State = Delivery.State
WIDTH = 1000  # units of the bar by state
BARS, HEIGHT = 60, 160  # at most so many bars; units of the tallest
ROOM, WIDEST = 720, 36  # units for all bars, and at most for one
LEFT, TOP = 48, 8  # units beside and above, for the numbers
APART = 72  # units that a time of day needs below
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
class Piece:
    provider: Provider
    count: int
    y: int
    height: int


@dataclass(frozen=True)
class Bar:
    at: datetime
    label: str
    counts: list[int]  # in the order of Provider
    total: int
    x: int
    pieces: list[Piece]


@dataclass(frozen=True)
class Chart:
    minutes: int  # of one bar
    bars: list[Bar]
    most: int
    lines: list[tuple[int, int, int]]  # number, height of its line, height of its text
    days: bool  # is a time of day not enough?

    width = LEFT + ROOM

    @property
    def step(self) -> int:
        """Units from one bar to the next."""
        return _step(len(self.bars))

    @property
    def ticks(self) -> list[Bar]:
        """Bars far enough apart that their times can be written below; the last ones have no room for theirs."""
        every = -(-APART * (2 if self.days else 1) // self.step)
        return [bar for bar in self.bars[::every] if bar.x <= LEFT + ROOM - APART]


def chart(minutes: list[tuple[datetime, dict[Provider, int]]]) -> Chart | None:
    """Bars of as many minutes as it takes for all to have room; None without a message."""
    if not minutes:
        return None
    span = _span(minutes[0][0], minutes[-1][0])
    sums = _summed(minutes, span)
    most = max(sum(counts.values()) for counts in sums.values())
    days = timezone.localtime(minutes[0][0]).date() != timezone.localtime(minutes[-1][0]).date()
    step = _step(len(sums))
    bars = [_bar(LEFT + place * step, at, counts, most, days) for place, (at, counts) in enumerate(sums.items())]
    return Chart(span, bars, most, list(_lines(most)), days)


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


def _bar(x: int, at: datetime, counts: dict[Provider, int], most: int, days: bool) -> Bar:
    pieces, y = [], TOP + HEIGHT
    for provider in Provider:
        if count := counts.get(provider, 0):
            height = max(_high(count, most), 1)
            y -= height
            pieces.append(Piece(provider, count, y, height))
    label = date_format(timezone.localtime(at), "j M H:i" if days else "H:i")
    numbers = [counts.get(provider, 0) for provider in Provider]
    return Bar(at, label, numbers, sum(numbers), x, pieces)


def _step(bars: int) -> int:
    return min(ROOM // bars, WIDEST)


def _high(count: int, most: int) -> int:
    return round(count / most * HEIGHT)


def _lines(most: int) -> Iterator[tuple[int, int, int]]:
    """For nothing, about the half, and the most."""
    for number in sorted({0, most // 2, most}):
        y = TOP + HEIGHT - _high(number, most)
        yield number, y, y + 4
