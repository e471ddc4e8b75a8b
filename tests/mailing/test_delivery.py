"""Each row ends as what happened to its message, and its reason names nobody."""

import logging
from datetime import timedelta
from smtplib import SMTPException

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from cms.demo.processes import free_port
from consent.models import Decision
from consent.told import Told
from mailing import audience, deliver, messages
from mailing.models import Campaign, Delivery, MailingList, Subscriber, Subscription
from tests import make
from tests.mailing.conftest import PostOffice, is_sent, queued, row, states, turn

MINUTE = timedelta(minutes=1)
State = Delivery.State


@pytest.fixture
def campaign(news: MailingList, clock: time_machine.Traveller) -> Campaign:
    """Queued to Ana and Ben."""
    return queued(news)


def test_every_row_is_sent_once_and_the_campaign_ends(campaign: Campaign, post_office: PostOffice) -> None:
    assert [turn(campaign), turn(campaign)] == [2, 0]
    assert post_office.addresses == [make.ANA, make.BEN]
    assert states() == {make.ANA: "sent", make.BEN: "sent"}
    assert is_sent(campaign)


def test_the_row_keeps_the_name_of_its_message(campaign: Campaign, post_office: PostOffice) -> None:
    turn(campaign)
    assert post_office.letter(make.ANA)["Message-ID"] == row(make.ANA).message_id
    assert row(make.ANA).message_id == messages.message_id(campaign, row(make.ANA).subscription)


def test_a_batch_is_taken_at_a_time(
    campaign: Campaign, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "BATCH", 1)
    assert [turn(campaign), is_sent(campaign), turn(campaign), is_sent(campaign)] == [1, False, 1, True]


def test_who_left_since_the_queue_is_skipped(campaign: Campaign, post_office: PostOffice) -> None:
    audience.leave(subscription=row(make.ANA).subscription, told=Told(), now=make.NOW)
    turn(campaign)
    assert post_office.addresses == [make.BEN]
    assert states()[make.ANA] == "skipped: the consent was withdrawn or has expired"
    assert is_sent(campaign)


def test_who_left_and_came_back_is_written_to_under_the_new_decision(
    campaign: Campaign, post_office: PostOffice
) -> None:
    subscription, earlier = row(make.ANA).subscription, row(make.ANA).decision
    audience.leave(subscription=subscription, told=Told(), now=make.NOW - 2 * MINUTE)
    make.subscriber(make.ANA, campaign.mailing_list)
    turn(campaign)
    assert states()[make.ANA] == "sent"
    assert row(make.ANA).decision == Subscription.objects.get(pk=subscription.pk).decision != earlier


def test_who_was_erased_since_the_queue_leaves_no_row_and_no_error(campaign: Campaign, post_office: PostOffice) -> None:
    Subscriber.objects.get(email=make.ANA).delete()
    turn(campaign)
    assert states() == {make.BEN: "sent"}
    assert is_sent(campaign)


def test_a_consent_that_has_expired_allows_nothing(campaign: Campaign, post_office: PostOffice) -> None:
    ended = Decision(choices={"mail:news": True}, expires_at=make.NOW)
    assert not ended.allows("mail:news", make.NOW)
    assert ended.allows("mail:news", make.NOW - MINUTE)


def test_a_consent_to_another_list_allows_nothing(campaign: Campaign, post_office: PostOffice) -> None:
    MailingList.objects.update(key="offers")
    turn(campaign)
    assert post_office.addresses == []
    assert {state.partition(":")[0] for state in states().values()} == {"skipped"}


@pytest.mark.parametrize("moment", ["to_recipient", "to_message"])
def test_a_refusal_for_good_is_kept_as_its_code_alone(campaign: Campaign, post_office: PostOffice, moment: str) -> None:
    getattr(post_office, moment)[make.ANA] = f"550 5.1.1 <{make.ANA}> is nobody here"
    turn(campaign)
    assert states() == {make.ANA: "failed: the server answered 550", make.BEN: "sent"}
    assert is_sent(campaign)


@pytest.mark.parametrize("moment", ["to_recipient", "to_message"])
def test_a_refusal_for_now_is_tried_again_later_and_later(
    campaign: Campaign, post_office: PostOffice, clock: time_machine.Traveller, moment: str
) -> None:
    getattr(post_office, moment)[make.ANA] = "451 4.7.1 Greylisted"
    waits = []
    while turn(campaign):
        waiting = row(make.ANA)
        if waiting.not_before and waiting.state == State.PENDING:
            waits.append((waiting.not_before - timezone.now()) // MINUTE)
            clock.move_to(waiting.not_before)
    assert waits == [5, 10, 20, 40, 80]
    assert (row(make.ANA).state, row(make.ANA).attempts) == (State.FAILED, deliver.ATTEMPTS)
    assert row(make.ANA).reason == "the server answered 451"
    assert post_office.addresses == [make.BEN]
    assert is_sent(campaign)


def test_a_row_that_waits_is_left_alone_until_its_time(
    campaign: Campaign, post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    post_office.to_recipient[make.ANA] = "451 4.7.1 Greylisted"
    turn(campaign)
    post_office.to_recipient.clear()
    clock.shift(4 * MINUTE)
    assert (turn(campaign), is_sent(campaign)) == (0, False)
    clock.shift(MINUTE)
    assert (turn(campaign), is_sent(campaign)) == (1, True)


def test_while_the_server_is_down_every_row_waits(
    campaign: Campaign, post_office: PostOffice, settings: Settings
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port(0)
    with pytest.raises(ConnectionRefusedError):
        turn(campaign)
    assert states() == {make.ANA: "pending", make.BEN: "pending"}
    assert [row.attempts for row in Delivery.objects.all()] == [0, 0]
    settings.EMAIL_PORT = port
    turn(campaign)
    assert post_office.addresses == [make.ANA, make.BEN]


def test_a_message_the_connection_broke_on_is_unknown_and_never_repeated(
    campaign: Campaign, post_office: PostOffice
) -> None:
    post_office.hang_up_on = {make.ANA}
    with pytest.raises(SMTPException):
        turn(campaign)
    assert states() == {
        make.ANA: "unknown: the connection broke while the message was handed over",
        make.BEN: "pending",
    }
    post_office.hang_up_on = set()
    turn(campaign)
    assert post_office.addresses == [make.BEN]
    assert is_sent(campaign)


@pytest.mark.parametrize("answer", ["550 5.7.1 Sender not allowed", "451 4.3.0 Not now"])
def test_a_sender_who_is_refused_is_nobodys_failure(campaign: Campaign, post_office: PostOffice, answer: str) -> None:
    post_office.to_sender = answer
    with pytest.raises(SMTPException):
        turn(campaign)
    assert states() == {make.ANA: f"pending: the server answered {answer[:3]} to the sender", make.BEN: "pending"}
    post_office.to_sender = ""
    turn(campaign)
    assert post_office.addresses == [make.ANA, make.BEN]


@pytest.mark.parametrize("moment", ["to_recipient", "to_message"])
def test_a_server_that_closes_is_not_asked_on_and_the_others_wait(
    campaign: Campaign, post_office: PostOffice, moment: str
) -> None:
    getattr(post_office, moment)[make.ANA] = "421 4.7.0 Too many messages"
    with pytest.raises(SMTPException, match="takes nothing now"):
        turn(campaign)
    assert states() == {make.ANA: "pending: the server answered 421: asked again later", make.BEN: "pending"}
    turn(campaign)
    assert post_office.addresses == [make.BEN]


def test_a_message_that_cannot_be_written_does_not_hold_up_the_others(
    campaign: Campaign, post_office: PostOffice
) -> None:
    Subscriber.objects.filter(email=make.ANA).update(email="ana@mail.example\nBcc: cleo@mail.example")
    turn(campaign)
    assert sorted(states().values()) == ["failed: the message cannot be written", "sent"]
    assert post_office.addresses == [make.BEN]


def test_no_reason_and_no_line_of_the_log_repeats_an_address(
    campaign: Campaign, post_office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "mailing")
    post_office.to_message = dict.fromkeys((make.ANA, make.BEN), "421 <ana@mail.example> <ben@mail.example>")
    with pytest.raises(SMTPException) as error:
        turn(campaign)
    shown = f"{caplog.text} {error.value} {list(Delivery.objects.values_list('reason'))}"
    assert "@mail.example" not in shown
    assert error.value.__suppress_context__


def test_a_question_that_is_refused_for_good_is_not_repeated(
    news: MailingList, post_office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    post_office.to_recipient[make.ANA] = f"550 <{make.ANA}> is nobody here"
    subscription = make.request(make.ANA, news)
    assert deliver.send_confirmation(subscription.pk, now=make.NOW) == 1
    assert list(deliver.unfinished(now=make.NOW)) == []
    assert "answered 550" in caplog.text
    assert make.ANA not in caplog.text


def test_a_question_that_is_refused_for_now_waits_for_a_day(news: MailingList, post_office: PostOffice) -> None:
    post_office.to_message[make.ANA] = "451 4.7.1 Greylisted"
    subscription = make.request(make.ANA, news)
    assert deliver.send_confirmation(subscription.pk, now=make.NOW) == 0
    assert list(deliver.unfinished(now=make.NOW)) == [("confirmation", subscription.pk)]
    assert list(deliver.unfinished(now=make.NOW + timedelta(days=1))) == []


def test_a_question_whose_sender_is_refused_waits(news: MailingList, post_office: PostOffice) -> None:
    post_office.to_sender = "550 5.7.1 Sender not allowed"
    subscription = make.request(make.ANA, news)
    with pytest.raises(SMTPException):
        deliver.send_confirmation(subscription.pk, now=make.NOW)
    assert list(deliver.unfinished(now=make.NOW)) == [("confirmation", subscription.pk)]


def test_a_question_to_an_address_nobody_can_write_down_is_dropped(news: MailingList, post_office: PostOffice) -> None:
    subscription = make.request("ana@mail.example\nBcc: cleo@mail.example", news)
    assert deliver.send_confirmation(subscription.pk, now=make.NOW) == 1
    assert post_office.letters == []
    assert list(deliver.unfinished(now=make.NOW)) == []
