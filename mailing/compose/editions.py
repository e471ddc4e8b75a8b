"""Does a mail that was encoded once say to each reader what one built for them alone would say?"""

import logging
import re
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses

from django.core.mail import EmailMultiAlternatives

from mailing.compose.anew import Anew
from mailing.compose.manuscript import Manuscript
from mailing.compose.serialised import Serialised
from mailing.compose.shapes import Edition, Reader

logger = logging.getLogger(__name__)

_AWKWARD = [
    "",
    'O\'Neil & <b>"Söhne"</b> \\',
    "Анна-Мария Константинопольская",
    "آنا ماريا",
    "👩‍🚀 Zoë",
    "a\r\nBcc: x@mail.example\r\n\r\n.\r\n",
    ".From =20 =\t{{ name|x }} %s",
    "From " + "long name " * 30,
]


def edition(manuscript: Manuscript, *, label: str) -> Edition:
    """The quick edition if it passes for every sample reader, else one that builds each message anew. `label` says
    in the log which mail it is."""
    try:
        quick = Serialised(manuscript)
        wrong = next((found for reader in samples(manuscript) if (found := difference(quick, reader))), "")
    except (KeyError, UnicodeError) as error:
        wrong = f"{type(error).__name__} while it was encoded"
    if not wrong:
        return quick
    logger.warning("%s is built anew for each reader, which is slow: encoded once, it differs in %s", label, wrong)
    return Anew(manuscript)


@dataclass(frozen=True)
class TwoSets:
    """One edition with plain links, and one for readers who agreed that the links they follow are counted."""

    plain: Edition
    counted: Edition

    def wire(self, reader: Reader) -> bytes:
        return self._for(reader).wire(reader)

    def message(self, reader: Reader) -> EmailMultiAlternatives:
        return self._for(reader).message(reader)

    def sender(self, reader: Reader) -> str:
        return self._for(reader).sender(reader)

    def _for(self, reader: Reader) -> Edition:
        return self.counted if reader.tracked else self.plain


def samples(manuscript: Manuscript) -> list[Reader]:
    """Readers whose names would break a message that is filled carelessly."""
    keys = {name.partition("|")[0] for name in manuscript.words if "|" in name}
    return [
        Reader(
            email=f"reader{number}@mail.example",
            delivery=7 * number + 1,
            subscription=number + 2,
            subscriber=number + 3,
            name=words,
            fields=dict.fromkeys(keys, words),
            list_key=f"list-{number}",
            list_name=words or "List",
            at=manuscript.now + timedelta(days=number),
        )
        for number, words in enumerate(_AWKWARD)
    ]


def difference(quick: Serialised, reader: Reader) -> str:
    """What is not as in a message built anew for this reader, or not as mail servers demand; empty if nothing."""
    wire = quick.wire(reader)
    if fault := fault_of(wire):
        return fault
    mine, fresh = parsed(wire), parsed(quick.message(reader).message().as_bytes())
    names = {name.lower() for each in (mine, fresh) for name in each.keys()} - {"content-type"}  # noqa: SIM118 - headers
    for name in sorted(names):
        if _said(mine, name) != _said(fresh, name):
            return f"its header {name}"
    return next((f"its {kind} part" for kind in ("plain", "html") if part(mine, kind) != part(fresh, kind)), "")


def fault_of(wire: bytes) -> str:
    """A line too long for a server, one that begins with a dot, or a byte that is not ASCII."""
    head, _empty, body = wire.partition(b"\r\n\r\n")
    if not wire.isascii() or b"\0" in wire or re.search(rb"\r(?!\n)|(?<!\r)\n", wire):
        return "bytes that are no text"
    if max(map(len, head.split(b"\r\n"))) > 998 or max(map(len, body.split(b"\r\n"))) > 76:
        return "the length of its lines"
    return "a line that begins with a dot" if re.search(rb"(?m)^\.", wire) else ""


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def _said(message: EmailMessage, name: str) -> list[str]:
    """What a header says, however it is quoted and folded. Read as it was sent: the parser of Python 3.11 leaves a
    space between two encoded words of a person's name (RFC 2047, 6.2)."""
    found = ["".join(str(value).splitlines()) for key, value in message.raw_items() if key.lower() == name]
    if name in {"from", "to", "reply-to"}:
        return [f"{_decoded(words)} <{address}>" for words, address in getaddresses(found)]
    return [_decoded(value) for value in found]


def _decoded(value: str) -> str:
    return str(make_header(decode_header(value)))


def part(message: EmailMessage, kind: str) -> str:
    """What its part of "plain" or "html" text says."""
    body = message.get_body((kind,))
    return str(body.get_content()).replace("\r\n", "\n").rstrip("\n") if body else ""
