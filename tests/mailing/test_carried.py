"""Where a mail provider is registered, each campaign puts on record that addresses go through its hands."""

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest

from mailing import campaigns
from mailing.models import Campaign, Delivery, MailingList
from records import disclosures
from records.models import Disclosure, Recipient
from records.registry import Ground
from tests import make
from tests.mailing.test_export import listed


@pytest.fixture
def news(db: None, clock: Any) -> MailingList:
    news = make.mailing_list()
    for email in (make.ANA, make.BEN):
        make.subscriber(email, news)
    return news


def provider() -> Recipient:
    return Recipient.objects.create(name="Post Works", country="NL", role="mail")


def test_a_campaign_at_its_start_is_one_row_that_counts_its_people(news: MailingList) -> None:
    listed(Ground.PURPOSE)
    provider()
    make.recipient()
    campaign = make.campaign(news)
    campaigns.schedule(campaign=campaign, send_at=make.NOW, now=make.NOW)
    assert not Disclosure.objects.exists()
    assert campaigns.start(campaign.pk, now=make.NOW) == 2
    row = Disclosure.objects.get()
    assert (row.recipient_name, row.ground, row.subjects) == ("Post Works", "purpose", 2)
    assert (row.reference, row.asked_by) == (f"mailing.Campaign:{campaign.pk}", None)
    assert row.sets == {"mailing.Subscriber": ["email", "fields", "name"]}
    assert not row.people.exists()
    pairs = Delivery.objects.order_by("pk").values_list("pk", "subscription_id")
    listed_there = "".join(json.dumps(pair) + "\n" for pair in pairs)
    assert row.sha256_sent == hashlib.sha256(listed_there.encode()).hexdigest()
    assert list(disclosures.faults()) == []
    assert campaigns.start(campaign.pk, now=make.NOW) == 0
    assert Disclosure.objects.count() == 1


def test_without_a_provider_nothing_is_on_record(news: MailingList) -> None:
    make.queued(make.campaign(news))
    assert Delivery.objects.count() == 2
    assert not Disclosure.objects.exists()


def test_a_provider_without_a_ground_in_force_gets_no_campaign_and_the_screen_says_why(news: MailingList) -> None:
    provider()
    campaign = make.campaign(news)
    with pytest.raises(campaigns.CannotSend, match="No policy in force lists a ground"):
        campaigns.schedule(campaign=campaign, send_at=make.NOW, now=make.NOW)
    listed(Ground.CONSENT)
    with pytest.raises(campaigns.CannotSend, match="does not list this ground"):
        campaigns.schedule(campaign=campaign, send_at=make.NOW, now=make.NOW)


def test_one_whose_ground_ended_before_its_hour_waits_for_another_version(news: MailingList) -> None:
    listed(Ground.PURPOSE)
    provider()
    campaign, later = make.campaign(news), make.NOW + timedelta(hours=2)
    campaigns.schedule(campaign=campaign, send_at=make.NOW + timedelta(hours=1), now=make.NOW)
    listed(Ground.CONSENT, at=make.NOW + timedelta(minutes=30), number=2)
    assert campaigns.start(campaign.pk, now=make.NOW + timedelta(hours=1)) == 0
    assert not Delivery.objects.exists()
    listed(Ground.PURPOSE, at=later, number=3)
    assert campaigns.start(campaign.pk, now=later) == 2
    assert Campaign.objects.get().state == Campaign.State.SENDING
    assert Disclosure.objects.get().version == 3
