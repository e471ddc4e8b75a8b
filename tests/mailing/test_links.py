"""A counted link leads where its mail's campaign links to, and counts for whoever agreed to that and still does."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consent.told import Told
from mailing import audience, letters
from mailing.models import Delivery, Link, LinkFollowed, MailingList, Subscription
from tests import make
from tests.mailing import reader

TARGET = "https://quay.example/spring?a=1&b=2#prices"
pytestmark = pytest.mark.usefixtures("clock")


def count_links(subscription: Subscription, yes: bool = True) -> None:
    wish = audience.Wish(subscription.mailing_list, "You may.", "You may count.", links=yes)
    audience.change(subscriber=subscription.subscriber, wishes=[wish], locale="en", told=Told(), now=timezone.now())


@pytest.fixture
def ana(news: MailingList) -> Subscription:
    subscription = make.subscriber(make.ANA, news)
    count_links(subscription)
    return subscription


@pytest.fixture
def delivery(ana: Subscription) -> Delivery:
    return reader.delivered(ana, tracked=True)


@pytest.fixture
def link(delivery: Delivery) -> Link:
    return Link.objects.create(campaign=delivery.campaign, url=TARGET)


def follow(delivery: Delivery, link: Link, method: str = "GET", **headers: str) -> Any:
    answer = Client().generic(method, reader.go(delivery.pk, link.pk), **headers)
    assert (answer.status_code, answer["Location"]) == (302, TARGET)
    return answer


def test_it_leads_on_and_counts(delivery: Delivery, link: Link) -> None:
    answer = follow(delivery, link)
    row = LinkFollowed.objects.get()
    assert (row.delivery, row.link, row.followed_at) == (delivery, link, make.NOW)
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies


def test_a_mail_with_plain_links_counts_nothing(delivery: Delivery, link: Link) -> None:
    Delivery.objects.update(tracked=False)
    follow(delivery, link)
    assert not LinkFollowed.objects.exists()


def test_a_consent_taken_back_since_counts_nothing(
    ana: Subscription, delivery: Delivery, link: Link, clock: Any
) -> None:
    clock.shift(60)
    count_links(ana, yes=False)
    follow(delivery, link)
    assert not LinkFollowed.objects.exists()


def test_whoever_left_the_list_is_not_counted(ana: Subscription, delivery: Delivery, link: Link, clock: Any) -> None:
    clock.shift(60)
    Client().post(reader.unsubscribe(ana), **make.HERE)
    follow(delivery, link)
    assert not LinkFollowed.objects.exists()


@pytest.mark.parametrize("headers", [{"HTTP_SEC_PURPOSE": "prefetch;prerender"}, {"HTTP_PURPOSE": "prefetch"}])
def test_fetching_ahead_counts_nothing(delivery: Delivery, link: Link, headers: dict[str, str]) -> None:
    follow(delivery, link, **headers)
    assert not LinkFollowed.objects.exists()


def test_asking_for_the_head_counts_nothing(delivery: Delivery, link: Link) -> None:
    follow(delivery, link, "HEAD")
    assert not LinkFollowed.objects.exists()


@pytest.mark.parametrize("method", ["POST", "OPTIONS", "PUT"])
def test_no_other_method_is_answered(delivery: Delivery, link: Link, method: str) -> None:
    assert Client().generic(method, reader.go(delivery.pk, link.pk)).status_code == 405


def test_a_link_of_another_campaign_leads_nowhere(ana: Subscription, delivery: Delivery) -> None:
    other = Link.objects.create(campaign=make.campaign(ana.mailing_list, "Other"), url=TARGET)
    assert Client().get(reader.go(delivery.pk, other.pk)).status_code == 404


def test_a_link_of_a_letter_leads_nowhere(link: Link) -> None:
    letter = letters.write(email=make.BEN, subject="Yes", text="Yes.", locale="en", now=make.NOW)
    assert Client().get(reader.go(letter.deliveries.get().pk, link.pk)).status_code == 404


def test_a_link_that_is_gone_leads_nowhere(delivery: Delivery, link: Link) -> None:
    address = reader.go(delivery.pk, link.pk)
    link.delete()
    assert "leads nowhere any more" in Client().get(address).content.decode()


def test_an_address_in_the_request_is_never_followed(delivery: Delivery, link: Link) -> None:
    for query in ("?url=https://evil.example/", "?next=//evil.example", "?https://evil.example"):
        assert Client().get(reader.go(delivery.pk, link.pk) + query)["Location"] == TARGET


def test_an_address_that_no_browser_should_open_is_not_followed(delivery: Delivery) -> None:
    for url in ("javascript:alert(1)", "ftp://quay.example/", "//evil.example", "data:text/html,x"):
        odd = Link.objects.create(campaign=delivery.campaign, url=url)
        assert Client().get(reader.go(delivery.pk, odd.pk)).status_code == 404


def test_the_link_of_an_erased_reader_leads_on_and_counts_nothing(
    ana: Subscription, delivery: Delivery, link: Link
) -> None:
    address = reader.go(delivery.pk, link.pk)
    ana.subscriber.delete()
    assert not Delivery.objects.exists()
    assert Client().get(address)["Location"] == TARGET
    assert not LinkFollowed.objects.exists()


def test_each_time_is_a_row(delivery: Delivery, link: Link, clock: Any) -> None:
    for _ in range(3):
        follow(delivery, link)
        clock.shift(timedelta(seconds=1))
    assert LinkFollowed.objects.count() == 3
