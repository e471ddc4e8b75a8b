"""One browser has one pseudonym for a day, another the next; nobody can tell which two were one."""

from datetime import timedelta

import pytest
from django.db import connection

from records.action_log import pseudonym
from records.models import Salt
from tests import make
from tests.records.acting import forget

pytestmark = pytest.mark.django_db
NOW = make.NOW
BEN = {"host": "here.example", "address": "203.0.113.77", "agent": "Firefox"}


@pytest.fixture(autouse=True)
def _fresh() -> None:
    forget()


def of(**changes: object) -> bytes | None:
    values = {"now": NOW} | BEN | changes
    return pseudonym.of(values.get("now", NOW), **values)  # type: ignore[arg-type]


def test_the_same_browser_is_the_same_that_day_in_every_process() -> None:
    first = of()
    forget()
    assert of(now=NOW + timedelta(hours=11)) == first
    assert first is not None
    assert len(first) == 16


@pytest.mark.parametrize("change", [{"host": "b.example"}, {"address": "203.0.113.78"}, {"agent": "Chrome"}])
def test_another_is_another(change: dict[str, str]) -> None:
    assert of(**change) != of()


def test_parts_cannot_be_shifted() -> None:
    assert of(host="a", address="bc") != of(host="ab", address="c")


def test_the_next_day_everybody_is_somebody_else() -> None:
    assert of() != of(now=NOW + timedelta(days=1))


def test_the_salt_is_random_and_not_made_of_anything_known() -> None:
    before = of()
    Salt.objects.all().delete()
    forget()
    assert of() != before


def test_salts_of_days_that_are_over_are_destroyed_and_todays_stays() -> None:
    yesterday, today = of(now=NOW - timedelta(days=1)), of()
    assert pseudonym.destroy(now=NOW) == 1
    assert list(Salt.objects.values_list("day", flat=True)) == [NOW.date()]
    forget()
    assert of() == today
    assert yesterday is not None
    assert pseudonym.of(NOW - timedelta(days=1), now=NOW, **BEN) is None
    assert pseudonym.destroy(now=NOW) == 0


def test_what_was_asked_before_midnight_is_written_after_it() -> None:
    midnight = NOW.replace(hour=0)
    before = of(now=midnight - timedelta(seconds=1))
    assert pseudonym.destroy(now=midnight + timedelta(minutes=9)) == 0
    assert pseudonym.of(midnight - timedelta(seconds=1), now=midnight + timedelta(seconds=1), **BEN) == before
    assert pseudonym.destroy(now=midnight + timedelta(minutes=10)) == 1


def test_no_copy_of_a_salt_stands_in_the_write_ahead_log() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = %s", [Salt._meta.db_table])
        assert cursor.fetchone() == ("u",)
