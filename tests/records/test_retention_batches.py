"""Rows go in batches that stand each by itself: killed, crossed or refused, a run loses and doubles nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from home.models import Inquiry
from mailing.models import MailingList, Subscription
from records import retention
from records.models import RetentionRun, RetentionTally
from records.registry import Holding, kept
from records.retention import expiring
from tests import make

pytestmark = pytest.mark.django_db
OLD = make.NOW - timedelta(days=800)
INQUIRY = "home.Inquiry"


def write(count: int, at: Any = OLD) -> None:
    for number in range(count):
        make.inquiry(f"{number}@mail.example", at)


def outcome(key: str = INQUIRY) -> retention.Outcome:
    return next(found for found in retention.expire(now=make.NOW) if found.holding == key)


class Killed(BaseException):
    """What a worker gets no chance to handle."""


def kill_after(monkeypatch: pytest.MonkeyPatch, batches: int) -> None:
    """The worker dies when it begins the batch after so many."""
    whole, begun = expiring._free, iter(range(10_000))

    def dying(rule: retention.Rule, now: Any) -> Any:
        if rule.key == INQUIRY and next(begun) == batches:
            raise Killed
        return whole(rule, now)

    monkeypatch.setattr(expiring, "_free", dying)


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 4, 5])
def test_all_go_however_they_fall_into_batches(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiring, "CAREFUL", 2)
    write(rows)
    assert outcome().rows == rows
    assert not Inquiry.objects.exists()


def test_rows_of_one_instant_go_past_the_end_of_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expiring, "CAREFUL", 3)
    write(4, OLD - timedelta(days=1))
    write(7)
    write(2, make.NOW)
    assert (outcome().rows, Inquiry.objects.count()) == (11, 2)


def test_a_run_that_was_killed_is_finished_by_the_next_and_no_row_is_recorded_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(expiring, "CAREFUL", 2)
    write(7)
    with monkeypatch.context() as dying:
        kill_after(dying, batches=2)
        with pytest.raises(Killed):
            retention.expire(now=make.NOW)
    assert Inquiry.objects.count() == 3
    assert not RetentionRun.objects.filter(holding=INQUIRY).exists(), "a record would claim what is still there"
    assert RetentionTally.objects.get(holding=INQUIRY).rows == 4
    assert outcome().rows == 3
    assert RetentionRun.objects.get(holding=INQUIRY).expired == 7
    assert not RetentionTally.objects.exists()
    assert retention.verify() is None


def test_a_row_that_is_confirmed_after_the_batch_was_read_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    news = make.mailing_list()
    asked = make.request(make.CLEO, news, OLD)
    whole = expiring._delete

    def crossed(rule: retention.Rule, batch: Any, *, plain: bool) -> int:
        if rule.key == "mailing.Subscription":
            assert list(batch) == [asked]
            confirm(asked)
        return whole(rule, batch, plain=plain)

    monkeypatch.setattr(expiring, "_delete", crossed)
    assert outcome("mailing.Subscription").rows == 0
    assert Subscription.objects.get() == asked


def confirm(asked: Subscription) -> None:
    stands = make.decision(make.catalogue_of_one(), "analytics", now=OLD)
    Subscription.objects.filter(pk=asked.pk).update(confirmed_at=OLD, decision=stands)


def test_one_table_in_trouble_keeps_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    write(1)
    _entry, keep = kept()["consent.Decision"]  # comes before the inquiries

    def refused(keys: Any, now: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return 0

    monkeypatch.setitem(keep.__dict__, "erase", refused)
    make.decision(
        make.catalogue_of_one(), now=make.NOW - timedelta(days=4000), expires_at=make.NOW - timedelta(days=4000)
    )
    with pytest.raises(ExceptionGroup) as raised:
        retention.expire(now=make.NOW)
    [trouble] = raised.value.exceptions
    assert isinstance(trouble, DatabaseError)
    assert trouble.__notes__ == ["while expiring consent.Decision"]
    assert not Inquiry.objects.exists()
    assert set(RetentionRun.objects.values_list("holding", flat=True)) == set(kept()) - {"consent.Decision"}


def test_a_data_set_may_do_the_whole_rule_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    _entry, keep = kept()[INQUIRY]
    asked: list[retention.Rule] = []

    def run(rule: retention.Rule, now: Any) -> tuple[int, int]:
        asked.append(rule)
        return 12, 3

    monkeypatch.setitem(keep.__dict__, "run", run)
    write(1)
    assert (outcome().rows, asked[0].key, Inquiry.objects.count()) == (12, INQUIRY, 1)
    assert RetentionRun.objects.values_list("expired", "held").get(holding=INQUIRY) == (12, 3)


def test_a_batch_of_plain_rows_is_one_statement_and_no_row_is_loaded() -> None:
    for number in range(20):
        Session.objects.create(session_key=f"key{number}", session_data="x", expire_date=OLD)
    with CaptureQueriesContext(connection) as seen:
        assert outcome("sessions.Session").rows == 20
    about = [query["sql"] for query in seen if 'FROM "django_session"' in query["sql"]]
    [deleted] = [sql for sql in about if sql.startswith("DELETE")]
    assert not [sql for sql in about if "session_data" in sql]
    assert '"expire_date" <=' in deleted, "by the column that says when, not by five thousand keys"


def test_of_rows_on_which_others_hang_nothing_sealed_is_loaded() -> None:
    write(20)
    with CaptureQueriesContext(connection) as seen:
        assert outcome().rows == 20
    assert not [query["sql"] for query in seen if '"home_inquiry"."message"' in query["sql"]]


PLAIN = [(Session, True), (Inquiry, False), (Subscription, False), (MailingList, False)]


@pytest.mark.parametrize(("model", "plain"), PLAIN)
def test_only_where_nothing_hangs_on_a_row_it_goes_the_plain_way(model: Any, plain: bool) -> None:
    assert expiring.is_plain(model) is plain


@pytest.mark.parametrize("key", sorted(kept()))
def test_every_rule_can_be_looked_at(key: str) -> None:
    """Its column exists, and so do its conditions."""
    [rule] = [rule for rule in retention.rules(make.NOW) if rule.key == key]
    assert isinstance(rule.entry, Holding)
    assert rule.due.count() == rule.left.count() == rule.rows.count() == 0
