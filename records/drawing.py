"""Where does each bar of a chart stand? Whole numbers for SVG attributes; what they mean stands in tables beside."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

HEIGHT = 160  # units of the tallest bar
ROOM, WIDEST = 720, 36  # units for all bars, and at most for one
LEFT, TOP = 48, 8  # units beside and above, for the numbers
APART = 72  # units that a short label needs below


@dataclass(frozen=True)
class Piece:
    of: Any  # what it counts
    count: int
    y: int
    height: int


@dataclass(frozen=True)
class Bar:
    label: str
    counts: list[int]  # in the order of the series
    total: int
    x: int
    pieces: list[Piece]


@dataclass(frozen=True)
class Bars:
    bars: list[Bar]
    most: int
    lines: list[tuple[int, int, int]]  # number, height of its line, height of its text
    wide: bool  # do labels need twice the room?

    width = LEFT + ROOM

    @property
    def step(self) -> int:
        """Units from one bar to the next."""
        return _step(len(self.bars))

    @property
    def ticks(self) -> list[Bar]:
        """Bars far enough apart that their labels can be written below; the last ones have no room for theirs."""
        every = -(-APART * (2 if self.wide else 1) // self.step)
        return [bar for bar in self.bars[::every] if bar.x <= LEFT + ROOM - APART]


def bars(rows: Sequence[tuple[str, Mapping[Any, int]]], series: Sequence[Any], *, wide: bool = False) -> Bars:
    """A bar for each row, of one piece for each of `series` that was counted, the first at the bottom. Raises
    ValueError where there is no row, or more than there is room for."""
    if not 0 < len(rows) <= ROOM:
        raise ValueError(f"{len(rows)} bars cannot be drawn.")
    most = max(sum(counts.values()) for _label, counts in rows)
    step = _step(len(rows))
    drawn = [
        _bar(LEFT + place * step, label, [(each, counts.get(each, 0)) for each in series], most)
        for place, (label, counts) in enumerate(rows)
    ]
    return Bars(drawn, most, list(_lines(most)), wide)


def _bar(x: int, label: str, counts: list[tuple[Any, int]], most: int) -> Bar:
    pieces, y = [], TOP + HEIGHT
    for of, count in counts:
        if count:
            height = max(_high(count, most), 1)
            y -= height
            pieces.append(Piece(of, count, y, height))
    numbers = [count for _of, count in counts]
    return Bar(label, numbers, sum(numbers), x, pieces)


def _step(number: int) -> int:
    return min(ROOM // number, WIDEST)


def _high(count: int, most: int) -> int:
    return round(count / most * HEIGHT) if most else 0


def _lines(most: int) -> Iterator[tuple[int, int, int]]:
    """For nothing, about the half, and the most."""
    for number in sorted({0, most // 2, most}):
        y = TOP + HEIGHT - _high(number, most)
        yield number, y, y + 4
