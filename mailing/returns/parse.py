"""What does a message to the return address say? Whatever it is made of, the answer is a report or nothing."""

import logging
from collections.abc import Iterable
from email.message import Message

from mailing.returns import arf, dsn, mime, plain, whose
from mailing.returns.shapes import Kind, Nothing, Report, report

logger = logging.getLogger(__name__)

# Where the server that took it in writes which address it was for; the last is what its sender wrote.
ADDRESSED = ("Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To", "To")


def read(raw: bytes, *, to: Iterable[str] = ()) -> Report | Nothing:
    """The report in `raw`, which was sent to the addresses `to` if they are known. Never raises."""
    try:
        return _read(mime.message(raw), list(to))
    except mime.Unbearable:
        return Nothing.UNRECOGNISED
    except Exception as error:  # noqa: BLE001 - the standard parser has raised a dozen kinds over the years
        logger.warning("a message to the return address cannot be parsed: %s", type(error).__name__)
        return Nothing.UNRECOGNISED


def _read(whole: "Message[str, str]", to: list[str]) -> Report | Nothing:
    parts = mime.parts(whole)
    found = _said(whole, parts)
    if isinstance(found, Nothing):
        return found
    deliveries = _about(whole, parts, to)
    if len(deliveries) != 1:  # two rows: somebody has put it together from two mails
        return Nothing.UNRECOGNISED
    kind, status = found
    return report(kind, deliveries.pop(), status)


def _said(whole: "Message[str, str]", parts: list["Message[str, str]"]) -> tuple[Kind, str] | Nothing:
    for part in parts:
        kind = part.get_content_type()
        if kind in dsn.TYPES:
            return dsn.read(mime.text(part))
        if kind == arf.TYPE:
            feedback = arf.read(mime.text(part))
            return feedback if isinstance(feedback, Nothing) else (feedback, "")
        if mime.is_report(part):  # that it was read: none of our business
            return Nothing.IGNORED
    if arf.is_bare_complaint(mime.header(whole, "Subject"), _returned(parts)):
        return Kind.COMPLAINT, ""
    return plain.read(whole, parts)


def _about(whole: "Message[str, str]", parts: list["Message[str, str]"], to: list[str]) -> set[int]:
    """By the address it came to, by the message that it returns, by what it answers."""
    addressed = [value for name in ADDRESSED for value in mime.headers(whole, name)]
    found = whose.of_address(*to, *addressed) | whose.of_returned(_returned(parts))
    found |= whose.of_message_id(mime.header(whole, "In-Reply-To"), mime.header(whole, "References"))
    if not found and not any(mime.is_report(part) for part in parts):
        found = whose.of_returned("\n".join(mime.text(part) for part in parts if part.get_content_maintype() == "text"))
    return found


def _returned(parts: list["Message[str, str]"]) -> str:
    """The headers of the returned message and the fields of the report, as lines."""
    messages = [mime.returned(part) for part in parts if part.get_content_type() in mime.HEADERS_ALONE | mime.WHOLE]
    fields = [mime.text(part) for part in parts if part.get_content_type() in dsn.TYPES | {arf.TYPE}]
    return "\n".join([*messages, *fields])
