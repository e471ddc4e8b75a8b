"""What is said about one parcel, and which do we refuse before the server hears of them?"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from mailing import transport
from mailing.transport import Parcel, Stage
from mailing.transport.answers import Verdict, verdict
from mailing.transport.envelope import Unsendable, seal
from tests.mailing.parcels import Kept, parcel, parcels, wire
from tests.sink import Sink

ALL = {"pipelining": "", "8bitmime": "", "smtputf8": "", "size": "10000"}


@pytest.fixture
def sink(tmp_path: Path, settings: Settings) -> Iterator[Sink]:
    settings.EMAIL_HOST = "127.0.0.1"
    with Sink(tmp_path / "accepted.txt") as running:
        settings.EMAIL_PORT = running.port
        yield running


BAD = [
    "ana@harbour.example>\r\nRCPT TO:<ben@harbour.example",
    "ana@harbour.example\nDATA",
    "ana@harbour.example\r",
    "<ana@harbour.example>",
    "ana lima@harbour.example",
    "ana@harbour.example\x00",
    "ana\u2028@harbour.example",
    "ana",
    "@harbour.example",
    "a" * 65 + "@harbour.example",
    "",
]


def to(number: int, recipient: str) -> Parcel:
    """Also to what no builder would take for an address."""
    return replace(parcel(number), recipient=recipient)


def test_an_address_that_is_more_than_an_address_is_never_said(sink: Sink) -> None:
    journal = Kept()
    with transport.opened() as way:
        way.send([parcel(1), *(to(number, address) for number, address in enumerate(BAD, 2)), parcel(99)], journal)
    refused = [journal.answers[number] for number in range(2, len(BAD) + 2)]
    assert {(answer.code, answer.stage, verdict(answer)) for answer in refused} == {
        (553, Stage.RECIPIENT, Verdict.NEVER_ADDRESS)
    }
    assert journal.intents == [1, 99]
    assert len(sink.accepted()) == 2


@pytest.mark.parametrize("address", [address for address in BAD if address])
def test_neither_is_a_sender(address: str) -> None:
    with pytest.raises(Unsendable) as refusal:
        seal(parcel(1, sender=address), ALL)
    assert refusal.value.answer(1).stage == Stage.SENDER
    assert verdict(refusal.value.answer(1)) == Verdict.SENDER


@given(st.text(), st.text())
def test_whatever_the_addresses_are_three_commands_are_said_or_none(sender: str, recipient: str) -> None:
    try:
        sealed = seal(replace(to(1, recipient), sender=sender), ALL)
    except Unsendable:
        return
    said = b"".join(command for _stage, command in sealed.commands)
    assert said.count(b"\r\n") == said.count(b"\r") == said.count(b"\n") == 3


def test_no_sender_is_said_as_such() -> None:
    assert seal(parcel(1, sender=""), {}).commands[0][1] == b"MAIL FROM:<>\r\n"


def test_a_domain_outside_ascii_is_said_in_its_ascii_form() -> None:
    sealed = seal(parcel(1, "ana@Hafen-Süd.example"), {})
    assert sealed.commands[1][1] == b"RCPT TO:<ana@xn--hafen-sd-d6a.example>\r\n"
    assert sealed.commands[0][1] == b"MAIL FROM:<bounces@quay.example>\r\n"


def test_a_mailbox_outside_ascii_needs_a_server_that_knows_how() -> None:
    sealed = seal(to(1, "josé@harbour.example"), {"smtputf8": "", "8bitmime": ""})
    assert sealed.commands[0][1] == b"MAIL FROM:<bounces@quay.example> SMTPUTF8\r\n"
    assert sealed.commands[1][1] == "RCPT TO:<josé@harbour.example>\r\n".encode()
    with pytest.raises(Unsendable, match=r"5\.6\.7 .* outside ASCII") as refusal:
        seal(to(1, "josé@harbour.example"), {"8bitmime": ""})
    assert verdict(refusal.value.answer(1)) == Verdict.NEVER_MESSAGE  # the mailbox may well be there


def test_the_size_is_said_and_kept_to() -> None:
    sealed = seal(parcel(1), ALL)
    assert sealed.commands[0][1] == b"MAIL FROM:<bounces@quay.example> SIZE=%d\r\n" % len(sealed.body)
    with pytest.raises(Unsendable, match=r"5\.3\.4") as refusal:
        seal(parcel(1, body=wire(1, "x" * 10000)), ALL)
    assert verdict(refusal.value.answer(1)) == Verdict.NEVER_MESSAGE
    assert seal(parcel(1, body=wire(1, "x" * 10000)), ALL | {"size": "0"})  # RFC 1870, 3: no limit
    assert seal(parcel(1), ALL | {"size": ""})


def test_letters_outside_ascii_are_announced() -> None:
    eight = parcel(1, body=wire(1, "Grüße"))
    assert seal(eight, {"8bitmime": ""}).commands[0][1] == b"MAIL FROM:<bounces@quay.example> BODY=8BITMIME\r\n"
    with pytest.raises(Unsendable, match=r"5\.6\.3"):
        seal(eight, {})


def test_a_message_that_would_end_early_never_leaves(sink: Sink) -> None:
    early = ["\r\n.\r\nMAIL FROM:<x@quay.example>\r\n", "one\r\n.\r\ntwo", ".", "a\r\n.\r\n"]
    bodies = [*(wire(1, text) for text in early), b".\r\nMAIL FROM:<x@quay.example>\r\n"]
    journal = Kept()
    with transport.opened() as way:
        way.send([*(parcel(number, body=body) for number, body in enumerate(bodies)), parcel(9)], journal)
    assert journal.said() == dict.fromkeys(range(5), (554, Stage.MESSAGE)) | {9: (250, Stage.MESSAGE)}
    assert [each.message_id for each in sink.accepted()] == ["<9@quay.example>"]


def test_a_message_need_not_end_with_a_line_end() -> None:
    assert seal(parcel(1, body=b"Subject: x\r\n\r\ny"), {}).body == b"Subject: x\r\n\r\ny\r\n.\r\n"
    assert seal(parcel(1, body=b""), {}).body == b"\r\n.\r\n"


def test_a_message_that_cannot_be_written_is_answered_by_us(sink: Sink) -> None:
    def unwritable() -> bytes:
        raise ValueError("a header with a line break")

    bad, journal = replace(parcel(2), wire=unwritable), Kept()
    with transport.opened() as way:
        way.send([*parcels(1), bad, parcel(3)], journal)
    assert journal.said() == {1: (250, Stage.MESSAGE), 2: (554, Stage.MESSAGE), 3: (250, Stage.MESSAGE)}
    assert "line break" not in journal.answers[2].text


def test_a_server_takes_a_mailbox_outside_ascii(sink: Sink) -> None:
    journal = Kept()
    with transport.opened() as way:
        way.send([parcel(1, "josé@harbour.example")], journal)
    assert sink.accepted()[0].recipient == "josé@harbour.example"
