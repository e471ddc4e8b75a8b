"""Actions go at the microsecond at which their period is over, in batches, past what a hold covers."""

from datetime import timedelta

import pytest

from records.action_log import expiry
from tests.records.ending import CUT_OFF, MARCH, NOW, hold, left, months, rows, rule


@pytest.fixture(autouse=True)
def _months(db: None) -> None:
    months()


def test_a_row_goes_at_the_microsecond() -> None:
    rows(CUT_OFF - timedelta(microseconds=1), CUT_OFF, CUT_OFF + timedelta(microseconds=1), NOW)
    assert expiry.expire(rule(), NOW) == (2, 0)
    assert left() == [CUT_OFF + timedelta(microseconds=1), NOW]


def test_in_batches_nothing_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry, "BATCH", 7)
    rows(*(CUT_OFF - timedelta(hours=number // 3) for number in range(100)), NOW)
    assert expiry.expire(rule(), NOW) == (100, 0)
    assert left() == [NOW]


def test_a_hold_on_a_person_or_on_other_rows_keeps_nothing() -> None:
    rows(MARCH)
    hold(subject=b"x" * 16)
    hold(holding="home.Inquiry")
    hold(lifted_at=NOW)
    assert expiry.expire(rule(), NOW) == (1, 0)
