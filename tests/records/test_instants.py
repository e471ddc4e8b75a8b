"""Which instant does a day, or a day and a time, stand for?"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import override_settings

from records import instants

MICROSECOND = timedelta(microseconds=1)


@override_settings(TIME_ZONE="Europe/Berlin")
def test_a_day_stands_for_its_last_moment_where_the_site_is() -> None:
    end = datetime(2026, 3, 29, 22, 0, tzinfo=UTC) - MICROSECOND  # the clocks go forward on that day
    assert instants.read("2026-03-29") == instants.end_of(date(2026, 3, 29)) == end


@pytest.mark.parametrize("said", ["2026-03-01T12:00Z", "2026-03-01T13:00:00+01:00", "2026-03-01 12:00:00.000000+0000"])
def test_a_date_time_with_an_offset_stands_for_itself(said: str) -> None:
    assert instants.read(said) == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    ["", "tomorrow", "2026-02-30", "2026-03-01T12:00", "2026-03-01T25:00Z", "9999-12-31", "0001-01-01T00:00+14:00"],
)
def test_anything_else_is_no_instant(said: str) -> None:
    assert instants.read(said) is None
