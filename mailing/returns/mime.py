"""What are the parts of a message that anybody may have written? Read within bounds of size, of parts and of time."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from itertools import islice

MOST_BYTES = 256 * 1024
MOST_LINES = 20_000
MOST_PARTS = 50
MOST_BOUNDARIES = 20  # the standard parser compares each line with every boundary that is open
MOST_HEADER = 2_000  # letters of one header; the standard parser takes the square of their number for parameters
HEADERS_ALONE = {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}
WHOLE = {"message/rfc822", "message/global"}

_TYPE = re.compile(rb"^content-type:[^\n]*(?:\n[ \t][^\n]*)*", re.IGNORECASE | re.MULTILINE)


class Unbearable(ValueError):
    """Made to keep a parser busy."""


def message(raw: bytes) -> "Message[str, str]":
    """The first MOST_BYTES and MOST_LINES of it, parsed. Raises Unbearable; the parser raises all sorts of things."""
    lines = raw[:MOST_BYTES].replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n", MOST_LINES)
    content = b"\n".join(lines[:MOST_LINES])
    if content.lower().count(b"boundary") > MOST_BOUNDARIES:
        raise Unbearable("too many boundaries")
    if any(len(found.group()) > MOST_HEADER for found in _TYPE.finditer(content)):
        raise Unbearable("a Content-Type that is too long")
    return message_from_bytes(content)


def parts(whole: "Message[str, str]") -> list["Message[str, str]"]:
    """Every part outside returned messages, the first MOST_PARTS. Where a report was forwarded as an attachment, its
    parts as well."""
    found = list(islice(_outside(whole), MOST_PARTS))
    if any(is_report(part) for part in found):
        return found
    attached = [part.get_payload(0) for part in found if part.get_content_type() in WHOLE and part.is_multipart()]
    for each in attached[:3]:
        inner = list(islice(_outside(each), MOST_PARTS))  # type: ignore[arg-type]
        if any(is_report(part) for part in inner):
            return [*found, *inner]
    return found


def _outside(part: "Message[str, str]") -> Iterator["Message[str, str]"]:
    yield part
    if part.get_content_maintype() == "multipart" and part.is_multipart():
        for inner in part.get_payload():
            yield from _outside(inner)  # type: ignore[arg-type]


def is_report(part: "Message[str, str]") -> bool:
    return part.get_content_type() in {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/feedback-report",
        "message/disposition-notification",
        "message/global-disposition-notification",
    }


def header(part: "Message[str, str]", name: str) -> str:
    """One header as text, on one line, cut."""
    return " ".join(str(part.get(name, ""))[:MOST_HEADER].split())


def headers(part: "Message[str, str]", name: str) -> list[str]:
    return [" ".join(str(value)[:MOST_HEADER].split()) for value in part.get_all(name, [])[:MOST_PARTS]]


def text(part: "Message[str, str]") -> str:
    """What a part says, whatever the parser made of it: text decoded; a report as lines of its fields."""
    content = part.get_payload()
    if isinstance(content, list):
        encoding = header(part, "Content-Transfer-Encoding").lower()
        if encoding in {"base64", "quoted-printable"}:  # RFC 6533 allows it; the standard parser does not undo it
            return _decoded(_body(content[0]), encoding)  # type: ignore[arg-type]
        return "\n".join(f"{head(inner)}\n\n{_body(inner)}" for inner in content[:MOST_PARTS])  # type: ignore[arg-type]
    decoded = part.get_payload(decode=True)
    return decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else str(content)


def returned(part: "Message[str, str]") -> str:
    """The headers of a returned message, as lines."""
    if part.get_content_type() in WHOLE and part.is_multipart():
        inner = part.get_payload(0)
        return head(inner) or text(part)  # type: ignore[arg-type]
    return text(part)


def head(part: "Message[str, str]") -> str:
    return "\n".join(f"{name}: {' '.join(str(value).split())}" for name, value in part.items()[: MOST_PARTS * 4])


def _decoded(content: str, encoding: str) -> str:
    carrier: Message[str, str] = Message()
    carrier["Content-Transfer-Encoding"] = encoding
    carrier.set_payload(content)
    return text(carrier)


def _body(part: "Message[str, str]") -> str:
    content = part.get_payload()
    return content if isinstance(content, str) else ""


def blocks(content: str) -> list[dict[str, str]]:
    """Groups of "Name: value" lines with empty lines between, names in small letters (RFC 3464, 2.1)."""
    found: list[dict[str, str]] = [{}]
    name = ""
    for line in content.splitlines()[:MOST_LINES]:
        if not line.strip():
            if found[-1]:
                found.append({})
            name = ""
        elif line[0] in " \t" and name:
            found[-1][name] += " " + line.strip()
        elif ":" in line:
            name, _colon, value = line.partition(":")
            name = name.strip().lower()
            found[-1].setdefault(name, value.strip())
        if len(found) > MOST_PARTS:
            break
    return [block for block in found if block]
