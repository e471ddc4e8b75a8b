"""What has come into the mailbox of the return address? Read over IMAP and TLS, each message once.

A message that was understood is deleted: it repeats an address, and what it says is a row now. One that was not goes to
the folder "Unrecognised", for people.
"""

import imaplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from mailing.models import Return
from mailing.returns import mime, parse, rules
from mailing.returns.shapes import Nothing, Report

FOLDER = "Unrecognised"
TIMEOUT = 20  # seconds
_NO_ADDRESS = "%s is not of the form imaps://name:password@host/INBOX."


class NoMailbox(Exception):
    """The mailbox cannot be read; the sentence says why, without the password."""


@dataclass
class Counted:
    recorded: int = 0  # reports that were new
    ignored: int = 0  # known already, about rows that are gone, or nothing to do
    unrecognised: int = 0


def read(*, url: str, now: datetime, limit: int = 500) -> Counted:
    """Reads up to `limit` messages of imaps://name:password@host[:993]/FOLDER. Raises NoMailbox, and whatever the
    database raises: then the message stays where it is. Stopped at any point, it goes on there, and counts none twice:
    a report is a row before its message is moved, and the second row of one report is not written."""
    counted = Counted()

    def take(raw: bytes) -> bool:
        found = parse.read(raw)
        if found is Nothing.UNRECOGNISED:
            counted.unrecognised += 1
            return False
        new = isinstance(found, Report) and rules.receive(found, source=Return.Source.MAILBOX, now=now)
        counted.recorded += bool(new)
        counted.ignored += not new
        return True

    sift(url=url, take=take, limit=limit, setting="MAIL_RETURN_MAILBOX")
    return counted


def sift(*, url: str, take: Callable[[bytes], bool], limit: int, setting: str) -> None:
    """Gives the beginning of each of up to `limit` messages to `take`. One of which it says True is deleted, another is
    set aside for people. `setting` is what the address of the mailbox comes from. Raises NoMailbox, and whatever `take`
    raises: then the message stays where it is."""
    with _mailbox(_place(url, setting)) as (mailbox, messages):
        for uid in _waiting(mailbox, messages, limit):
            raw = _fetch(mailbox, uid)
            if raw is None:  # somebody else has taken it away meanwhile
                continue
            (_delete if take(raw) else _set_aside)(mailbox, uid)


@dataclass(frozen=True)
class _Place:
    host: str
    port: int
    name: str
    password: str
    folder: str


def _place(url: str, setting: str) -> _Place:
    """Raises NoMailbox."""
    try:
        parts = urlsplit(url)
        host, port, folder = parts.hostname or "", parts.port or 993, unquote(parts.path.strip("/")) or "INBOX"
    except ValueError:
        raise NoMailbox(_NO_ADDRESS % setting) from None  # the cause may repeat the password
    place = _Place(host, port, unquote(parts.username or ""), unquote(parts.password or ""), folder)
    is_whole = bool(place.host and place.name and place.password)
    if parts.scheme != "imaps" or not is_whole or not (place.name + place.password + place.folder).isascii():
        raise NoMailbox(_NO_ADDRESS % setting)
    return place


@contextmanager
def _mailbox(place: _Place) -> Iterator[tuple[imaplib.IMAP4_SSL, int]]:
    """The mailbox, opened, and how many messages are in it."""
    try:
        mailbox = imaplib.IMAP4_SSL(place.host, place.port, ssl_context=_tls(), timeout=TIMEOUT)
        try:
            mailbox.login(place.name, place.password)
            # Many servers say what else they can do only to whom they know; imaplib asks before.
            mailbox.capabilities = tuple(_answer(mailbox.capability())[-1].decode("ascii", "replace").upper().split())
            yield mailbox, _count(mailbox.select(_quoted(place.folder)))
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                mailbox.logout()
            with suppress(OSError):
                mailbox.shutdown()  # a line that went dead is not closed by logging out
    except (imaplib.IMAP4.error, OSError) as error:
        raise NoMailbox(f"The mailbox at {place.host} cannot be read: {type(error).__name__}.") from error


def _count(selected: tuple[str, list[Any]]) -> int:
    number = _answer(selected)[0] or b"0"
    return int(number) if number.isdigit() else 0


def _tls() -> ssl.SSLContext:
    """Name and certificate are checked."""
    return ssl.create_default_context()


def _waiting(mailbox: imaplib.IMAP4_SSL, messages: int, limit: int) -> list[bytes]:
    """UIDs of the first `limit` messages: whatever was read has left the folder, so those are the next."""
    if not messages:
        return []
    found = _answer(mailbox.uid("SEARCH", f"1:{min(messages, limit)}", "UNDELETED"))[0]
    return found.split()[:limit] if isinstance(found, bytes) else []


def _fetch(mailbox: imaplib.IMAP4_SSL, uid: bytes) -> bytes | None:
    """The beginning of a message. Its flags stay as they are."""
    found = _answer(mailbox.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{mime.MOST_BYTES}>)"))
    return next((part[1] for part in found if isinstance(part, tuple)), None)


def _set_aside(mailbox: imaplib.IMAP4_SSL, uid: bytes) -> None:
    """Some servers keep every folder below INBOX, with one of two signs between."""
    for folder in (FOLDER, f"INBOX.{FOLDER}", f"INBOX/{FOLDER}"):
        mailbox.create(folder)  # answers NO where it is there, or must not be
        if mailbox.uid("COPY", uid.decode(), folder)[0] == "OK":
            _delete(mailbox, uid)
            return
    raise imaplib.IMAP4.error(f"there is no folder {FOLDER}")


def _delete(mailbox: imaplib.IMAP4_SSL, uid: bytes) -> None:
    _answer(mailbox.uid("STORE", uid.decode(), "+FLAGS.SILENT", r"(\Deleted \Seen)"))
    if "UIDPLUS" in mailbox.capabilities:  # RFC 4315: this one alone
        _answer(mailbox.uid("EXPUNGE", uid.decode()))
    else:
        _answer(mailbox.expunge())


def _answer(answer: tuple[str, list[Any]]) -> list[Any]:
    """What a command answered. Raises imaplib's error where it was refused."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"the server answered {status}")
    return data


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
