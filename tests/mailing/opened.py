"""A message as it went over the wire, and as its reader's mailbox shows it."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from mailing import compose
from mailing.compose.shapes import Reader
from mailing.models import Campaign
from tests import make

ANA = Reader(email=make.ANA, delivery=7, subscription=8, subscriber=9, list_key="news", list_name="News", at=make.NOW)


def wire(campaign: Campaign, reader: Reader = ANA, language: str = "en") -> bytes:
    fresh = Campaign.objects.get(pk=campaign.pk)
    return compose.edition(fresh, language=language, now=make.NOW).wire(reader)


def opened(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


def header_lines(raw: bytes) -> dict[str, str]:
    """Every header as it went over the wire, by name; a folded one would show a line without a name."""
    lines = raw.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    return dict(line.split(": ", 1) for line in lines)


def links(text: str) -> list[str]:
    return re.findall(r"http://testserver(/[^\s\")]*)", text)
