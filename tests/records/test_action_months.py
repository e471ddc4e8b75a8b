"""Whole months go with their files, whoever reads meanwhile and whoever died; held rows are copied first."""

import threading

import pytest
from django.db import connection
from django.db.utils import OperationalError

from records import retention
from records.action_log import expiry, partitions
from records.models import Action, HeldAction, RetentionRun
from tests.committed import together
from tests.records.ending import CUT_OFF, DAY, FEBRUARY, MARCH, NOW, hold, left, months, rows, rule, tables


@pytest.fixture
def lasting(committed: None) -> None:
    months()


def test_inside_a_transaction_rows_go_and_months_stay(db: None) -> None:
    months()
    rows(FEBRUARY, MARCH, NOW)
    assert expiry.expire(rule(), NOW) == (2, 0)
    assert "records_action_2026_02" in tables()


@pytest.mark.usefixtures("lasting")
def test_a_month_that_is_due_goes_with_its_file() -> None:
    rows(FEBRUARY, FEBRUARY + DAY, MARCH, NOW)
    assert expiry.expire(rule(), NOW) == (3, 0)
    assert left() == [NOW]
    assert "records_action_2026_02" not in tables()
    assert "records_action_2026_03" in tables()


@pytest.mark.usefixtures("lasting")
def test_what_a_hold_covers_is_copied_before_the_month_goes_and_left_where_it_stays() -> None:
    rows(FEBRUARY, FEBRUARY + DAY, FEBRUARY + 2 * DAY, MARCH, MARCH + DAY, NOW)
    kept = Action.objects.get(at=FEBRUARY + DAY)
    hold(holding=expiry.ACTION, rows_from=FEBRUARY + DAY, rows_to=FEBRUARY + DAY)
    hold(rows_from=MARCH + DAY)
    assert expiry.expire(rule(), NOW) == (3, 2)
    assert left() == [MARCH + DAY, NOW]
    [held] = HeldAction.objects.all()
    assert (held.action, held.at, held.held_at) == (kept.pk, kept.at, NOW)
    assert held.content["event"] == str(kept.event)
    assert "at" not in held.content


@pytest.mark.usefixtures("lasting")
def test_a_held_action_goes_when_its_hold_is_lifted() -> None:
    rows(FEBRUARY, FEBRUARY + DAY)
    first = hold(holding=expiry.ACTION, rows_to=FEBRUARY)
    hold(holding=expiry.ACTION, rows_from=FEBRUARY + DAY, until=NOW + 3 * DAY)
    expiry.expire(rule(), NOW)
    assert expiry.release(rule("records.HeldAction"), NOW) == (0, 2)
    first.lifted_at = NOW + DAY
    first.save()
    assert expiry.release(rule("records.HeldAction"), NOW + DAY) == (1, 1)
    assert expiry.release(rule("records.HeldAction"), NOW + 3 * DAY) == (1, 0)


@pytest.mark.usefixtures("lasting")
def test_the_nightly_run_writes_down_what_went() -> None:
    rows(FEBRUARY, MARCH, MARCH + DAY, NOW)
    hold(holding=expiry.ACTION, rows_from=MARCH + DAY)
    retention.expire(now=NOW)
    run = RetentionRun.objects.get(holding=expiry.ACTION)
    assert (run.expired, run.held, run.cut_off_at, run.oldest_left_at) == (2, 1, CUT_OFF, NOW)


@pytest.mark.usefixtures("lasting")
def test_a_worker_that_died_within_a_detachment_is_followed_by_one_that_ends_it() -> None:
    """A reader keeps the month; the worker gives up, as if killed. The next one goes on."""
    rows(FEBRUARY, NOW)
    with connection.cursor() as cursor:
        cursor.execute("BEGIN; SELECT count(*) FROM records_action")

        def begin() -> bool:
            statement = "ALTER TABLE records_action DETACH PARTITION records_action_2026_02 CONCURRENTLY"
            with connection.cursor() as other:
                other.execute("SET lock_timeout = '100ms'")
                with pytest.raises(OperationalError):
                    other.execute(statement)
            return True

        assert together(begin) == [True]
        assert [part.name for part in partitions.attached() if part.pending] == ["records_action_2026_02"]
        cursor.execute("COMMIT")
    assert expiry.expire(rule(), NOW) == (1, 0)
    assert left() == [NOW]
    assert "records_action_2026_02" not in tables()


@pytest.mark.usefixtures("lasting")
def test_a_month_that_was_detached_and_not_dropped_is_dropped_and_its_held_rows_are_kept() -> None:
    rows(FEBRUARY, FEBRUARY + DAY)
    hold(rows_to=FEBRUARY)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_action DETACH PARTITION records_action_2026_02")
    assert expiry.expire(rule(), NOW) == (1, 1)
    assert HeldAction.objects.count() == 1
    assert "records_action_2026_02" not in tables()


@pytest.mark.usefixtures("lasting")
def test_a_month_that_is_read_for_long_waits_and_writers_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiry, "PATIENCE", "300ms")
    monkeypatch.setattr(expiry, "_PAUSE", 0.01)
    rows(FEBRUARY, NOW)
    ended = threading.Event()

    def expire() -> tuple[int, int]:
        try:
            return expiry.expire(rule(), NOW)
        finally:
            ended.set()

    def write() -> tuple[int, int]:
        written = 0
        while not ended.is_set():
            rows(NOW)
            written += 1
        return written, 0

    with connection.cursor() as cursor:
        cursor.execute("BEGIN; SELECT count(*) FROM records_action")
        expired, written = together(expire, write)
        cursor.execute("COMMIT")
    assert expired == (0, 0)
    assert written[0] > 3
    assert expiry.expire(rule(), NOW) == (1, 0)
