"""How does text become bytes that every mail server passes on unchanged?"""

import base64
import html
import re
from collections.abc import Iterator
from email.utils import quote

LONGEST = 76  # characters in a line of a body, or of a header with encoded words (RFC 2045, 6.7; RFC 2047, 2)
# Control characters, halves of pairs, and what is no character: no header, no XML and no reader has a use for them.
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_AS_IS = re.compile(r"(?!\.|From )[ !-<>-~]{0,74}[!-<>-~]")
_QUOTED = [b"%c" % byte if 32 < byte < 127 and byte != 61 else b"=%02X" % byte for byte in range(256)]
_QUOTED[32], _QUOTED[9] = b" ", b"\t"
_CHUNK = 39  # bytes in an encoded word: it fits beside the name of its header


def one_line(text: str) -> str:
    """Without line breaks, control characters and doubled spaces, and nothing that reads like an encoded word."""
    return " ".join(_NOT_TEXT.sub(" ", text).split()).replace("=?", "= ?")


def for_html(text: str) -> str:
    """As an HTML serialiser writes text."""
    return html.escape(text, quote=False).replace("\xa0", "&nbsp;")


def quoted_printable(text: str) -> bytes:
    """`text` from the beginning of a line on, with CRLF line ends (RFC 2045, 6.7). No line begins with a dot, which
    SMTP would have doubled, or with "From ", which some servers mark."""
    if _AS_IS.fullmatch(text):
        return text.encode("ascii")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8").split(b"\n")
    return b"\r\n".join(map(_quoted_line, lines))


def _quoted_line(line: bytes) -> bytes:
    whole = b"".join(map(_QUOTED.__getitem__, line))
    if len(whole) < LONGEST and not whole.startswith((b".", b"From ")) and not whole.endswith((b" ", b"\t")):
        return whole
    return b"=\r\n".join(_soft_lines(line))


def _soft_lines(line: bytes) -> Iterator[bytes]:
    pieces = [_QUOTED[byte] for byte in line]
    if line[-1:] in {b" ", b"\t"}:
        pieces[-1] = b"=%02X" % line[-1]
    current = b""
    for place, piece in enumerate(pieces):
        if len(current) + len(piece) >= LONGEST:
            yield current
            current = b""
        if not current and (piece == b"." or line[place : place + 5] == b"From "):
            piece = b"=%02X" % line[place]
        current += piece
    yield current


def unstructured(header: str, text: str) -> bytes:
    """A header of free text, such as the subject. No line break at its end."""
    return folded(header, text if text.isascii() else " ".join(_encoded_words(text)))


def mailbox(header: str, name: str, address: str) -> bytes:
    """A header with one person: a display name, which may be empty, and an address in visible ASCII."""
    return folded(header, with_phrase(name, f"<{address}>") if name else address)


def with_phrase(words: str, machine: str) -> str:
    """Words for people and a name for machines, <in angle brackets>, on one line."""
    before = [f'"{quote(words)}"'] if words.isascii() else _encoded_words(words)
    return " ".join([*before, machine])


def folded(header: str, value: str) -> bytes:
    """A header; on several lines where it has encoded words that one cannot hold (RFC 2047, 2)."""
    line = f"{header}: {value}"
    if len(line) > LONGEST and "=?" in value:
        line = f"{header}: " + value.replace(" ", "\r\n ")
    return line.encode("ascii")


def _encoded_words(text: str) -> list[str]:
    """RFC 2047; no character is divided between two."""
    chunks = [b""]
    for character in text:
        encoded = character.encode("utf-8")
        if len(chunks[-1]) + len(encoded) > _CHUNK:
            chunks.append(b"")
        chunks[-1] += encoded
    return [f"=?utf-8?b?{base64.b64encode(chunk).decode('ascii')}?=" for chunk in chunks]
