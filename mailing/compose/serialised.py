"""A mail encoded once: for each reader only its gaps are filled, some hundred times faster than building it anew."""

import re
import secrets
from collections.abc import Callable, Iterator
from email.utils import format_datetime, parseaddr

from django.core.mail import EmailMultiAlternatives

from mailing.compose import anew, encoding, headers
from mailing.compose.encoding import for_html, one_line, quoted_printable
from mailing.compose.manuscript import Content, Manuscript, Values
from mailing.compose.shapes import Reader

Fill = Callable[[Reader, Values], bytes]
Piece = bytes | str  # as it is, or a gap: where it stands and its name, as in "html:name|there"


class Serialised:
    """Joins pieces of bytes. What belongs to one reader is encoded by the part of the message that it stands in."""

    def __init__(self, manuscript: Manuscript) -> None:
        self.manuscript = manuscript
        self._anew = anew.Anew(manuscript)
        marks = Marks([*manuscript.tokens, *manuscript.words])
        content = manuscript.write(marks.values)
        pieces = list(_pieces(manuscript, content, marks))
        self._pieces = [piece if isinstance(piece, bytes) else b"" for piece in pieces]
        gaps = {
            gap: [place for place, piece in enumerate(pieces) if piece == gap] for gap in pieces if isinstance(gap, str)
        }
        self._fills = [(places, self._fill(gap, content, marks)) for gap, places in gaps.items()]
        said = marks.names(" ".join([content.subject, content.html, content.text, *content.headers.values()]))
        self._used = {name: fill for name, fill in {**manuscript.tokens, **manuscript.words}.items() if name in said}

    def wire(self, reader: Reader) -> bytes:
        values = {name: fill(reader) for name, fill in self._used.items()}
        pieces = self._pieces.copy()
        for places, fill in self._fills:
            filled = fill(reader, values)
            for place in places:
                pieces[place] = filled
        return b"".join(pieces)

    def message(self, reader: Reader) -> EmailMultiAlternatives:
        return self._anew.message(reader)

    def sender(self, reader: Reader) -> str:
        return anew.envelope_sender(reader, self.manuscript)

    def _fill(self, gap: str, content: Content, marks: "Marks") -> Fill:
        where, _colon, name = gap.partition(":")
        if where == "header":
            return {"to": _to, "date": self._date, "message-id": _message_id}[name]
        if where == "subject":
            return lambda reader, values: encoding.unstructured("Subject", marks.filled(content.subject, values))
        if where == "list-id":
            return lambda reader, values: encoding.folded("List-Id", marks.filled(content.headers["List-Id"], values))
        if where == "html":
            return lambda reader, values: quoted_printable(for_html(values[name]))
        if where == "text":
            return lambda reader, values: quoted_printable(values[name])
        return lambda reader, values: values[name].encode("ascii")

    def _date(self, reader: Reader, values: Values) -> bytes:
        return format_datetime(reader.at or self.manuscript.now).encode("ascii")


def _to(reader: Reader, values: Values) -> bytes:
    return encoding.mailbox("To", one_line(reader.name), headers.reachable(reader.email))


def _message_id(reader: Reader, values: Values) -> bytes:
    return anew.message_id(reader).encode("ascii")


class Marks:
    """Words no text has, as long as a token, that stand for the gaps while the templates are rendered."""

    def __init__(self, names: list[str]) -> None:
        start = f"q{secrets.token_hex(18)}"
        self.values = {name: f"{start}{number:06}" for number, name in enumerate(names)}
        self._names = {mark: name for name, mark in self.values.items()}
        self._any = re.compile(f"({start}[0-9]{{6}})")

    def split(self, text: str) -> Iterator[tuple[str, str]]:
        """("", words as they are) and (name, "") in turn."""
        for piece in self._any.split(text):
            yield (self._names[piece], "") if piece in self._names else ("", piece)

    def filled(self, text: str, values: Values) -> str:
        return self._any.sub(lambda mark: values[self._names[mark[0]]], text)

    def names(self, text: str) -> set[str]:
        return {self._names[mark] for mark in self._any.findall(text)}


def _pieces(manuscript: Manuscript, content: Content, marks: Marks) -> Iterator[Piece]:
    boundary = f"=_{secrets.token_hex(16)}"  # quoted-printable text cannot contain it (RFC 2045, 6.7)
    yield from _headers(manuscript, content, marks)
    yield (
        f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n--{boundary}\r\n'
    ).encode("ascii")
    yield from _part(manuscript, "text", content.text, marks)
    yield f"\r\n--{boundary}\r\n".encode("ascii")
    yield from _part(manuscript, "html", content.html, marks)
    yield f"\r\n--{boundary}--\r\n".encode("ascii")


def _headers(manuscript: Manuscript, content: Content, marks: Marks) -> Iterator[Piece]:
    name, address = parseaddr(manuscript.sender)
    yield encoding.mailbox("From", name, address) + b"\r\n"
    yield "header:to"
    yield b"\r\n"
    if manuscript.reply_to:
        yield encoding.mailbox("Reply-To", "", headers.reachable(manuscript.reply_to)) + b"\r\n"
    yield "subject:" if marks.names(content.subject) else encoding.unstructured("Subject", content.subject)
    yield b"\r\nDate: "
    yield "header:date"
    yield b"\r\nMessage-ID: "
    yield "header:message-id"
    yield b"\r\n"
    for header, value in content.headers.items():
        yield from _header(header, value, marks)


def _header(header: str, value: str, marks: Marks) -> Iterator[Piece]:
    if not marks.names(value):
        yield encoding.folded(header, value) + b"\r\n"
    elif header == "List-Id":
        yield "list-id:"
        yield b"\r\n"
    else:
        yield f"{header}: ".encode("ascii")
        for name, words in marks.split(f"{value}\r\n"):
            yield f"raw:{name}" if name else words.encode("ascii")


def _part(manuscript: Manuscript, where: str, text: str, marks: Marks) -> Iterator[Piece]:
    """A soft line break before and after each gap keeps lines short whatever is filled in (RFC 2045, 6.7)."""
    subtype = {"text": "plain", "html": "html"}[where]
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    yield head.encode("ascii")
    for number, (name, words) in enumerate(marks.split(text)):
        if number:
            yield b"=\r\n"
        yield f"{'raw' if name in manuscript.tokens else where}:{name}" if name else quoted_printable(words)
