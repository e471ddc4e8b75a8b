"""The owner is told once of each promise that breaks, and once when it is mended, whatever is killed meanwhile."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from mailing.models import Delivery, Letter
from records import alarms, post, promises
from records.models import Controller, PromiseCheck
from records.promises import Promise, State
from records.promises import checks as registry
from tests import make
from tests.committed import together

HOUR = timedelta(hours=1)


class Floor:
    """A floor above whose promises hold or do not."""

    def __init__(self) -> None:
        self.states = {"mail": State.KEPT}
        self.asked = 0

    def check(self, now: datetime) -> list[Promise]:
        self.asked += 1
        title, promised = "Promotional mail", "only with consent"
        return [
            Promise(key, title, promised, "", state, "None.", details="row 7") for key, state in self.states.items()
        ]


@pytest.fixture
def floor(monkeypatch: pytest.MonkeyPatch) -> Floor:
    made = Floor()
    monkeypatch.setattr(registry, "_checks", {})
    promises.register("mail", made.check)
    return made


@pytest.fixture
def owner(db: None) -> str:
    make.site()
    return Controller.objects.get().email


def letters() -> list[tuple[str, str]]:
    return [(letter.email, letter.subject) for letter in Letter.objects.order_by("pk")]


def test_it_tells_once_of_what_breaks_and_once_of_what_is_mended(floor: Floor, owner: str) -> None:
    assert (alarms.watch(now=make.NOW), letters()) == (0, [])
    floor.states["mail"] = State.BROKEN
    for hours in range(1, 4):
        assert alarms.watch(now=make.NOW + hours * HOUR) == 1
    assert letters() == [(owner, "1 promise of your site is broken")]
    floor.states["mail"] = State.KEPT
    for hours in range(4, 7):
        assert alarms.watch(now=make.NOW + hours * HOUR) == 0
    assert letters()[1:] == [(owner, "1 promise of your site is kept again")]
    assert Delivery.objects.count() == 2, "each waits in the queue of all mail"


def test_the_letter_says_what_broke_what_shows_it_and_where_to_look(floor: Floor, owner: str) -> None:
    floor.states["mail"] = State.BROKEN
    alarms.watch(now=make.NOW)
    text = Letter.objects.get().text
    assert "Promotional mail: only with consent\nNone.\nrow 7" in text
    assert "http://testserver/promises/" in text
    assert "http://testserver/cms/" in text


def test_one_letter_names_all_that_broke_at_once(floor: Floor, owner: str) -> None:
    floor.states = {f"mail {number}": State.BROKEN for number in range(25)}
    alarms.watch(now=make.NOW)
    [(_email, subject)] = letters()
    assert subject == "25 promises of your site are broken"
    assert "and 5 more" in Letter.objects.get().text


def test_what_breaks_anew_is_told_anew(floor: Floor, owner: str) -> None:
    for hours, state in enumerate([State.BROKEN, State.KEPT, State.BROKEN]):
        floor.states["mail"] = state
        alarms.watch(now=make.NOW + hours * HOUR)
    assert len(letters()) == 3


def test_what_is_promised_no_longer_counts_as_mended_and_is_forgotten(floor: Floor, owner: str) -> None:
    floor.states = {"mail": State.BROKEN, "other": State.KEPT}
    alarms.watch(now=make.NOW)
    floor.states = {"other": State.KEPT}
    alarms.watch(now=make.NOW + HOUR)
    assert letters()[-1][1] == "1 promise of your site is kept again"
    alarms.watch(now=make.NOW + 2 * HOUR)
    assert [row.key for row in PromiseCheck.objects.all()] == ["other"]


def test_a_worker_that_dies_before_it_wrote_leaves_it_to_the_next(
    floor: Floor, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.states["mail"] = State.BROKEN
    write = post.write

    def dies(**fields: Any) -> None:
        write(**fields)
        raise SystemExit

    monkeypatch.setattr(post, "write", dies)
    with pytest.raises(SystemExit):
        alarms.watch(now=make.NOW)
    assert letters() == []
    assert PromiseCheck.objects.get().state == "broken", "what was found is remembered"
    monkeypatch.setattr(post, "write", write)
    alarms.watch(now=make.NOW + timedelta(minutes=1))
    assert len(letters()) == 1


def test_without_an_owner_nobody_is_told_until_there_is_one(floor: Floor, db: None) -> None:
    floor.states["mail"] = State.BROKEN
    alarms.watch(now=make.NOW)
    assert PromiseCheck.objects.get().told_at is None
    make.site()
    alarms.watch(now=make.NOW + HOUR)
    assert len(letters()) == 1


def test_each_check_is_made_once_an_hour_however_often_beat_asks(floor: Floor, owner: str) -> None:
    for minutes in (0, 1, 59):
        alarms.watch(now=make.NOW + timedelta(minutes=minutes))
    assert floor.asked == 1
    alarms.watch(now=make.NOW + HOUR)
    assert floor.asked == 2


def test_a_version_that_takes_force_is_checked_at_the_next_tick(floor: Floor, owner: str) -> None:
    alarms.watch(now=make.NOW)
    make.purpose(at=make.NOW + timedelta(minutes=5))
    alarms.watch(now=make.NOW + timedelta(minutes=6))
    assert floor.asked == 2


def fails(now: datetime) -> list[Promise]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret_of_ben FROM nowhere")
    return []


def test_a_check_that_fails_is_a_promise_broken_and_harms_no_other(floor: Floor, owner: str, caplog: Any) -> None:
    promises.register("first", fails)
    promises.register("last", lambda now: [Promise("last", "Last", "", "", State.KEPT, "")])
    assert alarms.watch(now=make.NOW) == 1
    rows = {row.key: row for row in PromiseCheck.objects.all()}
    assert set(rows) == {"mail", "check:first", "last"}
    assert rows["check:first"].said["en"]["evidence"] == "It could not be checked: ProgrammingError."
    assert "secret_of_ben" not in caplog.text + str(rows["check:first"].said), "an error may repeat a row"


def test_what_a_failing_check_said_before_stays_until_it_answers_again(floor: Floor, owner: str) -> None:
    floor.states["mail"] = State.BROKEN
    alarms.watch(now=make.NOW)
    promises.register("mail", fails)
    alarms.watch(now=make.NOW + HOUR)
    assert PromiseCheck.objects.get(key="mail").told_at == make.NOW
    promises.register("mail", floor.check)
    alarms.watch(now=make.NOW + 2 * HOUR)
    alarms.watch(now=make.NOW + 3 * HOUR)
    assert [row.key for row in PromiseCheck.objects.all()] == ["mail"]
    assert [subject for _email, subject in letters()] == [
        "1 promise of your site is broken",
        "1 promise of your site is broken",
        "1 promise of your site is kept again",
    ]


def test_a_statement_that_takes_too_long_ends_its_check_alone(
    floor: Floor, owner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(now: datetime) -> list[Promise]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(20)")
        return []

    monkeypatch.setattr(registry, "LONGEST", 1)
    promises.register("slow", slow)
    assert alarms.watch(now=make.NOW) == 1
    assert "OperationalError" in PromiseCheck.objects.get(key="check:slow").said["en"]["evidence"]


def test_two_workers_at_once_tell_once(floor: Floor, committed: None) -> None:
    with transaction.atomic():
        make.site()
    floor.states["mail"] = State.BROKEN

    def watch() -> int:
        return alarms.watch(now=make.NOW)

    assert together(watch, watch) == [1, 1]
    assert len(letters()) == 1
