"""From a message that left to its bounce: the real message over a real connection, and what comes back about it."""

from email.message import EmailMessage
from typing import Any

import pytest
from pytest_django import Settings

from mailing import returns
from mailing.models import Delivery, MailingList, Return, Suppression
from mailing.returns import Report, parse
from tests import make
from tests.mailing.conftest import PostOffice, queued, row, turn


def bounce(letter: EmailMessage, to: str) -> bytes:
    """As a server makes it out of what it was given."""
    report = (
        f"From: MAILER-DAEMON@mx.mail.example\r\nTo: {to}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=q\r\n\r\n--q\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.mail.example\r\n\r\n"
        "Final-Recipient: rfc822; ana@mail.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--q\r\n"
        "Content-Type: message/rfc822\r\n\r\n"
    )
    return report.encode() + letter.as_bytes() + b"\r\n--q--\r\n"


@pytest.fixture
def senders(post_office: PostOffice) -> dict[str, str]:
    """Which address each recipient's server would send a bounce to."""
    found: dict[str, str] = {}
    answer = post_office.handle_RCPT

    async def note(server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        found[address] = envelope.mail_from
        return await answer(server, session, envelope, address, options)

    post_office.handle_RCPT = note  # type: ignore[method-assign]
    return found


@pytest.mark.parametrize("to", ["bounces", "the author"])
def test_a_message_that_comes_back_finds_its_row(
    news: MailingList, post_office: PostOffice, senders: dict[str, str], settings: Settings, to: str
) -> None:
    settings.MAIL_RETURN_ADDRESS = "bounces@quay.example" if to == "bounces" else ""
    turn(queued(news))
    letter = post_office.letter(make.ANA)
    envelope = senders[make.ANA]
    assert envelope.startswith("bounces+" if to == "bounces" else "news@")
    for raw in (bounce(letter, "somebody@quay.example"), bounce(letter, envelope)):
        found = parse.read(raw)
        assert isinstance(found, Report)
        assert found.delivery == row(make.ANA).pk
    assert returns.receive(found, source=Return.Source.MAILBOX, now=make.NOW)
    assert row(make.ANA).state == Delivery.State.BOUNCED
    assert row(make.BEN).state == Delivery.State.SENT
    assert Suppression.objects.count() == 1
    if to == "bounces":  # the address alone, without the message
        short = parse.read(bounce(EmailMessage(), envelope))
        assert isinstance(short, Report)
        assert short.delivery == row(make.ANA).pk


def test_a_mailbox_that_does_not_exist_is_not_written_to_again(news: MailingList, post_office: PostOffice) -> None:
    post_office.to_recipient[make.ANA] = "550 5.1.1 No such user here"
    turn(queued(news))
    found = Return.objects.get()
    assert (found.kind, found.source, found.status, found.delivery) == ("hard", "smtp", "5.1.1", row(make.ANA))
    assert row(make.ANA).state == Delivery.State.FAILED
    again = make.queued(make.campaign(news, "Summer"))
    turn(again)
    assert Delivery.objects.get(campaign=again, subscription=found.delivery.subscription).state == "skipped"
    assert post_office.addresses == [make.BEN, make.BEN]
