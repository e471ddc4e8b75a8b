"""An erasure at the same moment as others who write about the same person: nobody fails, and nothing is half there."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from home import inquiries
from home.models import FormPage, Inquiry
from mailing import returns
from mailing.models import Delivery, Return, Subscriber
from records import people
from records.models import Erasure, SubjectKey
from records.subject_requests import carrying, describing, erasing, exporting, plan
from tests import make
from tests.committed import together
from tests.records import copied, life

ROUNDS = 12


def erase(email: str = make.ANA, **how: Any) -> dict[str, Any]:
    return erasing.carry_out(email, **{"now": make.NOW} | how)


def gone(receipt: dict[str, Any]) -> int:
    return sum(each["rows"] for each in receipt["sets"])


@pytest.mark.django_db
def test_a_row_that_comes_in_between_is_seen_by_the_next_try(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a report about a mail does as the mail goes, made to happen each time."""
    life.lived(make.ANA)
    tries: list[int] = []
    act = carrying._carry

    def carry(row: Any, entry: Any, keys: Any, **how: Any) -> None:
        act(row, entry, keys, **how)
        if entry.label == "mailing.Delivery" and not tries:
            tries.append(1)
            Return.objects.create(
                delivery_id=keys[0], kind="hard", source="smtp", identity="late", received_at=make.NOW
            )

    monkeypatch.setattr(carrying, "_carry", carry)
    erase()
    assert tries
    assert not Return.objects.exists()
    assert not Delivery.objects.exists()


@pytest.mark.usefixtures("committed")
def test_two_erasures_at_once_erase_once() -> None:
    life.lived(make.ANA, make.BEN)
    receipts = together(erase, erase)
    assert sorted(gone(each) > 0 for each in receipts) == [False, True]
    assert Erasure.objects.count() == 1
    assert life.traces(life.marks(make.ANA), life.dump()) == []


@pytest.mark.usefixtures("committed")
def test_two_who_carry_out_one_plan_get_one_receipt() -> None:
    life.lived(make.ANA)
    sha256 = plan.of(make.ANA, now=make.NOW).sha256
    first, second = together(*[lambda: erase(plan_sha256=sha256)] * 2)
    assert first == second
    assert Erasure.objects.count() == 1


@pytest.mark.usefixtures("committed")
def test_reports_about_her_mails_come_in_as_they_go() -> None:
    news, _purpose = make.mailing_list(), make.purpose()
    for number in range(ROUNDS):
        email = f"ana.{number}@mail.example"
        row = make.subscriber(email, news)
        made = make.queued(make.campaign(news, f"Spring {number}"))
        [delivery] = Delivery.objects.filter(campaign=made, subscription=row)
        report = returns.report(Return.Kind.HARD, delivery.pk, "5.1.1")
        together(
            lambda email=email: erase(email),  # type: ignore[misc]
            lambda report=report: returns.receive(report, source=Return.Source.MAILBOX, now=make.NOW),  # type: ignore[misc]
        )
        assert not Subscriber.objects.filter(email=email).exists()
        assert not Delivery.objects.filter(subscription=row).exists()


@pytest.mark.usefixtures("committed")
def test_what_she_writes_at_that_moment_is_erased_whole_or_kept_whole() -> None:
    home = make.site()
    page = make.contact(home)
    for number in range(ROUNDS):
        email = f"ana.{number}@mail.example"
        make.inquiry(email)
        together(lambda email=email: gone(erase(email)), lambda email=email: write(page, email))  # type: ignore[misc]
        for row in Inquiry.objects.filter(email_index=people.subject_of(email)):
            assert (row.email, row.message) == (email, "Once more"), "it can be read, and it is the new one"


def write(page: FormPage, email: str) -> int:
    now = make.NOW + timedelta(seconds=1)
    return inquiries.receive(page=page, name="Ana", email=email, phone="", message="Once more", now=now).pk


@pytest.mark.usefixtures("committed")
def test_whoever_was_writing_first_is_in_the_plan() -> None:
    """The key is locked by who writes: the erasure waits, and finds the plan it was shown no longer true."""
    page = make.contact(make.site())
    make.inquiry(make.ANA)
    sha256 = plan.of(make.ANA, now=make.NOW).sha256

    def slow() -> str:
        with transaction.atomic():
            write(page, make.ANA)
            time.sleep(0.5)
        return "written"

    def late() -> str:
        time.sleep(0.1)
        try:
            erase(plan_sha256=sha256)
        except erasing.PlanChanged:
            return "changed"
        return "erased"

    assert together(slow, late) == ["written", "changed"]
    assert [row.message for row in Inquiry.objects.order_by("pk")] == ["Hello", "Once more"]
    assert SubjectKey.objects.count() == 1


@pytest.mark.usefixtures("committed")
def test_a_lock_that_was_left_behind_holds_nobody_up() -> None:
    """Somebody's erasure raised: the next one need not wait for its connection to end."""
    make.inquiry(make.ANA)

    def fails() -> str:
        try:
            erase(plan_sha256="0" * 64)
        except erasing.PlanChanged:
            return "changed"
        return "erased"

    def after() -> str:
        time.sleep(0.3)
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '5s'")
        erase()
        return "erased"

    acts: list[Callable[[], str]] = [fails, after]
    assert together(*acts) == ["changed", "erased"]


@pytest.mark.usefixtures("committed")
def test_a_copy_is_of_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes in while it is written is not half in it."""
    make.inquiry(make.ANA)
    facts = describing.facts

    def meanwhile(now: datetime) -> describing.Facts:
        found = facts(now)
        together(lambda: make.inquiry(make.ANA))
        return found

    monkeypatch.setattr(describing, "facts", meanwhile)
    monkeypatch.setattr(exporting, "AT_ONCE", 1)  # by a cursor of the server's, as of many rows
    assert len(copied.of(make.ANA).rows("home.Inquiry")) == 1
    monkeypatch.undo()
    assert len(copied.of(make.ANA).rows("home.Inquiry")) == 2
