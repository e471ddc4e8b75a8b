"""A reply by mail is put below the inquiry that the token in its address names, once, and opens it again."""

import logging
from email.message import EmailMessage

import pytest
from pytest_django import Settings

from home import inquiries, returns
from home.models import IncomingMessage, Inquiry
from home.returns import Taken, wording
from mailing import tokens
from records import cipher, keys
from tests import make
from tests.home import replies
from tests.home.replies import WORDS, reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def row(settings: Settings) -> Inquiry:
    settings.INQUIRY_REPLY_ADDRESS = replies.ADDRESS
    return make.inquiry()


def take(message: EmailMessage | bytes, *to: str) -> Taken:
    raw = message if isinstance(message, bytes) else message.as_bytes()
    return returns.take_in(raw, to=to, now=make.NOW)


def stored() -> IncomingMessage:
    return IncomingMessage.objects.get()


@pytest.mark.parametrize(
    ("before", "after"),
    [("new", "new"), ("open", "open"), ("waiting", "open"), ("closed", "open"), ("spam", "spam")],
)
def test_a_reply_opens_what_was_answered(row: Inquiry, before: str, after: str) -> None:
    inquiries.set_state([row.pk], state=before, now=make.NOW)
    assert take(reply(row)) is Taken.STORED
    mail = stored()
    assert (mail.sender, mail.subject, mail.text) == (make.BEN, "Re: Your question", WORDS)
    assert mail.message_id == "<b1@mail.example>"
    assert mail.inquiry == row
    assert Inquiry.objects.get().state == after


def test_nothing_of_it_lies_open_in_the_database(row: Inquiry) -> None:
    take(reply(row))
    for column in ("sender", "subject", "text", "message_id"):
        value = bytes(IncomingMessage.objects.values_list(column, flat=True).get())
        assert b"mail.example" not in value
        assert b"Seven" not in value


def test_the_address_names_nobody(row: Inquiry) -> None:
    address = inquiries.reply_address(row)
    assert address.startswith("replies+")
    assert address.endswith("@quay.example")
    assert len(address.rpartition("@")[0]) <= 64
    assert "ben" not in address


def test_the_same_mail_is_taken_in_once(row: Inquiry) -> None:
    assert take(reply(row)) is Taken.STORED
    inquiries.set_state([row.pk], state="closed", now=make.NOW)
    assert take(reply(row, Delivered_To=inquiries.reply_address(row))) is Taken.KNOWN
    assert Inquiry.objects.get().state == "closed"
    nameless = reply(row)
    del nameless["Message-ID"]
    assert (take(nameless), take(nameless)) == (Taken.STORED, Taken.KNOWN)
    assert IncomingMessage.objects.count() == 2


@pytest.mark.parametrize("name", ["To", "Cc", "Delivered-To", "X-Original-To"])
def test_the_token_is_found_wherever_the_server_wrote_the_address(row: Inquiry, name: str) -> None:
    message = reply(row, to="somebody@quay.example")
    del message[name]
    message[name] = inquiries.reply_address(row).upper()
    assert take(message) is Taken.STORED


def test_the_envelope_is_enough(row: Inquiry) -> None:
    assert take(reply(row, to="undisclosed@quay.example"), inquiries.reply_address(row)) is Taken.STORED


def test_who_sent_it_decides_nothing(row: Inquiry, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "home.returns")
    address, other = inquiries.reply_address(row), tokens.make_lower(tokens.RETURN, row.pk)
    spoilt = address.replace(address[10], "b" if address[10] == "a" else "a")
    for to in ("replies@quay.example", f"replies+{other}@quay.example", spoilt):
        assert take(reply(row, to=to)) is Taken.NOBODYS
    two = f"{inquiries.reply_address(row)}, {inquiries.reply_address(make.inquiry(make.ANA))}"
    assert take(reply(row, to=two)) is Taken.NOBODYS
    assert not IncomingMessage.objects.exists()
    assert "belongs to no inquiry" in caplog.text
    assert make.BEN not in caplog.text


def test_what_is_gone_takes_nothing_in(row: Inquiry) -> None:
    keys.shred(cipher.blind("email", make.BEN))
    assert take(reply(row)) is Taken.NOBODYS
    row.delete()
    assert take(reply(row, to=f"replies+{tokens.make_lower('reply', 12)}@quay.example")) is Taken.NOBODYS


def test_a_mail_from_another_address_is_marked(row: Inquiry) -> None:
    assert take(reply(row, sender=make.CLEO)) is Taken.STORED
    assert inquiries.is_from_another(stored(), row)
    assert stored().subject_key_id == row.subject_key_id


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "auto-replied"),
        ("Auto-Submitted", "auto-generated; type=x"),
        ("Precedence", "bulk"),
        ("Precedence", "auto_reply"),
        ("X-Autoreply", "yes"),
        ("List-Id", "<a.list.example>"),
        ("Return-Path", "<>"),
    ],
)
def test_what_no_person_wrote_is_left_out(row: Inquiry, name: str, value: str) -> None:
    message = reply(row)
    message[name] = value
    assert take(message) is Taken.AUTOMATIC
    assert not IncomingMessage.objects.exists()


def test_what_a_person_marked_as_theirs_is_not(row: Inquiry) -> None:
    assert take(reply(row, Auto_Submitted="no")) is Taken.STORED


def test_files_are_named_and_not_kept(row: Inquiry) -> None:
    message = reply(row)
    message.add_attachment(b"\x89PNG\r\n", maintype="image", subtype="png", filename="Плакат.png")
    message.add_attachment(b"words", maintype="application", subtype="octet-stream")
    take(message)
    assert stored().text == f"{WORDS}\n\n[Files came with it and were not kept: Плакат.png, application/octet-stream]"


def test_a_page_becomes_text(row: Inquiry) -> None:
    html = (
        "<html><head><title>x</title><style>p{color:red}</style></head><body><p>Seven &amp; a half<br>would do.</p>"
        "<script>alert(1)</script><ul><li>One</li><li>Two <b>more</b></li></ul>"
        "<p>On 1 Mar 2026, Quay &lt;news@quay.example&gt; wrote:</p><blockquote><p>At six.</p></blockquote>"
        "</body></html>"
    )
    message = reply(row)
    message.set_content(html, subtype="html")
    take(message)
    assert stored().text.split("\n") == ["Seven & a half", "would do.", "", "One", "", "Two more"]


def test_letters_outside_ascii_arrive(row: Inquiry) -> None:
    message = reply(row)
    message.set_content("Да, в семь.", charset="koi8-r", cte="base64")
    del message["Subject"]
    message["Subject"] = "Ответ: вопрос"
    take(message)
    assert (stored().subject, stored().text) == ("Ответ: вопрос", "Да, в семь.")


@pytest.mark.parametrize(
    "text",
    [
        "> At six.\nNo, at seven.\n> Every day.\nNot on Sundays.",
        "> At six.\n> Every day.",
        "I mean it:\nyes",
        "From: the quay\nTo: the ship",
        "See below.\n-- \nBen",
    ],
)
def test_what_is_not_clearly_a_copy_of_ours_stays(text: str) -> None:
    assert wording.without_quoted(text) == text


@pytest.mark.parametrize(
    "below",
    [
        "> At six.\n> Every day.\n\n",
        "Am So., 1. März 2026 um 13:00 Uhr schrieb Quay\n<news@quay.example>:\n\n> At six.",
        "-----Original Message-----\nFrom: Quay <news@quay.example>\nSent: Sunday",
        "________________________________\nFrom: Quay <news@quay.example>\nSent: Sunday\nTo: Ben",
        "вс, 1 мар. 2026 г. в 13:00, Quay <news@quay.example>:\n> At six.",
    ],
)
def test_a_copy_of_ours_at_the_end_goes(below: str) -> None:
    assert wording.without_quoted(f"Seven, please:\nor eight.\n\n{below}") == "Seven, please:\nor eight."


def test_a_long_mail_is_cut_and_says_so(row: Inquiry) -> None:
    take(reply(row, "word " * 30_000))
    assert stored().text.endswith("[The mail was longer than this.]")
    assert len(stored().text) < 51_000


def test_below_one_inquiry_there_is_an_end_of_mails(row: Inquiry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("home.returns.taking.MOST_MAILS", 2)
    outcomes = [take(reply(row, Message_ID=f"<{number}@mail.example>")) for number in range(3)]
    assert outcomes == [Taken.STORED, Taken.STORED, Taken.NOBODYS]
