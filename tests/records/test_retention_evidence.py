"""Each run's record is bound to all those before it: whoever alters, removes or moves one is found out."""

import io
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from records import chained, retention, terms
from records.models import RetentionRun
from records.registry import kept
from records.terms import Kind, Statement
from tests import make

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
COLUMNS = {
    "holding": "home.Other",
    "period_days": 4711,
    "stated_by": "Privacy policy, version 9",
    "cut_off_at": LONG_AGO,
    "expired": 99,
    "held": 1,
    "oldest_left_at": LONG_AGO,
    "ran_at": LONG_AGO,
    "policy": uuid.UUID(int=9),
    "version": 9,
}


@contextmanager
def unguarded() -> Iterator[None]:
    """What somebody with the database's password can do: the guard against changes is off."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_retentionrun DISABLE TRIGGER USER")
        yield
        cursor.execute("ALTER TABLE records_retentionrun ENABLE TRIGGER USER")


def alter(record: int, **said: Any) -> None:
    with unguarded():
        RetentionRun.objects.filter(pk=record).update(**said)


def remove(**which: Any) -> None:
    with unguarded():
        RetentionRun.objects.filter(**which).delete()


@pytest.fixture
def runs() -> list[int]:
    """The numbers of the records of two runs, in order."""
    for hours in (0, 1):
        retention.expire(now=make.NOW + hours * HOUR)
    return list(RetentionRun.objects.order_by("pk").values_list("pk", flat=True))


def fault() -> tuple[int, str]:
    found = retention.verify()
    assert found
    return found.record, found.what


def test_records_as_they_were_written_are_in_order(runs: list[int]) -> None:
    assert len(runs) == 2 * len(kept())
    assert retention.verify() is None


def test_with_no_record_nothing_is_wrong() -> None:
    assert retention.verify() is None


def test_each_column_of_the_evidence_is_covered() -> None:
    unsaid = {"id", "previous", "sha256"}
    assert {field.name for field in RetentionRun._meta.concrete_fields} - unsaid == set(COLUMNS)


@pytest.mark.parametrize("column", COLUMNS)
def test_an_altered_record_is_named(runs: list[int], column: str) -> None:
    alter(runs[3], **{column: COLUMNS[column]})
    assert fault() == (runs[3], "it was altered")


def test_a_record_altered_with_its_hash_is_found_by_the_next(runs: list[int]) -> None:
    run = RetentionRun.objects.get(pk=runs[3])
    run.expired = 99
    said = {name: getattr(run, name) for name in COLUMNS}
    forged = chained.link(run.previous, said)
    alter(run.pk, expired=99, sha256=forged)
    assert fault() == (runs[4], "a record before it is missing, or it was moved")


@pytest.mark.parametrize("place", [0, 3])
def test_a_missing_record_is_noticed_at_the_next(runs: list[int], place: int) -> None:
    remove(pk=runs[place])
    assert fault() == (runs[place + 1], "a record before it is missing, or it was moved")


def test_records_cut_off_the_end_are_missed(runs: list[int]) -> None:
    remove(pk__gt=runs[3])
    record, what = fault()
    assert record == runs[3]
    assert what == f"records are missing behind it, or were added: {len(runs)} were written, 4 are there"


def test_a_chain_that_is_gone_whole_is_missed(runs: list[int]) -> None:
    remove()
    assert fault()[0] == 0


def test_two_records_that_changed_places_are_noticed(runs: list[int]) -> None:
    one, other, aside = runs[3], runs[4], runs[-1] + 5
    for here, there in ((one, aside), (other, one), (aside, other)):
        alter(here, id=there)
    assert fault() == (one, "a record before it is missing, or it was moved")


def test_a_record_that_somebody_adds_is_noticed(runs: list[int]) -> None:
    added = RetentionRun.objects.get(pk=runs[-1])
    added.pk, added.previous, added.sha256 = None, added.sha256, ""
    added.save(force_insert=True)
    assert fault()[1] == "it was altered"


def test_a_record_that_somebody_adds_with_a_hash_that_fits_is_noticed(runs: list[int]) -> None:
    added = RetentionRun.objects.get(pk=runs[-1])
    added.pk, added.previous = None, added.sha256
    added.sha256 = chained.link(added.previous, {name: getattr(added, name) for name in COLUMNS})
    added.save(force_insert=True)
    assert fault()[1].startswith("records are missing behind it, or were added")


def test_records_of_before_there_were_hashes_prove_nothing_and_break_nothing() -> None:
    RetentionRun.objects.create(holding="home.Inquiry", period_days=1, cut_off_at=make.NOW, expired=1, ran_at=make.NOW)
    assert retention.verify() is None
    retention.expire(now=make.NOW)
    assert retention.verify() is None


def said(*options: str) -> str:
    out = io.StringIO()
    call_command("verify_retention", *options, stdout=out)
    return out.getvalue()


def test_the_command_says_how_many_are_in_order(runs: list[int]) -> None:
    assert said() == f"{len(runs)} records of retention runs are as they were written.\n"
    assert json.loads(said("--json")) == {"records": len(runs), "fault": None}


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_the_command_names_the_first_and_fails(
    runs: list[int], options: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    alter(runs[3], expired=99)
    with pytest.raises(SystemExit) as left:
        call_command("verify_retention", *options)
    assert left.value.code == 1
    assert str(runs[3]) in capsys.readouterr().out


def test_the_evidence_names_the_policy_and_the_number_of_the_version() -> None:
    policy, period = uuid.uuid4(), {"period": "P6M", "then": "delete"}
    said = [Statement(Kind.RETENTION, "home.Inquiry", period)]
    terms.write(policy=policy, number=3, label="Privacy policy, version 3", effective_from=make.NOW, statements=said)
    retention.expire(now=make.NOW)
    named = RetentionRun.objects.exclude(stated_by="")
    assert [(run.holding, run.policy, run.version) for run in named] == [("home.Inquiry", policy, 3)]


def test_a_data_set_nobody_looked_at_for_two_days_is_missed() -> None:
    retention.expire(now=make.NOW)
    assert retention.missed(make.NOW + 48 * HOUR - timedelta(microseconds=1)) == []
    late = retention.missed(make.NOW + 48 * HOUR)
    assert {found.key for found in late} == set(kept())
    assert {found.last_ran_at for found in late} == {make.NOW}


def test_a_site_where_it_never_ran_has_two_days_from_its_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention.evidence, "_started", lambda: make.NOW)
    assert retention.missed(make.NOW + 47 * HOUR) == []
    late = retention.missed(make.NOW + 48 * HOUR)
    assert {found.key for found in late} == set(kept())
    assert {found.last_ran_at for found in late} == {None}


def test_the_site_knows_when_it_was_set_up() -> None:
    assert retention.evidence._started().tzinfo
