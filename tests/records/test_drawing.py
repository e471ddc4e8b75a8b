"""Bars of a chart stand where they fit, and none goes unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.drawing import HEIGHT, LEFT, ROOM, TOP, bars

COUNTS = st.dictionaries(st.sampled_from("ab"), st.integers(0, 10**9))


@given(st.lists(COUNTS, min_size=1, max_size=120))
def test_every_bar_is_within_the_chart(counts: list[dict[str, int]]) -> None:
    chart = bars([(str(place), each) for place, each in enumerate(counts)], "ab")
    for bar, each in zip(chart.bars, counts, strict=True):
        assert LEFT <= bar.x <= LEFT + ROOM - chart.step
        assert bar.total == sum(each.values())
        assert len(bar.pieces) == sum(1 for count in each.values() if count)
        for piece in bar.pieces:
            assert piece.height >= 1
            assert piece.y >= TOP - 2  # two pieces of one unit at least may reach above by as much
            assert piece.y + piece.height <= TOP + HEIGHT


def test_a_chart_of_zeros_has_no_bar_and_one_line() -> None:
    chart = bars([("Monday", {}), ("Tuesday", {"a": 0})], "a")
    assert [bar.pieces for bar in chart.bars] == [[], []]
    assert [number for number, _line, _text in chart.lines] == [0]


@pytest.mark.parametrize("number", [0, ROOM + 1])
def test_what_has_no_room_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        bars([("day", {"a": 1})] * number, "a")
