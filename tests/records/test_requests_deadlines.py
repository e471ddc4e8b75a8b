"""A request is answered within a month; a reason gives two more, and a question to the person stops the clock."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client, override_settings

from records.models import SubjectRequest
from records.subject_requests import deadlines, handling, tending
from records.subject_requests.handling import NotNow
from tests import make
from tests.records import asking

State = SubjectRequest.State


@pytest.mark.parametrize(
    ("since", "months", "day"),
    [
        ("2026-03-01", 1, "2026-04-01"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-30", 1, "2028-02-29"),
        ("2026-05-31", 1, "2026-06-30"),
        ("2026-12-31", 1, "2027-01-31"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-01-31", 3, "2026-04-30"),
    ],
)
def test_a_month_ends_on_its_own_day_or_on_the_last(since: str, months: int, day: str) -> None:
    began = datetime.fromisoformat(f"{since}T12:00:00+00:00")
    assert deadlines.end(began, months=months) == datetime.fromisoformat(f"{day}T23:59:59+00:00")


@override_settings(TIME_ZONE="Pacific/Auckland")
def test_days_are_those_of_the_site() -> None:
    late_in_the_evening = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)  # it is 2 March there, in summer time
    assert deadlines.end(late_in_the_evening) == datetime(2026, 4, 2, 10, 59, 59, tzinfo=UTC)


@pytest.fixture
def asked(db: None, client: Client, clock: time_machine.Traveller) -> SubjectRequest:
    make.policy(make.site())
    return asking.chosen(client, "correction")


@pytest.fixture
def vera() -> object:
    return make.vera()


def again(row: SubjectRequest) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=row.pk)


def test_it_is_late_once_its_day_is_over(asked: SubjectRequest) -> None:
    assert asked.due_at
    assert not SubjectRequest.objects.late(asked.due_at).exists()
    assert SubjectRequest.objects.late(asked.due_at + timedelta(seconds=1)).get() == asked


def test_a_reason_gives_two_months_and_is_told(asked: SubjectRequest, vera: object) -> None:
    handling.extend(asked.pk, reason="It is a great deal.", by=vera, now=make.NOW)
    row = again(asked)
    assert row.due_at == datetime(2026, 6, 1, 23, 59, 59, tzinfo=UTC)
    letter = asking.letters()[0]
    assert "It is a great deal." in letter.text
    assert "1 June 2026" in letter.text
    assert "data protection authority" in letter.text
    event = row.events.get(act="extended")
    assert (event.reason, event.by) == ("It is a great deal.", vera)


def test_it_gives_them_once_and_in_time(asked: SubjectRequest, vera: object) -> None:
    assert asked.due_at
    with pytest.raises(NotNow, match="before it ends"):
        handling.extend(asked.pk, reason="Late.", by=vera, now=asked.due_at + timedelta(seconds=1))
    handling.extend(asked.pk, reason="In time.", by=vera, now=asked.due_at)
    with pytest.raises(NotNow, match="allows it once"):
        handling.extend(asked.pk, reason="Again.", by=vera, now=asked.due_at)
    assert len(asking.letters()) == 2


def test_the_clock_stands_while_the_person_is_asked(asked: SubjectRequest, vera: object) -> None:
    assert asked.due_at
    handling.stop(asked.pk, reason="Which of the two names is it?", by=vera, now=make.NOW + timedelta(days=3))
    row = again(asked)
    assert (row.state, row.stopped_at) == (State.STOPPED, make.NOW + timedelta(days=3))
    assert "Which of the two names is it?" in asking.letters()[0].text
    assert not SubjectRequest.objects.late(make.NOW + timedelta(days=400)).exists()
    assert SubjectRequest.objects.open().count() == 1
    handling.resume(asked.pk, by=vera, now=make.NOW + timedelta(days=13))
    row = again(asked)
    assert (row.state, row.stopped_at, row.due_at) == (State.OPEN, None, asked.due_at + timedelta(days=10))
    handling.extend(asked.pk, reason="Much.", by=vera, now=make.NOW + timedelta(days=13))
    assert again(asked).due_at == datetime(2026, 6, 11, 23, 59, 59, tzinfo=UTC)


def test_a_clock_that_stands_is_not_stopped_and_one_that_runs_goes_on(asked: SubjectRequest, vera: object) -> None:
    with pytest.raises(NotNow, match="open"):
        handling.resume(asked.pk, by=vera, now=make.NOW)
    handling.stop(asked.pk, reason="Who?", by=vera, now=make.NOW)
    with pytest.raises(NotNow, match="waits for the person"):
        handling.stop(asked.pk, reason="Who?", by=vera, now=make.NOW)


def test_a_refusal_says_why_and_where_to_complain(asked: SubjectRequest, vera: object) -> None:
    handling.refuse(asked.pk, reason="It is right as it is.", by=vera, now=make.NOW)
    row = again(asked)
    assert (row.state, row.ended_at) == (State.REFUSED, make.NOW)
    text = asking.letters()[0].text
    for said in ("It is right as it is.", "data protection authority", "go to court"):
        assert said in text


def test_what_is_over_stays_over(asked: SubjectRequest, vera: object) -> None:
    handling.finish(asked.pk, text="It is put right.", by=vera, now=make.NOW)
    assert again(asked).state == State.DONE
    for act in (handling.refuse, handling.extend, handling.stop):
        with pytest.raises(NotNow, match="by now the request is “done”"):
            act(asked.pk, reason="No.", by=vera, now=make.NOW)
    assert len(asking.letters()) == 2


def test_an_answer_leaves_it_open(asked: SubjectRequest, vera: object) -> None:
    handling.answer(asked.pk, text="We are looking.", by=vera, now=make.NOW)
    assert again(asked).state == State.OPEN
    assert "We are looking." in asking.letters()[0].text


def test_a_month_after_the_end_nobody_can_read_who_it_was(asked: SubjectRequest, vera: object) -> None:
    handling.finish(asked.pk, text="Done.", by=vera, now=make.NOW)
    tending.tidy(now=make.NOW + timedelta(days=30) - timedelta(seconds=1))
    assert again(asked).is_readable
    assert tending.tidy(now=make.NOW + timedelta(days=30)) == 1
    row = again(asked)
    assert (row.email, row.words, row.is_readable, row.kind) == ("", "", False, "correction")
    assert row.subject == asked.subject
    assert tending.tidy(now=make.NOW + timedelta(days=30)) == 0
