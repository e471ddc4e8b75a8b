"""Where does each bar of a chart of days stand? Whole numbers for SVG attributes; the same numbers are in a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from home.promotions import Result

LEFT, TOP, ROOM, HEIGHT = 48, 8, 720, 160  # units beside, above, for all bars, and of the tallest
WIDTH = LEFT + ROOM
TICKS = 6  # days written below, at most


@dataclass(frozen=True)
class Bar:
    day: date
    result: Result
    x: int
    seen: tuple[int, int]  # from where down, and how tall
    followed: tuple[int, int]


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    width: int  # of a bar
    most: int
    lines: list[tuple[int, int, int]]  # number, height of its line, height of its text

    @property
    def ticks(self) -> list[Bar]:
        return self.bars[:: -(-len(self.bars) // TICKS)]


def chart(found: Mapping[date, Result], *, since: date, until: date) -> Chart:
    """A bar for each day from `since` to `until`, also where nothing was counted."""
    days = [since + timedelta(days=place) for place in range((until - since).days + 1)]
    step = ROOM // len(days)
    most = max([max(found[day].seen, found[day].followed) for day in days if day in found], default=0)
    bars = [_bar(day, found.get(day, Result()), LEFT + place * step, most) for place, day in enumerate(days)]
    return Chart(bars, max(step - 2, 1), most, _lines(most))


def _bar(day: date, result: Result, x: int, most: int) -> Bar:
    return Bar(day, result, x, _stands(result.seen, most), _stands(result.followed, most))


def _stands(number: int, most: int) -> tuple[int, int]:
    """What was counted at all can be seen."""
    height = max(round(number / most * HEIGHT), 1) if number else 0
    return TOP + HEIGHT - height, height


def _lines(most: int) -> list[tuple[int, int, int]]:
    numbers = sorted({0, most // 2, most})
    heights = [TOP + HEIGHT - (round(number / most * HEIGHT) if most else 0) for number in numbers]
    return [(number, y, y + 4) for number, y in zip(numbers, heights, strict=True)]
