"""How do counts read: as a table with bars, and as lines of a CSV file?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from home.statistics import words
from mailing.viewsets.results.export import safe
from records.drawing import Bars

WIDTH = 160  # units of the longest bar beside a row
SHOWN = 100  # rows on the screen; a file has all
Cell = int | str | None  # None: fewer than five


@dataclass(frozen=True)
class Line:
    label: str
    cells: Sequence[Cell]
    below: str = ""  # a second line of the label, such as a page's path
    url: str = ""
    bar: int = 0


@dataclass(frozen=True)
class Table:
    """`key` is its name in addresses and files. `says` is what is to be known about it, `empty` what to do about it."""

    key: str
    title: str
    heading: str
    columns: list[str]
    lines: list[Line]
    says: str = ""
    empty: str = gettext_lazy("Nothing was counted in this time.")  # type: ignore[assignment]
    chart: Bars | None = None
    chart_words: str = ""
    legend: list[tuple[str, str]] = field(default_factory=list)

    @property
    def shown(self) -> list[Line]:
        return self.lines[:SHOWN]

    @property
    def barred(self) -> bool:
        return any(line.bar for line in self.lines)

    @property
    def more(self) -> int:
        return max(len(self.lines) - SHOWN, 0)


def barred(lines: Sequence[Line]) -> list[Line]:
    """With a bar for the first number of each."""
    numbers = [line.cells[0] if isinstance(line.cells[0], int) else 0 for line in lines]
    most = max(numbers, default=0) or 1
    return [
        Line(line.label, line.cells, line.below, line.url, bar=WIDTH * number // most)
        for line, number in zip(lines, numbers, strict=True)
    ]


def as_rows(table: Table) -> Iterator[list[str]]:
    """The headings, then every line; no cell begins what a spreadsheet would reckon."""
    two = any(line.below for line in table.lines)
    yield [table.heading, *([gettext("Address")] if two else []), *table.columns]
    for line in table.lines:
        yield [safe(line.label), *([safe(line.below)] if two else []), *map(_plain, line.cells)]


def _plain(cell: Any) -> str:
    return words.few() if cell is None else safe(cell)
