"""A message built by Django from the templates, for one reader: slow, and right whatever the templates do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.charset import QP, SHORTEST, Charset
from email.utils import format_datetime, formataddr, make_msgid, parseaddr
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from mailing.compose import headers
from mailing.compose.encoding import one_line
from mailing.compose.manuscript import Content, Manuscript
from mailing.compose.shapes import Reader

_LINE_END = re.compile(rb"\r\n|\r|\n")
_IN_ASCII = Charset("utf-8")  # any server passes it on unchanged, also one that does not speak 8BITMIME
_IN_ASCII.body_encoding = QP
_IN_ASCII.header_encoding = SHORTEST


class Message(EmailMultiAlternatives):
    """Headers stay on one line: a folded List-Unsubscribe loses its DKIM signature at some relays."""

    encoding = _IN_ASCII

    def message(self, *args: Any, **kwargs: Any) -> Any:
        built = super().message(*args, **kwargs)
        built.policy = built.policy.clone(max_line_length=998)  # RFC 5322, 2.1.1
        return built


def message(content: Content, *, sender: str, to: str, reply_to: str, more: Mapping[str, str]) -> Message:
    built = Message(
        subject=content.subject,
        body=content.text,
        from_email=sender,
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers={**content.headers, **more},
    )
    built.attach_alternative(content.html, "text/html")
    return built


@dataclass(frozen=True)
class Anew:
    """An edition that renders and builds every message from the beginning."""

    manuscript: Manuscript

    def message(self, reader: Reader) -> EmailMultiAlternatives:
        to = formataddr((one_line(reader.name), headers.reachable(reader.email)))
        return message(
            self.manuscript.content(reader),
            sender=self.manuscript.sender,
            to=to,
            reply_to=self.manuscript.reply_to,
            more={"Date": date_of(reader, self.manuscript), "Message-ID": message_id(reader)},
        )

    def wire(self, reader: Reader) -> bytes:
        built = _LINE_END.sub(b"\r\n", self.message(reader).message().as_bytes())
        return re.sub(rb"(?m)^\.", b"..", built)  # RFC 5321, 4.5.2

    def sender(self, reader: Reader) -> str:
        return envelope_sender(reader, self.manuscript)


def date_of(reader: Reader, manuscript: Manuscript) -> str:
    return format_datetime(reader.at or manuscript.now)


def message_id(reader: Reader) -> str:
    """A test has no row: each has a name of its own, or mailboxes would show only the first."""
    return headers.message_id(reader.delivery) if reader.delivery else make_msgid(domain=headers.own_domain())


def envelope_sender(reader: Reader, manuscript: Manuscript) -> str:
    """The return address where there is one and a row it could name; else that of From."""
    if settings.MAIL_RETURN_ADDRESS and reader.delivery:
        return headers.return_address(reader.delivery)
    return _address_in(manuscript.sender)


@lru_cache(maxsize=64)
def _address_in(sender: str) -> str:
    return parseaddr(sender)[1]
