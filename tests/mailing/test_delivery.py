"""Each row ends as what happened to its message, and nothing it keeps names anybody."""

import logging
from datetime import timedelta
from smtplib import SMTPException

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from cms.demo.processes import free_port
from mailing import compose, deliver
from mailing.deliver import slow
from mailing.models import Campaign, Delivery, MailingList, Slowdown, Subscriber, Suppression
from mailing.transport import Closed
from tests import make
from tests.mailing.conftest import PostOffice, is_sent, queued, row, states, turn

MINUTE = timedelta(minutes=1)
State = Delivery.State
REFUSED = "failed: the server refused it for good"


@pytest.fixture
def campaign(news: MailingList, clock: time_machine.Traveller) -> Campaign:
    """Queued to Ana and Ben."""
    return queued(news)


def test_every_row_is_sent_once_and_the_campaign_ends(campaign: Campaign, post_office: PostOffice) -> None:
    assert [turn(campaign), turn(campaign)] == [2, 0]
    assert post_office.addresses == [make.ANA, make.BEN]
    assert states() == {make.ANA: "sent", make.BEN: "sent"}
    assert is_sent(campaign)


def test_the_other_transport_has_the_same_states(
    campaign: Campaign, post_office: PostOffice, settings: Settings
) -> None:
    settings.MAIL_TRANSPORT = "backend"
    post_office.to_recipient[make.ANA] = f"550 5.1.1 <{make.ANA}> is nobody here"
    turn(campaign)
    assert states() == {make.ANA: REFUSED, make.BEN: "sent"}
    assert post_office.letter(make.BEN)["Message-ID"] == compose.message_id(row(make.BEN).pk)
    assert Suppression.objects.get().reason == Suppression.Reason.HARD_BOUNCE
    assert is_sent(campaign)


def test_the_message_is_named_after_its_row(campaign: Campaign, post_office: PostOffice) -> None:
    turn(campaign)
    assert post_office.letter(make.ANA)["Message-ID"] == compose.message_id(row(make.ANA).pk)


@pytest.mark.parametrize("moment", ["to_recipient", "to_message"])
def test_a_refusal_for_good_ends_the_row_and_the_address(
    campaign: Campaign, post_office: PostOffice, moment: str
) -> None:
    getattr(post_office, moment)[make.ANA] = f"550 5.1.1 <{make.ANA}> is nobody here"
    turn(campaign)
    assert states() == {make.ANA: REFUSED, make.BEN: "sent"}
    assert (row(make.ANA).smtp_code, row(make.ANA).smtp_text.startswith("5.1.1")) == (550, True)
    assert Suppression.objects.get().reason == Suppression.Reason.HARD_BOUNCE
    assert is_sent(campaign)


def test_a_refusal_of_the_message_suppresses_nobody(campaign: Campaign, post_office: PostOffice) -> None:
    post_office.to_message[make.ANA] = "550 5.7.1 Our filter does not like this message"
    turn(campaign)
    assert states()[make.ANA] == REFUSED
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("moment", ["to_recipient", "to_message"])
def test_a_refusal_for_now_is_tried_again_later_and_later_for_two_days(
    campaign: Campaign, post_office: PostOffice, clock: time_machine.Traveller, moment: str
) -> None:
    getattr(post_office, moment)[make.ANA] = "451 4.7.1 Greylisted"
    waits = []
    while row(make.ANA).state != State.FAILED:
        turn(campaign)
        found = row(make.ANA)
        if found.state == State.DEFERRED:
            waits.append((found.not_before - timezone.now()) / MINUTE)
            clock.move_to(max([found.not_before, *Slowdown.objects.values_list("until", flat=True)]))
    for wait, minutes in zip(waits, [1, 5, 15, 60, *[240] * 20], strict=False):
        assert minutes * (1 - slow.JITTER) <= wait <= minutes * (1 + slow.JITTER)
    assert timezone.now() - make.NOW > timedelta(days=1, hours=12)
    assert states() == {make.ANA: "failed: the server asked to come later for two days", make.BEN: "sent"}
    assert post_office.addresses == [make.BEN]
    assert is_sent(campaign)


def test_a_row_that_waits_is_left_alone_until_its_time(
    campaign: Campaign, post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    post_office.to_recipient[make.ANA] = "451 4.7.1 Greylisted"
    turn(campaign)
    post_office.to_recipient.clear()
    clock.shift(0.8 * MINUTE)
    assert (turn(campaign), is_sent(campaign)) == (0, False)
    clock.shift(0.4 * MINUTE)
    assert (turn(campaign), is_sent(campaign)) == (1, True)


def test_a_domain_that_puts_off_all_of_a_chunk_slows_down_and_others_do_not(
    news: MailingList, clock: time_machine.Traveller, post_office: PostOffice
) -> None:
    campaign = queued(news, "ana@slow.example", "ben@slow.example", "cleo@quick.example")
    for name in ("ana", "ben"):
        post_office.to_recipient[f"{name}@slow.example"] = "450 4.3.2 Not now"
    turn(campaign)
    assert list(Slowdown.objects.values_list("target", "level")) == [("slow.example", 1)]
    make.subscriber("dan@slow.example", news)
    later = make.queued(make.campaign(news, "Summer"))
    turn(later)
    assert post_office.addresses == ["cleo@quick.example", "cleo@quick.example"]
    post_office.to_recipient.clear()
    clock.shift(2 * MINUTE)
    turn(later)
    assert not Slowdown.objects.exists()


def test_421_slows_the_whole_provider(
    news: MailingList, clock: time_machine.Traveller, post_office: PostOffice
) -> None:
    campaign = queued(news, "ana@gmail.com", "ben@googlemail.com", "cleo@mail.example")
    post_office.to_recipient["ana@gmail.com"] = "421 4.7.0 Too many messages"
    turn(campaign)
    assert list(Slowdown.objects.values_list("target", flat=True)) == ["gmail"]
    assert "cleo@mail.example" in post_office.addresses
    assert row("ana@gmail.com").state == State.PENDING
    post_office.to_recipient.clear()
    assert turn(campaign) == 0
    clock.shift(2 * MINUTE)
    turn(campaign)
    assert post_office.addresses == ["ana@gmail.com", "ben@googlemail.com", "cleo@mail.example"]


def test_while_the_server_is_down_every_row_waits(
    campaign: Campaign, post_office: PostOffice, settings: Settings
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, free_port(0)
    with pytest.raises(OSError, match="refused"):
        turn(campaign)
    assert states() == {make.ANA: "pending", make.BEN: "pending"}
    assert [row.attempts for row in Delivery.objects.all()] == [0, 0]
    settings.EMAIL_PORT = port
    turn(campaign)
    assert post_office.addresses == [make.ANA, make.BEN]


def test_a_message_the_connection_broke_on_is_unknown_and_never_repeated(
    campaign: Campaign, post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    post_office.hang_up_on = {make.ANA}
    turn(campaign)
    assert states()[make.ANA] == "unknown: the connection broke while the message was handed over"
    post_office.hang_up_on = set()
    clock.shift(2 * MINUTE)
    turn(campaign)
    assert post_office.addresses == [make.BEN]
    assert is_sent(campaign)


def test_a_sender_who_is_refused_is_nobodys_failure_and_pauses_the_campaign(
    campaign: Campaign, post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    post_office.to_sender = "550 5.7.1 Sender not allowed"
    turn(campaign)
    assert states() == {make.ANA: "pending", make.BEN: "pending"}
    campaign.refresh_from_db()
    assert (campaign.state, campaign.paused_by) == (Campaign.State.PAUSED, Campaign.Paused.SENDER)


def test_a_server_that_has_no_time_for_the_sender_is_asked_later(
    campaign: Campaign, post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    post_office.to_sender = "451 4.3.0 Not now"
    turn(campaign)
    assert {state.partition(":")[0] for state in states().values()} <= {"pending", "deferred"}
    post_office.to_sender = ""
    clock.shift(10 * MINUTE)
    turn(campaign)
    assert post_office.addresses == [make.ANA, make.BEN]


def test_a_message_that_cannot_be_written_does_not_hold_up_the_others(
    campaign: Campaign, post_office: PostOffice
) -> None:
    Subscriber.objects.filter(email=make.ANA).update(email="ana@mail.example\nBcc: cleo@mail.example")
    turn(campaign)
    assert sorted(state.partition(":")[0] for state in states().values()) == ["failed", "sent"]
    assert post_office.addresses == [make.BEN]


def test_a_campaign_that_cannot_be_written_at_all_ends_and_says_so(campaign: Campaign, post_office: PostOffice) -> None:
    MailingList.objects.update(sender="nobody at all")
    turn(campaign)
    assert set(states().values()) == {"failed: the message cannot be written"}
    assert is_sent(campaign)


def test_nothing_that_is_kept_or_logged_repeats_an_address(
    campaign: Campaign, post_office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "mailing")
    post_office.to_message = dict.fromkeys((make.ANA, make.BEN), "421 <ana@mail.example> ben@mail.example go away")
    try:
        turn(campaign)
    except Closed as error:
        caplog.messages.append(str(error))
    shown = f"{caplog.text} {caplog.messages} {list(Delivery.objects.values_list('reason', 'smtp_text'))}"
    assert "@mail.example" not in shown
    assert row(make.ANA).smtp_code or row(make.BEN).smtp_code


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
