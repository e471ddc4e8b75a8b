"""Leaving takes one press, from the page or from the mailbox itself, and counts from that moment."""

import re
from typing import Any

import pytest
from django.test import Client

from consent.models import Decision
from consent.told import Told
from mailing import audience, campaigns
from mailing.models import MailingList, Return, Subscription
from tests import make
from tests.committed import together
from tests.mailing import reader

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ana(news: MailingList) -> Subscription:
    return make.subscriber(make.ANA, news)


def press(subscription: Subscription, delivery: int = 0) -> Any:
    """The button on the page."""
    return Client().post(reader.unsubscribe(subscription, delivery), **make.HERE)


def test_opening_the_link_changes_nothing(client: Client, ana: Subscription) -> None:
    address = reader.unsubscribe(ana)
    page = client.get(address).content.decode()
    assert "Do you want to stop receiving “News”?" in page
    assert make.ANA not in page
    assert [client.head(address).status_code, client.options(address).status_code] == [200, 405]
    assert Subscription.objects.live().exists()


def test_leaving_is_a_decision_of_the_same_person(ana: Subscription, clock: Any) -> None:
    clock.shift(1)
    press(ana)
    yes, no = Decision.objects.order_by("seq")
    assert (no.choices, no.source, no.consent_id) == ({"mail:news": False}, "mail", yes.consent_id)
    assert (no.action, no.statement, no.policy_version.number) == ("withdraw", "You may write to me.", 1)


def test_leaving_counts_at_once(ana: Subscription) -> None:
    press(ana)
    ana.refresh_from_db()
    assert ana.left_at == make.NOW
    assert ana.decision_for_mail(make.NOW) is None
    with pytest.raises(campaigns.CannotSend):
        campaigns.schedule(campaign=make.campaign(ana.mailing_list), send_at=make.NOW, now=make.NOW)


def test_leaving_twice_is_no_error_and_no_second_decision(ana: Subscription) -> None:
    assert [press(ana).status_code for _ in range(2)] == [200, 200]
    assert Decision.objects.count() == 2


def test_the_page_leads_back_and_to_the_rest_without_a_key(client: Client, ana: Subscription) -> None:
    page = press(ana).content.decode()
    assert "You have left the list" in page
    assert 'href="/mail/join/"' in page
    assert set(re.findall(r'href="(/mail/preferences/[^"]*)"', page)) == {"/mail/preferences/"}
    assert "You left this list already" in client.get(reader.unsubscribe(ana)).content.decode()


def test_leaving_one_list_keeps_the_other(ana: Subscription) -> None:
    offers = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    make.subscriber(make.ANA, offers)
    press(ana)
    assert Subscription.objects.live().get().mailing_list == offers


def test_a_link_to_leave_never_grows_too_old(ana: Subscription, clock: Any) -> None:
    link = reader.unsubscribe(ana)
    clock.move_to("2036-03-01")
    assert Client().post(link, **make.HERE).status_code == 200
    assert not Subscription.objects.live().exists()


def test_the_consent_to_counted_links_ends_with_it(ana: Subscription) -> None:
    wish = audience.Wish(ana.mailing_list, "w", "You may count my links.", links=True)
    audience.change(subscriber=ana.subscriber, wishes=[wish], locale="en", told=Told(), now=make.NOW)
    assert audience.tracking_allowed(ana, make.NOW)
    press(ana)
    assert Decision.objects.order_by("seq").last().choices == {"mail:news": False, "mail-links:news": False}  # type: ignore[union-attr]
    ana.refresh_from_db()
    assert not audience.tracking_allowed(ana, make.NOW)


def test_with_which_campaign_in_hand_somebody_left_is_counted_once(ana: Subscription) -> None:
    delivery = reader.delivered(ana)
    for _ in range(2):
        press(ana, delivery.pk)
    left = Return.objects.get()
    assert (left.delivery, left.kind, left.identity) == (delivery, "left", f"left:{delivery.pk}")


def test_a_mail_of_somebody_else_is_not_counted(ana: Subscription) -> None:
    other = reader.delivered(make.subscriber(make.BEN, ana.mailing_list))
    press(ana, other.pk)
    assert not Subscription.objects.live().filter(pk=ana.pk).exists()
    assert not Return.objects.exists()


def test_a_mail_whose_row_is_gone_can_still_be_left(ana: Subscription) -> None:
    assert press(ana, 10**9).status_code == 200
    assert not Return.objects.exists()


def test_leaving_twice_at_once_is_one_decision(committed: None) -> None:
    ana = make.subscriber(make.ANA, make.mailing_list())
    leave = lambda: audience.leave(subscription=ana, told=Told(), now=make.NOW)  # noqa: E731
    assert sorted(together(leave, leave)) == [False, True]
    assert Decision.objects.count() == 2
