"""The owner of a mailbox decides there: a button pressed on the page that its link opens is the consent."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from consent.models import Decision
from consent.told import Told
from mailing import audience, tokens
from mailing.models import MailingList, Subscriber, Subscription
from tests import make
from tests.committed import together
from tests.mailing import reader

MINUTES = timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("clock")


def press(client: Client, address: str, **form: str) -> Any:
    return client.post(address, form, **make.HERE)


def test_opening_the_link_confirms_nothing(client: Client, news: MailingList) -> None:
    address = reader.confirm(make.request(make.ANA, news))
    page = client.get(address).content.decode()
    client.head(address)
    assert "You may write to me." in page
    assert make.ANA not in page
    assert client.options(address).status_code == 405
    assert not Decision.objects.exists()


def test_pressing_the_button_is_the_consent(client: Client, news: MailingList) -> None:
    subscription = make.request(make.ANA, news)
    answer = press(client, reader.confirm(subscription))
    assert "You are on the list" in answer.content.decode()
    subscription.refresh_from_db()
    decision = Decision.objects.get()
    assert (subscription.decision, subscription.confirmed_at) == (decision, make.NOW)
    assert (decision.choices, decision.source) == ({"mail:news": True}, "mail")
    assert decision.statement == "You may write to me."
    assert decision.policy_version.number == 1
    assert (decision.decided_at, decision.expires_at, decision.snapshot) == (make.NOW, None, None)


def test_the_decision_names_the_language_of_its_words(client: Client, news: MailingList) -> None:
    address = reader.confirm(make.request(make.ANA, news))
    press(client, f"/ru{address}")
    assert Decision.objects.get().locale == "en"


def test_pressing_it_again_changes_nothing(client: Client, news: MailingList) -> None:
    address = reader.confirm(make.request(make.ANA, news))
    assert [press(client, address).status_code for _ in range(2)] == [200, 200]
    assert Decision.objects.count() == 1


def test_another_site_confirms_nothing(client: Client, news: MailingList) -> None:
    address = reader.confirm(make.request(make.ANA, news))
    assert client.post(address, headers={"Origin": "http://evil.example"}).status_code == 403
    assert not Decision.objects.exists()


def test_a_link_older_than_seven_days_is_too_old(
    client: Client, news: MailingList, clock: time_machine.Traveller
) -> None:
    address = reader.confirm(make.request(make.ANA, news))
    clock.shift(timedelta(days=7, seconds=1))
    for answer in (client.get(address), press(client, address)):
        assert answer.status_code == 410
        assert "too old" in answer.content.decode()
    assert not Decision.objects.exists()


def test_one_changed_letter_is_not_ours(news: MailingList) -> None:
    token = tokens.for_confirmation(make.request(make.ANA, news))
    for place in range(len(token)):
        other = "x" if token[place] != "x" else "y"
        with pytest.raises(tokens.BadToken):
            tokens.read_confirmation(token[:place] + other + token[place + 1 :])


def test_a_link_to_a_deleted_address_says_so(client: Client, news: MailingList) -> None:
    subscription = make.subscriber(make.ANA, news)
    addresses = [
        reader.confirm(subscription),
        reader.unsubscribe(subscription),
        reader.preferences(subscription.subscriber),
    ]
    subscription.subscriber.delete()
    for address in addresses:
        answer = press(client, address)
        assert (answer.status_code, "is deleted" in answer.content.decode()) == (410, True)


def test_who_left_is_brought_back_by_no_old_link(client: Client, news: MailingList) -> None:
    subscription = make.subscriber(make.ANA, news)
    press(client, reader.unsubscribe(subscription))
    assert client.get(reader.confirm(subscription)).status_code == 410
    assert press(client, reader.confirm(subscription)).status_code == 410
    assert not Subscription.objects.live().exists()


def test_who_left_comes_back_by_asking_and_confirming_anew(
    client: Client, news: MailingList, clock: time_machine.Traveller
) -> None:
    subscription = make.subscriber(make.ANA, news)
    clock.shift(MINUTES)
    press(client, reader.unsubscribe(subscription))
    clock.shift(MINUTES)
    press(client, "/mail/join/", email=make.ANA, mailing_list="news")
    assert not Subscription.objects.live().exists()
    press(client, reader.confirm(subscription))
    chosen = [row.choices["mail:news"] for row in Decision.objects.order_by("seq")]
    assert chosen == [True, False, True]
    assert Decision.objects.values("consent_id").distinct().count() == 1
    assert Subscription.objects.live().get().decision == Decision.objects.order_by("seq").last()


def test_confirming_while_somebody_leaves_is_refused_by_the_row_itself(news: MailingList) -> None:
    subscription = make.subscriber(make.ANA, news)
    audience.leave(subscription=subscription, told=Told(), now=make.NOW)
    with pytest.raises(audience.NotAsked):
        audience.confirm(subscription=subscription, told=Told(), now=make.NOW)


def test_a_second_list_is_a_second_consent(news: MailingList) -> None:
    offers = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    for to in (news, offers):
        make.subscriber(make.ANA, to)
    assert Subscriber.objects.count() == 1
    assert {name for row in Decision.objects.all() for name in row.choices} == {"mail:news", "mail:offers"}


def test_pressing_the_button_twice_at_once_is_one_decision(committed: None) -> None:
    subscription = make.request(make.ANA, make.mailing_list())
    confirm = lambda: audience.confirm(subscription=subscription, told=Told(), now=make.NOW)  # noqa: E731
    first, second = together(confirm, confirm)
    assert first == second
    assert Decision.objects.count() == 1
