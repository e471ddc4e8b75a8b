"""The file has everything about one person's mail: words, decisions, and every message with what allowed it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from consent.models import Decision
from consent.told import Told
from mailing import audience
from mailing.models import Delivery, Link, LinkFollowed, MailingList, Return, Subscription
from tests import make
from tests.mailing import reader

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ana(client: Client, news: MailingList) -> Subscription:
    asked = make.request(make.ANA, news)
    client.post(reader.confirm(asked), **make.HERE)
    return Subscription.objects.get(pk=asked.pk)


def read(client: Client, subscription: Subscription) -> Any:
    return client.get(f"{reader.preferences(subscription.subscriber)}my-mail.json")


def test_it_is_a_file_that_nothing_keeps(client: Client, ana: Subscription) -> None:
    answer = read(client, ana)
    assert answer["Content-Type"] == "application/json"
    assert answer["Content-Disposition"] == 'attachment; filename="my-mail.json"'
    assert "no-store" in answer["Cache-Control"]
    assert make.ANA not in answer.content.decode()


def test_it_has_the_words_and_every_decision(client: Client, ana: Subscription, clock: Any) -> None:
    clock.shift(60)
    wish = audience.Wish(ana.mailing_list, "w", "You may count.", links=True)
    audience.change(subscriber=ana.subscriber, wishes=[wish], locale="en", told=Told(), now=make.NOW)
    audience.leave(subscription=ana, told=Told(), now=make.NOW + timedelta(minutes=1))
    [said] = read(client, ana).json()["subscriptions"]
    assert (said["list"], said["words"], said["asked_by"]) == ("news", "You may write to me.", "form")
    assert said["asked_at"] == said["confirmed_at"] == "2026-03-01T12:00:00+00:00"
    assert said["left_at"] == "2026-03-01T12:01:00+00:00"
    assert [row["id"] for row in said["decisions"]] == [str(row.pk) for row in Decision.objects.order_by("seq")]
    assert [row["choices"] for row in said["decisions"]] == [
        {"mail:news": True},
        {"mail-links:news": True},
        {"mail:news": False, "mail-links:news": False},
    ]
    version = ana.decision.policy_version  # type: ignore[union-attr]
    assert said["decisions"][0]["policy_version"] == {"number": 1, "sha256": version.sha256}  # type: ignore[union-attr]


def test_it_has_every_message_with_what_became_of_it(client: Client, ana: Subscription) -> None:
    delivery = reader.delivered(ana, tracked=True, state=Delivery.State.BOUNCED, smtp_text="2.0.0 Ok")
    link = Link.objects.create(campaign=delivery.campaign, url="https://quay.example/spring")
    LinkFollowed.objects.create(delivery=delivery, link=link, followed_at=make.NOW)
    Return.objects.create(
        delivery=delivery, kind="soft", source="mailbox", status="4.2.2", identity="x", received_at=make.NOW
    )
    [said] = read(client, ana).json()["messages"]
    assert (said["decision"], said["state"], said["purpose"]) == (
        str(ana.decision_id),
        "bounced",
        "dpv:DirectMarketing",
    )
    assert (said["policy_version"]["number"], said["smtp_code"], said["smtp_words"]) == (1, 250, "2.0.0 Ok")
    assert (said["queued_at"], said["sent_at"]) == ("2026-03-01T12:00:00+00:00",) * 2
    assert said["links_followed"] == [{"address": "https://quay.example/spring", "at": "2026-03-01T12:00:00+00:00"}]
    assert said["came_back"] == [{"kind": "soft", "status": "4.2.2", "at": "2026-03-01T12:00:00+00:00"}]


def test_it_has_nothing_of_anybody_else(client: Client, ana: Subscription) -> None:
    reader.delivered(make.subscriber(make.BEN, ana.mailing_list))
    said = read(client, ana).json()
    assert (len(said["subscriptions"]), said["messages"]) == (1, [])


def test_the_page_lists_what_was_sent_with_its_reason(client: Client, ana: Subscription) -> None:
    campaign = make.campaign(ana.mailing_list, "Spring, {{ name|dear reader }}")
    delivery = reader.delivered(ana, campaign)
    reader.delivered(ana, make.campaign(ana.mailing_list, "Not yet"), state=Delivery.State.PENDING, sent_at=None)
    page = client.get(reader.preferences(ana.subscriber)).content.decode()
    assert "Spring, dear reader" in page
    assert f'href="{reader.why(delivery)}"' in page
    assert "Not yet" not in page


def test_the_page_has_the_newest_fifty_and_asks_for_them_at_once(
    client: Client, ana: Subscription, django_assert_max_num_queries: Any
) -> None:
    for number in range(51):
        at = make.NOW - timedelta(days=number)
        campaign = make.campaign(ana.mailing_list, f"Mail no. {number}.")
        reader.delivered(ana, campaign, sent_at=at, changed_at=at)
    with django_assert_max_num_queries(40):
        page = client.get(reader.preferences(ana.subscriber)).content.decode()
    assert "Mail no. 49." in page
    assert "Mail no. 50." not in page
    assert "Only the newest are shown" in page
    assert len(read(client, ana).json()["messages"]) == 51
