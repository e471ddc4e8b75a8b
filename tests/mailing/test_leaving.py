"""Leaving takes one press, from the page or from the mailbox itself, and counts from that moment."""

from typing import Any

import pytest
from django.test import Client

from consent.models import Decision
from mailing import campaigns, tokens
from mailing.models import MailingList, Subscription
from tests import make

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ana(news: MailingList) -> Subscription:
    return make.subscriber(make.ANA, news)


def address(subscription: Subscription) -> str:
    return f"/mail/unsubscribe/{tokens.make(subscription, tokens.UNSUBSCRIBE)}/"


def one_click(subscription: Subscription) -> Any:
    """What a mailbox provider sends (RFC 8058): no cookie, no Origin, no Accept a browser would send."""
    return Client().post(address(subscription), {"List-Unsubscribe": "One-Click"})


def test_opening_the_link_changes_nothing(client: Client, ana: Subscription) -> None:
    page = client.get(address(ana)).content.decode()
    assert "Do you want to stop receiving “News”?" in page
    assert make.ANA not in page
    assert Subscription.objects.live().exists()


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_mailbox_leaves_with_one_click(ana: Subscription, kind: str) -> None:
    bodies = {
        "m": b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
        "a": b"List-Unsubscribe=One-Click",
    }
    answer = Client().generic("POST", address(ana), bodies[kind[0]], kind)
    assert answer.status_code == 200
    assert not Subscription.objects.live().exists()


def test_leaving_is_a_decision_of_the_same_person(ana: Subscription, clock: Any) -> None:
    clock.shift(1)
    one_click(ana)
    yes, no = Decision.objects.order_by("id")
    assert (no.choices, no.source, no.consent_id) == ({"mail:news": False}, "mail", yes.consent_id)
    assert (no.statement, no.policy_version.number) == ("You may write to me.", 1)


def test_leaving_counts_at_once(ana: Subscription) -> None:
    one_click(ana)
    ana.refresh_from_db()
    assert ana.left_at == make.NOW
    assert ana.decision_for_mail(make.NOW) is None
    with pytest.raises(campaigns.CannotSend):
        campaigns.queue(campaign=make.campaign(ana.mailing_list), now=make.NOW)


def test_leaving_twice_is_no_error_and_no_second_decision(ana: Subscription) -> None:
    assert [one_click(ana).status_code for _ in range(2)] == [200, 200]
    assert Decision.objects.count() == 2


def test_the_pages_own_button_works_too(client: Client, ana: Subscription) -> None:
    answer = client.post(address(ana), **make.HERE)
    assert "You have left the list" in answer.content.decode()
    assert not Subscription.objects.live().exists()


def test_leaving_one_list_keeps_the_other(ana: Subscription) -> None:
    offers = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    make.subscriber(make.ANA, offers)
    one_click(ana)
    assert Subscription.objects.live().get().mailing_list == offers


def test_a_link_to_leave_never_grows_too_old(ana: Subscription, clock: Any) -> None:
    link = address(ana)
    clock.move_to("2036-03-01")
    assert Client().post(link).status_code == 200


def test_a_whole_provider_may_leave_in_one_minute(ana: Subscription) -> None:
    assert {one_click(ana).status_code for _ in range(125)} == {200}


def test_a_token_that_is_not_ours_leaves_nothing(ana: Subscription) -> None:
    answer = Client().post(address(ana)[:-2] + "/")
    assert answer.status_code == 404
    assert Subscription.objects.live().exists()
