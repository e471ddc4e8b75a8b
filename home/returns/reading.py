"""Which inquiry is a mail a reply to, who wrote it, and was it a person?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from email.utils import parseaddr

from django.utils.translation import gettext

from home import inquiries
from home.returns import wording
from mailing.returns import mime
from mailing.returns.parse import ADDRESSED

_BY_MACHINE = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
_MARKS = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "List-Id", "List-Unsubscribe")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,298}>")  # printable, without angle brackets
_MOST_FILES = 20


@dataclass(frozen=True)
class Mail:
    """What a person wrote back. `inquiries` are those that tokens in its addresses name: one, if all is well."""

    inquiries: frozenset[int]
    automatic: bool
    sender: str
    subject: str
    text: str
    message_id: str


def read(raw: bytes, *, to: Iterable[str] = ()) -> Mail:
    """`to` are the addresses it was sent to, where they are known. Raises mime.Unbearable; the standard parser raises
    all sorts of things."""
    whole = mime.message(raw)
    parts = mime.parts(whole)
    named = _MESSAGE_ID.search(mime.header(whole, "Message-ID"))
    return Mail(
        inquiries=frozenset(inquiries.reply_to_whom([*to, *_addressed(whole)])),
        automatic=is_automatic(whole, parts),
        sender=wording.one_line(parseaddr(wording.header(whole, "From"))[1])[:254],
        subject=wording.header(whole, "Subject")[:200],
        text=_text(parts, cut=len(raw) >= mime.MOST_BYTES),
        message_id=named.group() if named else "",
    )


def _addressed(whole: "Message[str, str]") -> list[str]:
    return [value for name in (*ADDRESSED, "Cc") for value in mime.headers(whole, name)]


def is_automatic(whole: "Message[str, str]", parts: list["Message[str, str]"]) -> bool:
    """Nobody wrote it (RFC 3834, 2 and 5, and what was usual before). By headers alone: a person may well ask whether
    somebody is out of the office."""
    submitted = mime.header(whole, "Auto-Submitted").lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or mime.header(whole, "Precedence").lower() in _BY_MACHINE
        or any(whole.get(name) for name in _MARKS)
        or mime.header(whole, "Return-Path") == "<>"
        or any(mime.is_report(part) for part in parts)
    )


def _text(parts: list["Message[str, str]"], *, cut: bool) -> str:
    names = wording.files(parts)
    cut = cut and not names  # else it is the files that were long
    shown = [*names[:_MOST_FILES], "…"] if len(names) > _MOST_FILES else names
    words = (gettext("[Files came with it and were not kept: %(names)s]"), gettext("[The mail was longer than this.]"))
    return wording.told(wording.without_quoted(wording.said(parts)), names=shown, cut=cut, words=words)
