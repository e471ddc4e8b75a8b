"""The policy version in force says how long rows are kept; the data map only where no version does."""

import io
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from home import inquiries
from home.models import Inquiry
from mailing.models import Subscription
from records import retention, terms
from records.models import RetentionRun
from records.registry import Keep, kept
from records.terms import Kind, Statement
from tests import make

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)
PRIVACY = uuid.uuid4()
MARCH = datetime(2027, 3, 1, tzinfo=UTC)
INQUIRY = "home.Inquiry"


def state(number: int, at: datetime, iso: str | None, *, key: str = INQUIRY) -> None:
    """A version that says how long one data set is kept, or nothing."""
    said = [Statement(Kind.RETENTION, key, {"period": iso, "then": "delete"})] if iso else []
    label = f"Privacy policy, version {number}"
    terms.write(policy=PRIVACY, number=number, label=label, effective_from=at, statements=said)


@pytest.fixture
def write():
    page = make.contact(make.site())

    def write(received_at):
        return inquiries.receive(page=page, name="Ben", email=make.BEN, phone="", message="Hello", now=received_at)

    return write


def rule(at: datetime, key: str = INQUIRY) -> retention.Rule:
    return next(rule for rule in retention.rules(at) if rule.key == key)


@pytest.mark.parametrize(("late", "left"), [(-MICROSECOND, 1), (timedelta(0), 0), (MICROSECOND, 0)])
def test_from_a_year_to_six_months_the_purge_changes_at_the_instant(write, late: timedelta, left: int) -> None:
    state(1, make.NOW, "P1Y")
    state(2, MARCH, "P6M")
    write(MARCH - timedelta(days=250))
    retention.expire(now=MARCH + late)
    assert Inquiry.objects.count() == left


@pytest.mark.parametrize(("late", "left"), [(-MICROSECOND, 0), (timedelta(0), 1)])
def test_a_longer_period_keeps_from_its_instant(write, late: timedelta, left: int) -> None:
    state(1, make.NOW, "P6M")
    state(2, MARCH, "P1Y")
    write(MARCH - timedelta(days=250))
    retention.expire(now=MARCH + late)
    assert Inquiry.objects.count() == left


@pytest.mark.parametrize(("day", "left"), [(28, 0), (29, 1)])
def test_a_month_is_one_of_the_calendar(write, day: int, left: int) -> None:
    state(1, make.NOW, "P1M")
    write(datetime(2028, 2, day, 12, tzinfo=UTC))
    retention.expire(now=datetime(2028, 3, 28, 12, tzinfo=UTC))
    assert Inquiry.objects.count() == left


def test_a_pending_version_deletes_nothing(write) -> None:
    state(1, make.NOW, "P1Y")
    state(2, MARCH, "P1D")
    write(make.NOW - timedelta(days=100))
    retention.expire(now=MARCH - timedelta(days=180))
    assert Inquiry.objects.exists()


def test_a_version_taken_back_deletes_nothing(write) -> None:
    state(1, make.NOW, "P1Y")
    state(2, MARCH, "P1D")
    terms.withdraw(policy=PRIVACY, number=2, now=make.NOW)
    write(MARCH - timedelta(days=100))
    retention.expire(now=MARCH)
    assert Inquiry.objects.exists()


def test_the_evidence_names_the_version(write) -> None:
    state(3, make.NOW, "P6M")
    retention.expire(now=MARCH)
    run = RetentionRun.objects.get(holding=INQUIRY)
    assert (run.stated_by, run.cut_off_at) == ("Privacy policy, version 3", datetime(2026, 9, 1, tzinfo=UTC))
    assert run.period_days == 181


def test_when_no_version_states_it_any_more_the_declared_period_counts() -> None:
    state(1, make.NOW, "P6M")
    state(2, MARCH, None)
    found = rule(MARCH)
    assert (found.stated_by, found.cut_off_at) == ("", MARCH - timedelta(days=365))


def test_a_stated_period_covers_the_same_rows_as_the_declared_one() -> None:
    news = make.mailing_list()
    make.request(make.CLEO, news, make.NOW - timedelta(days=40))
    make.subscriber(make.ANA, news, make.NOW - timedelta(days=800))
    state(1, make.NOW - timedelta(days=1), "P1M", key="mailing.Subscription")
    retention.expire(now=make.NOW)
    assert [row.subscriber.email for row in Subscription.objects.all()] == [make.ANA], "the confirmed one stays"


def test_a_data_set_may_have_a_rule_of_another_name(write, monkeypatch: pytest.MonkeyPatch) -> None:
    entry, keep = kept()[INQUIRY]
    nameless = Keep(days=30, since="received_at", only=Q(name=""), name="nameless", rows="Inquiries without a name")
    monkeypatch.setitem(entry.__dict__, "also", (nameless,))
    state(1, make.NOW, "P1W", key="home.Inquiry:nameless")
    found = rule(make.NOW, "home.Inquiry:nameless")
    assert (found.title, found.words) == ("Inquiries without a name", "1 week")
    assert rule(make.NOW).words == keep.words()


def said(*options: str) -> str:
    out = io.StringIO()
    call_command("expire", *options, stdout=out)
    return out.getvalue()


def test_a_look_ahead_says_what_a_pending_version_would_delete(write, clock) -> None:
    state(1, make.NOW, "P1Y")
    state(2, MARCH + timedelta(hours=9), "P6M")
    write(MARCH - timedelta(days=250))
    assert "0 due (kept 1 year from the day they arrive" in said("--dry-run", "--at", "2027-02-28")
    ahead = said("--dry-run", "--at", "2027-03-01")
    assert "1 due (kept 6 months from the day they arrive" in ahead
    assert "Privacy policy, version 2" in ahead
    assert Inquiry.objects.exists()
    assert not RetentionRun.objects.exists()


@pytest.mark.parametrize(("instant", "rows"), [("2027-03-01T08:59Z", 0), ("2027-03-01T10:00+01:00", 1)])
def test_a_look_ahead_may_name_an_instant(write, instant: str, rows: int) -> None:
    state(1, make.NOW, "P1Y")
    state(2, MARCH + timedelta(hours=9), "P6M")
    write(MARCH - timedelta(days=250))
    report = json.loads(said("--dry-run", "--json", "--at", instant))
    [outcome] = [entry for entry in report if entry["holding"] == INQUIRY]
    assert outcome["rows"] == rows
    assert outcome["stated_by"] == f"Privacy policy, version {rows + 1}"


@pytest.mark.parametrize("when", ["tomorrow", "2027-13-01", "2027-03-01T00:00", "9999-12-31"])
def test_a_look_at_no_instant_is_refused(when: str) -> None:
    with pytest.raises(CommandError, match="write a day, 2027-03-01"):
        said("--dry-run", "--at", when)


def test_nothing_is_deleted_ahead_of_its_time(write) -> None:
    write(make.NOW)
    with pytest.raises(CommandError, match="add --dry-run"):
        said("--at", "2037-03-01")
    assert Inquiry.objects.exists()


def test_the_data_map_names_the_version_or_says_there_is_none(client: Client, clock) -> None:
    make.site()
    state(1, make.NOW, "P6M")
    client.force_login(make.vera())
    page = client.get(reverse("data_map:index")).content.decode()
    assert "6 months from the day they arrive" in page
    assert "stated by: Privacy policy, version 1" in page
    assert "Requests to subscribe that were never confirmed: 7 days from the day of the request" in page
    assert "declared in code: no version covers it" in page
