"""What is due goes, what is not stays, and each run leaves evidence."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from home import inquiries
from home.models import Inquiry
from mailing.models import Subscriber
from records import retention
from records.models import RetentionRun
from records.registry import kept
from records.tasks import expire
from tests import make

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def write():
    page = make.contact(make.site())

    def write(received_at):
        return inquiries.receive(page=page, name="Ben", email=make.BEN, phone="", message="Hello", now=received_at)

    return write


def of_inquiries(outcomes):
    return next(outcome for outcome in outcomes if outcome.holding == "home.Inquiry")


@pytest.mark.parametrize(("age", "left"), [(YEAR - MICROSECOND, 1), (YEAR, 0), (YEAR + MICROSECOND, 0)])
def test_an_inquiry_goes_at_the_instant_its_year_is_over(write, age: timedelta, left: int) -> None:
    write(make.NOW - age)
    retention.expire(now=make.NOW)
    assert Inquiry.objects.count() == left


def test_the_evidence_says_what_was_done(write) -> None:
    write(make.NOW - 2 * YEAR)
    young = write(make.NOW - timedelta(days=3))
    retention.expire(now=make.NOW)
    run = RetentionRun.objects.get(holding="home.Inquiry")
    assert (run.expired, run.period_days, run.ran_at) == (1, 365, make.NOW)
    assert run.stated_by == "", "no version covers it"
    assert run.cut_off_at == make.NOW - YEAR
    assert run.oldest_left_at == young.received_at


def test_a_run_with_nothing_to_do_leaves_evidence_too() -> None:
    retention.expire(now=make.NOW)
    assert set(RetentionRun.objects.values_list("holding", flat=True)) == set(kept())


def test_more_rows_than_a_batch_all_go(write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention.expiring, "BATCH", 2)
    for _ in range(5):
        write(make.NOW - 2 * YEAR)
    assert of_inquiries(retention.expire(now=make.NOW)).rows == 5
    assert not Inquiry.objects.exists()


def test_a_preview_counts_and_touches_nothing(write) -> None:
    write(make.NOW - 2 * YEAR)
    assert of_inquiries(retention.preview(now=make.NOW)).rows == 1
    assert Inquiry.objects.count() == 1
    assert not RetentionRun.objects.exists()


@pytest.mark.parametrize("change", ["UPDATE records_retentionrun SET expired = 0", "DELETE FROM records_retentionrun"])
def test_evidence_cannot_be_changed(change: str) -> None:
    retention.expire(now=make.NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_command_says_what_is_due_and_deletes_nothing(write) -> None:
    write(make.NOW - 2 * YEAR)
    said = io.StringIO()
    call_command("expire", "--dry-run", stdout=said)
    assert "Inquiries from forms: 1 due (kept 365 days from the day they arrive, " in said.getvalue()
    assert Inquiry.objects.exists()


def test_the_command_deletes_and_reports_as_json(write) -> None:
    write(make.NOW - 2 * YEAR)
    said = io.StringIO()
    call_command("expire", "--json", stdout=said)
    [outcome] = [entry for entry in json.loads(said.getvalue()) if entry["holding"] == "home.Inquiry"]
    assert outcome["rows"] == 1
    assert not Inquiry.objects.exists()


def test_the_task_returns_the_rows_it_deleted(write) -> None:
    write(make.NOW - 5 * YEAR)
    assert expire() == 1


def test_an_unconfirmed_sign_up_goes_with_its_address() -> None:
    news = make.mailing_list()
    make.request(make.CLEO, news, make.NOW - timedelta(days=8))
    make.subscriber(make.ANA, news, make.NOW - timedelta(days=800))
    retention.expire(now=make.NOW)  # subscriptions come after subscribers: the address goes at the next run
    retention.expire(now=make.NOW)
    assert list(news.subscriptions.values_list("subscriber__email", flat=True)) == [make.ANA]
    assert list(Subscriber.objects.values_list("email", flat=True)) == [make.ANA]
