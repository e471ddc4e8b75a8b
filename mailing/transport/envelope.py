"""What is said to the server about one parcel, and which parcels do we refuse before it hears of them?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailing import addresses
from mailing.transport.shapes import Answer, Parcel, Stage

# No space, angle bracket or control character: no address begins a command of its own. Lengths: RFC 5321, 4.5.3.1.
_ADDRESS = re.compile(r"[^\s<>\x00-\x1f\x7f]{1,64}@[^\s<>@\x00-\x1f\x7f]{1,255}")
_SYNTAX = {Stage.SENDER: "5.1.7", Stage.RECIPIENT: "5.1.3"}  # RFC 3463, 3.2


class Unsendable(ValueError):
    """We refuse it ourselves."""

    def __init__(self, code: int, stage: Stage, text: str) -> None:
        super().__init__(text)
        self.code, self.stage = code, stage

    def answer(self, number: int) -> Answer:
        return Answer(number, self.code, self.stage, str(self))


@dataclass(slots=True)
class Sealed:
    """A parcel in the words of SMTP."""

    number: int
    commands: Sequence[tuple[Stage, bytes]]  # MAIL, RCPT, DATA: each with what its answer is about
    body: bytes  # up to and with the final dot
    is_answered: bool = False


def seal(parcel: Parcel, offers: Mapping[str, str]) -> Sealed:
    """For a server with these extensions (small letters, each with its parameters). Raises Unsendable."""
    sender = _path(parcel.sender, Stage.SENDER, offers) if parcel.sender else ""
    recipient = _path(parcel.recipient, Stage.RECIPIENT, offers)
    body = _body(parcel)
    options = _options(body, offers) + ("" if sender.isascii() and recipient.isascii() else " SMTPUTF8")
    commands = [
        (Stage.SENDER, f"MAIL FROM:<{sender}>{options}\r\n".encode()),
        (Stage.RECIPIENT, f"RCPT TO:<{recipient}>\r\n".encode()),
        (Stage.MESSAGE, b"DATA\r\n"),
    ]
    return Sealed(parcel.number, commands, body)


def _path(address: str, stage: Stage, offers: Mapping[str, str]) -> str:
    """The address as the server may read it: a domain outside ASCII in its IDNA form."""
    if not _ADDRESS.fullmatch(address):
        raise Unsendable(553, stage, f"{_SYNTAX[stage]} this is no address that a mail server can be told")
    if address.isascii():
        return address
    path = f"{address.rpartition('@')[0]}@{addresses.domain(address)}"
    if not path.isascii() and "smtputf8" not in offers:
        raise Unsendable(553, stage, "5.6.7 our mail server takes no address with letters outside ASCII")
    return path


def _body(parcel: Parcel) -> bytes:
    try:
        wire = parcel.wire()
    except ValueError as error:  # a header with a line break, an address nobody can have
        raise Unsendable(554, Stage.MESSAGE, "5.6.0 the message cannot be written") from error
    body = wire + (b".\r\n" if wire.endswith(b"\r\n") else b"\r\n.\r\n")
    # What follows a line with nothing but a dot would be read as commands.
    if body.find(b"\r\n.\r\n") != len(body) - 5 or wire.startswith(b".\r\n"):
        raise Unsendable(554, Stage.MESSAGE, "5.6.0 the message has a line with nothing but a dot")
    return body


def _options(body: bytes, offers: Mapping[str, str]) -> str:
    """Of MAIL FROM: SIZE (RFC 1870) and 8BITMIME (RFC 6152)."""
    options = ""
    if "size" in offers:
        most = int(offers["size"]) if offers["size"].isdecimal() else 0
        if 0 < most < len(body):
            raise Unsendable(552, Stage.MESSAGE, f"5.3.4 our mail server takes no message above {most} bytes")
        options = f" SIZE={len(body)}"
    if not body.isascii():
        if "8bitmime" not in offers:
            raise Unsendable(554, Stage.MESSAGE, "5.6.3 our mail server takes no letters outside ASCII")
        options += " BODY=8BITMIME"
    return options
