"""Whatever a mail is made of, nothing is raised, it is read within bounds, and what is stored can be shown."""

import random
import time

import pytest
from pytest_django import Settings

from home import inquiries, returns
from home.models import IncomingMessage, Inquiry
from home.returns import wording
from tests import make
from tests.home import replies
from tests.home.replies import reply

ROUNDS = 400
BITS = [
    *(b"\x00", b"\xff\xfe", b"\r", b"\n\n", b"--", b"boundary=", b"=?utf-8?q?=ff?=", b"=?x?b?!!?=", b"\xed\xa0\x80"),
    *(b"Content-Type: multipart/mixed; boundary=x\n", b"Content-Transfer-Encoding: base64\n", b"charset=nonsense"),
    *(b"Content-Disposition: attachment; filename*=zz''%ff\n", b"<" * 50, b"&#x110000;", b"From: \n", b"> " * 30),
]


@pytest.fixture
def row(settings: Settings, db: None) -> Inquiry:
    settings.INQUIRY_REPLY_ADDRESS = replies.ADDRESS
    return make.inquiry()


def mutated(raw: bytes, chance: random.Random) -> bytes:
    content = bytearray(raw)
    for _time in range(chance.randint(1, 12)):
        place = chance.randrange(len(content) + 1)
        match chance.randrange(4):
            case 0:
                content[place:place] = chance.choice(BITS)
            case 1:
                del content[place : place + chance.randint(1, 40)]
            case 2:
                content[place : place + 1] = bytes([chance.randrange(256)])
            case 3:
                content[place:place] = content[: chance.randint(1, 200)]
    return bytes(content)


def test_hostile_mail_raises_nothing(row: Inquiry) -> None:
    chance, seen = random.Random(7), set()
    whole = reply(row)
    whole.add_alternative("<p>Seven <blockquote>would</blockquote> do.</p>", subtype="html")
    whole.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    raw, to = whole.as_bytes(), inquiries.reply_address(row)
    for _round in range(ROUNDS):
        seen.add(returns.take_in(mutated(raw, chance), to=[to], now=make.NOW))
    assert returns.Taken.STORED in seen
    for mail in IncomingMessage.objects.select_related("subject_key"):
        said = f"{mail.sender}{mail.subject}{mail.text}{mail.message_id}"
        said.encode()
        assert "\x00" not in said


@pytest.mark.parametrize(
    "body",
    [
        b"<!--" * 60_000,
        b"<![CDATA[" * 25_000,
        b"<a " * 80_000,
        b"<blockquote>" * 20_000,
        b"&" * 250_000,
        b"\n \t" * 80_000,
        b"-_ " * 80_000,
        b"> \n" * 80_000,
        b"a:\n" * 80_000,
        b"From: @" * 30_000,
    ],
    ids=lambda body: body[:10].decode().strip() or "blank",
)
@pytest.mark.parametrize("kind", [b"html", b"plain"])
def test_what_is_made_to_keep_a_parser_busy_does_not(row: Inquiry, body: bytes, kind: bytes) -> None:
    head = b"To: %s\nContent-Type: text/%s\n\n" % (inquiries.reply_address(row).encode(), kind)
    began = time.process_time()
    returns.take_in(head + body, now=make.NOW)
    assert time.process_time() - began < 5  # seconds; each takes milliseconds where nothing is squared


def test_a_direction_that_is_turned_is_turned_back() -> None:
    assert wording.clean("a\u202eb\x07c\r\nd\ud800") == "abc\nd?"
