"""There is a table for each month before anything of it arrives, and nobody waits while one is made."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from records.action_log import partitions
from records.models import Action
from tests import make
from tests.records.acting import event

pytestmark = pytest.mark.django_db
NOW = make.NOW


def test_four_months_are_made_once() -> None:
    names = [f"records_action_2026_0{month}" for month in (3, 4, 5, 6)]
    assert partitions.missing(now=NOW) == [date(2026, month, 1) for month in (3, 4, 5, 6)]
    assert partitions.ensure(now=NOW) == names
    assert partitions.ensure(now=NOW) == []
    assert partitions.missing(now=NOW) == []
    assert set(names) <= {part.name for part in partitions.attached()}


def test_a_year_ends() -> None:
    assert partitions.wanted(now=datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)) == [
        *(date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1))
    ]


def test_months_are_those_of_utc() -> None:
    """1 April, one o'clock in Vladivostok, is 31 March."""
    east = datetime.fromisoformat("2026-04-01T01:00:00+10:00")
    assert partitions.wanted(now=east)[0] == date(2026, 3, 1)


@pytest.mark.parametrize("at", ["2026-03-01T00:00:00+00:00", "2026-03-31T23:59:59.999999+00:00"])
def test_the_first_and_the_last_instant_of_a_month_are_in_it(at: str) -> None:
    partitions.ensure(now=NOW)
    Action.objects.create(**event(datetime.fromisoformat(at))._asdict())
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM records_action")
        assert cursor.fetchone() == ("records_action_2026_03",)


def test_there_is_no_table_for_everything_else() -> None:
    """One of that kind forbids to detach another without waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT partdefid FROM pg_partitioned_table WHERE partrelid = 'records_action'::regclass")
        assert cursor.fetchone() == (0,)


def test_each_has_the_key_and_the_index() -> None:
    partitions.ensure(now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'records_action_2026_03' ORDER BY 1")
        found = [definition.partition(" USING ")[2] for (definition,) in cursor.fetchall()]
    assert sorted(found) == ["btree (at)", "btree (id, at)"]


def test_rows_get_numbers_of_one_row_of_numbers() -> None:
    partitions.ensure(now=NOW)
    first = Action.objects.create(**event(NOW)._asdict())
    second = Action.objects.create(**event(NOW + timedelta(days=40))._asdict())
    assert second.pk == first.pk + 1
