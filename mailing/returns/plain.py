"""What does a notice say that follows no standard? Only what has a status is read, and only above the returned copy."""

import re
from email.message import Message

from mailing.returns import mime, verdict
from mailing.returns.shapes import Nothing
from mailing.returns.verdict import Kind

MOST = 8_000  # letters of the notice that are looked at
_SYSTEM = re.compile(r"mailer-daemon|postmaster|mail delivery (?:sub)?system|mail administrator", re.IGNORECASE)
_COPY = re.compile(
    r"below this line is a copy|this is a copy of (?:the|your) message|original message follows|return-path:"
    r"|received: from|unsent message below|message headers? follows?",
    re.IGNORECASE,
)
_NOT_YET = re.compile(r"warning message only|will (?:keep trying|be retried)|do not need to resend", re.IGNORECASE)
_AUTOMATIC = re.compile(
    r"out of (?:the )?office|automatic reply|auto(?:matic)?[ -]?(?:reply|response|antwort)|vacation|abwesen|absence"
    r"|away from",
    re.IGNORECASE,
)


def read(whole: "Message[str, str]", parts: list["Message[str, str]"]) -> tuple[Kind, str] | Nothing:
    by_name = bool(_SYSTEM.search(mime.header(whole, "From")))
    if not by_name and is_automatic(whole):  # such answers come without a return path too (RFC 3834)
        return Nothing.IGNORED
    if not by_name and mime.header(whole, "Return-Path") != "<>":
        return Nothing.UNRECOGNISED
    words = notice(parts)
    status = verdict.status(words)
    if _NOT_YET.search(words):
        return Nothing.IGNORED
    return (verdict.kind(status, words), status) if status else Nothing.UNRECOGNISED


def notice(parts: list["Message[str, str]"]) -> str:
    """The words above the returned message."""
    for part in parts:
        if part.get_content_type() in {"text/plain", "text/html"}:
            words = mime.text(part)[:MOST]
            copy = _COPY.search(words)
            return words[: copy.start()] if copy else words
    return ""


def is_automatic(whole: "Message[str, str]") -> bool:
    """An answer that no person wrote (RFC 3834, and what was usual before)."""
    automatic = mime.header(whole, "Auto-Submitted").lower().startswith("auto-")
    marked = any(whole.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"))
    precedence = mime.header(whole, "Precedence").lower() in {"auto_reply", "auto-reply", "junk"}
    return automatic or marked or precedence or bool(_AUTOMATIC.search(mime.header(whole, "Subject")))
