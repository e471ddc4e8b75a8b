"""Does a campaign stop by itself once too many readers report it, and only then?"""

import pytest
from pytest_django import Settings

from mailing import addresses, returns
from mailing.models import Campaign, Delivery, MailingList, Return, Subscriber, Subscription
from mailing.returns import report
from mailing.returns.shapes import Kind
from tests import make
from tests.mailing import returned

State = Delivery.State


@pytest.fixture
def campaign(news: MailingList) -> Campaign:
    return make.campaign(news, state=Campaign.State.SENDING)


def reach(campaign: Campaign, news: MailingList, people: int, state: State = State.SENT) -> list[Delivery]:
    """That many rows of the campaign in a state."""
    first = make.subscriber(f"{state}@mail.example", news)
    emails = [f"{state}-{number}@mail.example" for number in range(1, people)]
    common = {"domain": "mail.example", "provider": "other", "locale": "en", "created_at": make.NOW}
    readers = Subscriber.objects.bulk_create(
        Subscriber(email=email, digest=addresses.digest(email), **common) for email in emails
    )
    asked = {"mailing_list": news, "statement": "Yes.", "requested_at": make.NOW, "confirmed_at": make.NOW}
    subscriptions = Subscription.objects.bulk_create(
        Subscription(subscriber=reader, decision=first.decision, **asked) for reader in readers
    )
    row = returned.sent(first, campaign=campaign, state=state)
    values = {name: getattr(row, name) for name in ("decision_id", "purpose", "language", "provider", "domain")}
    values |= dict.fromkeys(("not_before", "queued_at", "sent_at", "changed_at"), make.NOW)
    rows = [Delivery(campaign=campaign, subscription=each, state=state, **values) for each in subscriptions]
    return [row, *Delivery.objects.bulk_create(rows)]


def complain(*rows: Delivery) -> None:
    for row in rows:
        returns.receive(report(Kind.COMPLAINT, row.pk), source=Return.Source.MAILBOX, now=make.NOW)


def is_paused(campaign: Campaign) -> bool:
    campaign.refresh_from_db()
    assert (campaign.state == Campaign.State.PAUSED) == (campaign.paused_by == Campaign.Paused.COMPLAINTS)
    return campaign.state == Campaign.State.PAUSED


def test_two_complaints_of_a_hundred_stop_it_and_one_does_not(campaign: Campaign, news: MailingList) -> None:
    rows = reach(campaign, news, 100)
    complain(rows[0])
    assert not is_paused(campaign)
    complain(rows[1])
    assert is_paused(campaign)
    assert returns.complained_too_often(campaign)


def test_of_fewer_than_a_hundred_messages_no_rate_is_made(campaign: Campaign, news: MailingList) -> None:
    complain(*reach(campaign, news, 99)[:5])
    assert not is_paused(campaign)


def test_the_same_reader_twice_is_one_complaint(campaign: Campaign, news: MailingList) -> None:
    row = reach(campaign, news, 100)[0]
    complain(row)
    again = returns.Report(Kind.COMPLAINT, row.pk, "", "b" * 64)
    assert returns.receive(again, source=Return.Source.WEBHOOK, now=make.NOW)
    assert not is_paused(campaign)


@pytest.mark.parametrize(("sent", "stops"), [(199, True), (200, False)])
def test_it_stops_above_the_rate_and_not_at_it(
    campaign: Campaign, news: MailingList, settings: Settings, sent: int, stops: bool
) -> None:
    settings.MAIL_COMPLAINTS = 100  # 1 %
    complain(*reach(campaign, news, sent)[:2])
    assert is_paused(campaign) == stops


def test_messages_that_never_arrived_do_not_thin_the_rate(
    campaign: Campaign, news: MailingList, settings: Settings
) -> None:
    settings.MAIL_COMPLAINTS = 100
    reach(campaign, news, 100, State.BOUNCED)
    complain(*reach(campaign, news, 150)[:2])
    assert is_paused(campaign)


def test_complaints_about_another_campaign_count_there(campaign: Campaign, news: MailingList) -> None:
    rows = reach(campaign, news, 120)
    other = make.campaign(news, state=Campaign.State.SENDING)
    subscriptions = [row.subscription for row in rows[:2]]
    complain(*[returned.sent(each, campaign=other) for each in subscriptions if each])
    assert not is_paused(campaign)
    assert not is_paused(other)


def test_a_campaign_that_was_sent_stays_sent(campaign: Campaign, news: MailingList) -> None:
    rows = reach(campaign, news, 100)
    Campaign.objects.update(state=Campaign.State.SENT)
    complain(*rows[:3])
    assert Campaign.objects.get(pk=campaign.pk).state == Campaign.State.SENT
