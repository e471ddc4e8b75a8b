"""What follows from a report: for the row, the address, the subscription."""

import time
from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction

from consent.models import Decision
from mailing import audience, returns
from mailing.models import Delivery, MailingList, Return, Subscriber, Suppression
from mailing.returns import Report, report
from mailing.returns.shapes import Kind
from tests import make
from tests.committed import together
from tests.mailing import returned

State = Delivery.State
MAILBOX = Return.Source.MAILBOX


def suppressed() -> set[tuple[str, str]]:
    return set(Suppression.objects.values_list("scope", "reason"))


def come_back(delivery: Delivery, kind: Kind, status: str = "", *, days: int = 0) -> Return | None:
    now = make.NOW + timedelta(days=days)
    return returns.receive(report(kind, delivery.pk, status), source=MAILBOX, now=now)


def state(delivery: Delivery) -> str:
    return Delivery.objects.get(pk=delivery.pk).state


def test_a_hard_bounce_ends_all_mail_to_the_address(news: MailingList) -> None:
    delivery = returned.to(make.ANA, news)
    row = come_back(delivery, Kind.HARD, "5.1.1")
    assert row is not None
    assert (row.kind, row.status, row.source, row.received_at) == ("hard", "5.1.1", "mailbox", make.NOW)
    assert state(delivery) == State.BOUNCED
    assert suppressed() == {("all", "hard")}
    assert make.ANA not in str(Return.objects.values())


def test_the_same_report_twice_counts_once(news: MailingList) -> None:
    delivery = returned.to(make.ANA, news)
    assert come_back(delivery, Kind.HARD, "5.1.1")
    assert come_back(delivery, Kind.HARD, "5.1.1", days=1) is None
    assert Return.objects.count() == 1


def test_a_report_about_no_row_is_nothing(news: MailingList) -> None:
    assert returns.receive(report(Kind.HARD, 12345, "5.1.1"), source=MAILBOX, now=make.NOW) is None
    assert returns.receive(report(Kind.HARD, 2**63 + 5, ""), source=MAILBOX, now=make.NOW) is None
    assert not Return.objects.exists()
    assert not Suppression.objects.exists()


def test_one_soft_bounce_says_little_about_an_address(news: MailingList) -> None:
    delivery = returned.to(make.ANA, news)
    assert come_back(delivery, Kind.SOFT, "5.2.2")
    assert state(delivery) == State.BOUNCED
    assert suppressed() == set()


def test_the_third_campaign_that_comes_back_within_ninety_days_is_the_last(news: MailingList) -> None:
    subscription = make.subscriber(make.ANA, news)
    for day in (0, 44, 89):
        assert suppressed() == set()
        come_back(returned.sent(subscription), Kind.SOFT, "4.2.2", days=day)
    assert suppressed() == {("all", "soft")}


def test_three_soft_bounces_over_more_than_ninety_days_end_nothing(news: MailingList) -> None:
    subscription = make.subscriber(make.ANA, news)
    for day in (0, 45, 90):
        come_back(returned.sent(subscription), Kind.SOFT, "4.2.2", days=day)
    assert suppressed() == set()


def test_refusals_by_a_rule_never_count(news: MailingList) -> None:
    subscription = make.subscriber(make.ANA, news)
    for status in ("5.7.1", "5.6.0", "4.7.1", "5.3.4"):
        come_back(returned.sent(subscription), Kind.SOFT, status)
    assert suppressed() == set()
    assert {row.state for row in Delivery.objects.all()} == {State.BOUNCED}  # and yet each came back


def test_soft_bounces_of_three_people_are_nobodys_third(news: MailingList) -> None:
    for email in (make.ANA, make.BEN, make.CLEO):
        come_back(returned.to(email, news), Kind.SOFT, "4.2.2")
    assert suppressed() == set()


def test_a_complaint_ends_the_mail_of_lists_and_leaves_this_one(news: MailingList) -> None:
    delivery = returned.to(make.ANA, news)
    assert come_back(delivery, Kind.COMPLAINT)
    assert state(delivery) == State.COMPLAINED
    assert suppressed() == {("lists", "complaint")}
    assert delivery.subscription
    delivery.subscription.refresh_from_db()
    assert delivery.subscription.left_at == make.NOW
    withdrawn = Decision.objects.latest("seq")
    assert (withdrawn.action, withdrawn.choices, withdrawn.policy_version) == ("withdraw", {"mail:news": False}, None)
    assert delivery.decision
    assert withdrawn.consent_id == delivery.decision.consent_id


def test_a_complaint_after_a_bounce_shows_and_a_bounce_after_a_complaint_does_not(news: MailingList) -> None:
    first, second = returned.to(make.ANA, news), returned.to(make.BEN, news)
    come_back(first, Kind.HARD, "5.1.1")
    come_back(first, Kind.COMPLAINT)
    come_back(second, Kind.COMPLAINT)
    come_back(second, Kind.HARD, "5.1.1")
    assert [state(first), state(second)] == [State.COMPLAINED, State.COMPLAINED]
    assert Return.objects.count() == 4


def test_whoever_leaves_from_the_mailbox_has_left_the_list_and_is_on_no_black_list(news: MailingList) -> None:
    delivery = returned.to(make.ANA, news)
    assert come_back(delivery, Kind.LEFT)
    assert delivery.subscription
    delivery.subscription.refresh_from_db()
    assert delivery.subscription.left_at == make.NOW
    assert state(delivery) == State.SENT
    assert suppressed() == set()


def test_an_old_report_takes_nobody_off_a_list_twice(news: MailingList) -> None:
    delivery = returned.to(make.ANA, news)
    assert delivery.subscription
    audience.leave(subscription=delivery.subscription, told=make.Told(), now=make.NOW)
    decisions = Decision.objects.count()
    come_back(delivery, Kind.COMPLAINT, days=1)
    assert Decision.objects.count() == decisions
    assert suppressed() == {("lists", "complaint")}


@pytest.mark.parametrize("before", [State.UNKNOWN, State.SENDING])
def test_what_came_back_had_been_accepted_whatever_we_knew(news: MailingList, before: State) -> None:
    delivery = returned.to(make.ANA, news, state=before, reason="broken", owner="connection 1", sent_at=None)
    come_back(delivery, Kind.HARD, "5.1.1")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason, delivery.owner) == (State.BOUNCED, "", "")
    assert delivery.sent_at == make.NOW


@pytest.mark.parametrize(
    ("kind", "ended"), [(Kind.HARD, {("all", "hard")}), (Kind.SOFT, set()), (Kind.COMPLAINT, set()), (Kind.LEFT, set())]
)
def test_of_a_letter_only_a_hard_bounce_says_something_about_the_address(
    news: MailingList, kind: Kind, ended: set[tuple[str, str]]
) -> None:
    delivery = returned.of_letter(make.CLEO)
    assert come_back(delivery, kind, "5.1.1" if kind == Kind.HARD else "")
    assert suppressed() == ended


def test_what_is_on_the_list_already_keeps_its_reason(news: MailingList) -> None:
    subscription = make.subscriber(make.ANA, news)
    come_back(returned.sent(subscription), Kind.HARD, "5.1.1")
    come_back(returned.sent(subscription), Kind.HARD, "5.2.1", days=3)
    assert Suppression.objects.get().since_at == make.NOW


def test_a_refusal_by_the_mail_server_follows_the_same_rules_and_leaves_the_rows_alone(news: MailingList) -> None:
    ana, ben = make.subscriber(make.ANA, news), make.subscriber(make.BEN, news)
    for day in (0, 1, 2):
        rows = [returned.sent(person, state=State.FAILED) for person in (ana, ben)]
        found = [(rows[0].pk, Kind.SOFT, "4.2.2"), (rows[1].pk, Kind.HARD, "5.1.1"), (99_999, Kind.HARD, "5.1.1")]
        for _again in range(2):
            returns.refused(iter(found), now=make.NOW + timedelta(days=day))
        assert {state(row) for row in rows} == {State.FAILED}
        reasons = {reason for _scope, reason in suppressed()}
        assert reasons == ({"hard", "soft"} if day == 2 else {"hard"})
    assert Return.objects.count() == 6
    assert set(Return.objects.values_list("source", flat=True)) == {"smtp"}
    returns.refused([], now=make.NOW)


def test_one_report_from_many_workers_at_once_is_one_row(committed: None) -> None:
    make.site()
    delivery = returned.to(make.ANA, make.mailing_list())

    def call() -> Return | None:
        return come_back(delivery, Kind.COMPLAINT)

    answers = together(*[call] * 6)
    assert sum(answer is not None for answer in answers) == 1
    assert Return.objects.count() == 1
    assert Decision.objects.filter(action="withdraw").count() == 1


def test_of_two_soft_bounces_at_the_same_moment_one_sees_the_other(committed: None) -> None:
    """The second is not committed yet as the third comes in."""
    make.site()
    subscription = make.subscriber(make.ANA, make.mailing_list())
    first, second, third = (returned.sent(subscription) for _number in range(3))
    come_back(first, Kind.SOFT, "4.2.2")
    written = Event()

    def slowly() -> None:
        with transaction.atomic():
            come_back(second, Kind.SOFT, "4.2.2")
            written.set()
            time.sleep(0.5)

    def meanwhile() -> None:
        assert written.wait(10)
        come_back(third, Kind.SOFT, "4.2.2")

    together(slowly, meanwhile)
    assert suppressed() == {("all", "soft")}


def test_a_report_about_somebody_who_was_erased_is_nothing(news: MailingList) -> None:
    delivery = returned.to(make.ANA, news)
    Subscriber.objects.all().delete()
    assert come_back(delivery, Kind.HARD, "5.1.1") is None
    assert not Return.objects.exists()


def test_a_report_of_another_making_is_kept_by_its_own_identity(news: MailingList) -> None:
    delivery = returned.to(make.ANA, news)
    first = Report(Kind.SOFT, delivery.pk, "4.2.2", "a" * 64)
    assert returns.receive(first, source=Return.Source.WEBHOOK, now=make.NOW)
    assert returns.receive(first, source=MAILBOX, now=make.NOW) is None
