"""A day of the action log is summed up as by hand, once or ten times, and its sums outlive its rows."""

from datetime import date, timedelta

import pytest
import redis
from django.conf import settings
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from home import statistics
from home.models import Tally
from home.statistics import statements
from home.tasks import tally as task
from records.action_log import expiry, spool, stream
from records.action_log.events import packed
from records.models import Action
from tests.home.visits import DAY, LATER, NOON, crowd, months, saw, told, write
from tests.records import acting
from tests.records.acting import log as log
from tests.records.ending import rule

pytestmark = pytest.mark.usefixtures("log")
HOUR = timedelta(hours=1)
WHOLE = timedelta(days=1)


@pytest.fixture(autouse=True)
def _months(db: None) -> None:
    months(DAY - WHOLE)
    acting.forget()


def test_a_day_counted_by_hand() -> None:
    crowd(6, "/")
    crowd(6, "/prices/", at=NOON + HOUR)
    crowd(7, "/prices/", first=6, device="phone", browser="Safari 18", system="iOS 18", language="de")
    crowd(2, "/rare/", first=13, device="phone", browser="Safari 18", language="de")
    statistics.tally(now=LATER)
    assert told("all") == {"": (15, 20)}  # 15 visitors; 21 views, in steps of five
    assert told("page") == {"/prices/": (15, 15), "*": (10, 10)}
    assert told("entry") == {"/prices/": (7, 5), "*": (8, 15)}
    assert told("device") == {"computer": (6, 10), "phone": (9, 10)}
    assert told("browser") == {"Firefox": (6, 10), "Safari": (9, 10)}
    assert told("language") == {"en": (6, 10), "de": (9, 10)}


def test_bots_errors_forms_files_and_looks_ahead_are_no_page_views() -> None:
    crowd(5)
    write([saw(9, bot=True), saw(9, status=404), saw(9, status=302), saw(9, status=500), saw(9, method="HEAD")])
    write([saw(9, kind="form", method="POST"), saw(9, kind="file"), saw(9, kind="prefetch"), saw(9, status=None)])
    statistics.tally(now=LATER)
    assert told("all") == {"": (5, 5)}


def test_a_page_that_was_unchanged_was_seen() -> None:
    crowd(5, status=304)
    statistics.tally(now=LATER)
    assert told("all") == {"": (5, 5)}


def test_sources_are_sites_and_campaigns_are_named() -> None:
    crowd(5, source="https://www.search.example/find/this", campaign="newsletter/spring")
    crowd(5, first=5, source="https://search.example/")
    crowd(5, first=10)
    statistics.tally(now=LATER)
    assert told("source") == {"search.example": (10, 10), "": (5, 5)}
    assert told("campaign") == {"newsletter/spring": (5, 5), "": (10, 10)}


def test_a_visitor_stands_under_what_came_first() -> None:
    crowd(5, at=NOON, language="de")
    crowd(5, at=NOON - HOUR, language="fr")
    crowd(5, first=5)
    statistics.tally(now=LATER)
    assert told("language") == {"fr": (5, 10), "en": (5, 5)}


def test_days_are_those_of_utc() -> None:
    crowd(5, at=NOON.replace(hour=0, minute=0))
    crowd(5, at=NOON.replace(hour=23, minute=59, second=59, microsecond=999_999), first=5)
    crowd(5, at=NOON.replace(hour=0, minute=0) - timedelta(microseconds=1), first=10)
    statistics.tally(now=LATER)
    assert told("all") == {"": (10, 10)}
    assert told("all", DAY - WHOLE) == {"": (5, 5)}


def test_summing_up_again_changes_nothing() -> None:
    crowd(12)
    assert statistics.tally(now=LATER) == [DAY, DAY + WHOLE]
    before = list(Tally.objects.order_by("pk").values())
    assert statistics.tally(now=LATER) == [DAY + WHOLE]
    assert list(Tally.objects.filter(day=DAY).order_by("pk").values()) == before[: len(told("all")) + 8]


def test_a_day_that_runs_is_told_in_steps_of_five_and_follows() -> None:
    crowd(6)
    statistics.tally(now=NOON)
    assert told("all") == {"": (5, 5)}
    crowd(3, first=6)
    statistics.tally(now=NOON + HOUR)
    assert told("all") == {"": (10, 10)}
    statistics.tally(now=LATER)
    assert told("all") == {"": (9, 10)}
    assert set(Tally.objects.filter(day=DAY).values_list("final", flat=True)) == {True}


def test_what_comes_late_counts_until_the_day_is_final() -> None:
    crowd(5)
    statistics.tally(now=LATER.replace(hour=0, minute=30))
    crowd(5, first=5)
    statistics.tally(now=LATER.replace(hour=6))
    crowd(5, first=10)
    statistics.tally(now=LATER)
    assert told("all") == {"": (10, 10)}


@pytest.mark.parametrize("late", [0, 1])
def test_a_day_is_not_final_while_rows_of_it_may_wait_in_the_stream(late: int) -> None:
    crowd(5)
    key = int((NOON + late * WHOLE).timestamp() * 1000)
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.delete(stream.KEY)
        client.xadd(stream.KEY, {"e": packed(acting.event(NOON))}, id=f"{key}-0")
        statistics.tally(now=LATER)
        client.delete(stream.KEY)
    assert Tally.objects.get(day=DAY, of="all").final is bool(late)
    statistics.tally(now=LATER)
    assert Tally.objects.get(day=DAY, of="all").final


def test_nor_while_anything_waits_in_the_spool_or_nobody_can_tell() -> None:
    crowd(5)
    spool.put([b"an entry"])
    statistics.tally(now=LATER)
    assert not Tally.objects.get(day=DAY, of="all").final
    for path in spool.take(spool.Kind.EVENTS):
        path.unlink()
    with override_settings(REDIS_URL=acting.NOWHERE):
        statistics.tally(now=LATER)
    assert not Tally.objects.get(day=DAY, of="all").final


def test_every_day_that_was_missed_is_caught_up_with() -> None:
    crowd(5, at=NOON - WHOLE)
    crowd(5, at=NOON)
    crowd(5, at=NOON + 4 * WHOLE)
    assert len(statistics.tally(now=NOON + 4 * WHOLE)) == 6
    assert [told("all", DAY + day * WHOLE)[""] for day in range(-1, 5)] == [(5, 5), (5, 5), *[(0, 0)] * 3, (5, 5)]


def test_without_the_log_a_day_without_rows_is_not_called_empty() -> None:
    crowd(5)
    with override_settings(ACTION_LOG=False):
        assert statistics.tally(now=LATER + 5 * WHOLE) == [DAY]


def test_sums_outlive_the_rows() -> None:
    crowd(5)
    statistics.tally(now=LATER)
    end = NOON + timedelta(days=366)
    expiry.expire(rule(at=end), end)
    assert not Action.objects.exists()
    statistics.tally(now=end)
    assert told("all") == {"": (5, 5)}


def test_a_day_whose_rows_begin_to_go_keeps_its_last_sums() -> None:
    crowd(5, at=NOON - HOUR)
    crowd(5, at=NOON + HOUR, first=5)
    statistics.tally(now=NOON + 2 * HOUR)
    end = NOON + timedelta(days=365)
    expiry.expire(rule(at=end), end)
    assert statistics.tally(now=end) == [DAY + day * WHOLE for day in range(1, 366)]
    assert told("all") == {"": (10, 10)}
    assert Tally.objects.get(day=DAY, of="all").final


def test_rows_whose_period_is_over_are_not_read_though_they_stand() -> None:
    crowd(5)
    assert statistics.tally(now=NOON + timedelta(days=400)) == []
    assert not Tally.objects.exists()


def test_what_breaks_off_leaves_the_sums_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd(5)
    statistics.tally(now=NOON)
    crowd(5, first=5)
    monkeypatch.setattr(statements, "EVERY", (statements.ALL, "SELECT 1 / 0"))
    with pytest.raises(Exception, match="zero"):
        statistics.tally(now=NOON)
    assert told("all") == {"": (5, 5)}


def test_a_day_is_a_handful_of_statements(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    crowd(20)
    with django_assert_max_num_queries(14):
        statistics.tally(now=NOON)


def test_the_worker_says_how_many_days_it_summed_up() -> None:
    assert task() == 0


def test_nothing_is_told_of_days_to_come() -> None:
    crowd(5, at=NOON + WHOLE)
    assert statistics.tally(now=NOON) == []
    assert not Tally.objects.filter(day__gt=date(2026, 3, 1)).exists()
