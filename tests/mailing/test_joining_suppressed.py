"""An address that is not to be written to: whoever types it sees nothing of that, its owner can come back."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from consent.told import Told
from mailing import audience, deliver, suppression
from mailing.models import MailingList, Subscriber, Subscription
from mailing.suppression import Reason, Scope
from tests import make
from tests.mailing import reader

OWN = [reason for reason in Reason if reason != Reason.EDITOR]
pytestmark = pytest.mark.usefixtures("clock")


def suppress(email: str, reason: Reason, scope: Scope = Scope.ALL) -> None:
    suppression.suppress([email], scope=scope, reason=reason, now=timezone.now())


def join(client: Client, email: str = make.ANA, to: str = "news") -> Any:
    answer = client.post("/mail/join/", {"email": email, "mailing_list": to}, **make.HERE)
    now = timezone.now()
    for kind, key in list(deliver.unfinished(now=now)):
        if kind == "confirmation":
            deliver.send_confirmation(key, now=now)
    return answer


@pytest.mark.parametrize("reason", Reason)
def test_the_answer_is_the_one_that_everybody_gets(client: Client, news: MailingList, reason: Reason) -> None:
    suppress(make.ANA, reason)
    known, other = join(client, make.ANA), join(client, make.BEN)
    assert (known.status_code, known["Location"], known.content) == (303, other["Location"], other.content)


def test_an_editors_decision_stays_and_asks_nothing(client: Client, news: MailingList) -> None:
    suppress("ANA@mail.example", Reason.EDITOR)
    join(client)
    assert mail.outbox == []
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize("reason", OWN)
def test_its_owner_comes_back_by_confirming_from_the_mailbox(client: Client, news: MailingList, reason: Reason) -> None:
    suppress(make.ANA, reason)
    join(client)
    assert len(mail.outbox) == 1
    assert suppression.of(make.ANA)
    client.post(reader.confirm(Subscription.objects.get()), **make.HERE)
    assert suppression.of(make.ANA) == []


def test_an_editors_entry_outlives_a_confirmation_that_was_under_way(client: Client, news: MailingList) -> None:
    subscription = make.request(make.ANA, news)
    suppress(make.ANA, Reason.EDITOR)
    suppress(make.ANA, Reason.OBJECTION, Scope.LISTS)
    client.post(reader.confirm(subscription), **make.HERE)
    assert [entry.reason for entry in suppression.of(make.ANA)] == [Reason.EDITOR]


@pytest.mark.parametrize(("days", "mails"), [(1, 1), (6, 1), (8, 2)])
def test_a_stranger_has_it_asked_once_a_week_whatever_list_they_type(
    client: Client, news: MailingList, clock: time_machine.Traveller, days: int, mails: int
) -> None:
    MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    suppress(make.ANA, Reason.COMPLAINT)
    clock.shift(timedelta(minutes=1))
    join(client)
    clock.shift(timedelta(days=days))
    join(client, to="offers")
    assert len(mail.outbox) == mails


def test_whoever_objects_may_come_back_the_same_day(
    client: Client, news: MailingList, clock: time_machine.Traveller
) -> None:
    person = make.subscriber(make.ANA, news).subscriber
    clock.shift(timedelta(minutes=1))
    audience.object_to_mail(subscriber=person, told=Told(), now=timezone.now())
    clock.shift(timedelta(minutes=1))
    join(client)
    assert len(mail.outbox) == 1
