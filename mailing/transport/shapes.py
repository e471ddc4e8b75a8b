"""What goes out, what comes back, and what is written down in between."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from django.core.mail import EmailMultiAlternatives


class Stage(IntEnum):
    """Which part of the dialogue an answer is about (RFC 5321, 3.3)."""

    SENDER = 1  # MAIL FROM: about us
    RECIPIENT = 2  # RCPT TO
    MESSAGE = 3  # after the final dot


@dataclass(frozen=True)
class Parcel:
    """One message for one recipient. `wire()` is what DATA sends: CRLF line ends, dots stuffed, without the final dot;
    `message()` is the same for a transport that takes Django's messages."""

    number: int  # of the delivery
    sender: str  # of the envelope; bounces go there
    recipient: str
    wire: Callable[[], bytes]
    message: Callable[[], EmailMultiAlternatives]


@dataclass(frozen=True)
class Answer:
    """What was said about one parcel. `text` may repeat addresses: strip them before keeping it."""

    number: int
    code: int  # RFC 5321: 250 accepted, 4xx not now, 5xx not at all
    stage: Stage
    text: str = ""
    provider_id: str = ""

    @property
    def accepted(self) -> bool:
        return self.stage == Stage.MESSAGE and 200 <= self.code < 300


class Closed(OSError):
    """The connection is gone. What became of a parcel between its intent and its answer, nobody knows."""


class Journal(Protocol):
    """Writes down, before anything leaves, that it is about to; and what was answered. Both before they return."""

    def intent(self, number: int) -> None: ...

    def answer(self, answer: Answer) -> None: ...


def always() -> bool:
    return True


class Transport(Protocol):
    def send(self, parcels: Iterable[Parcel], journal: Journal, go_on: Callable[[], bool] = always) -> None:
        """Hands over each parcel in turn. Calls `journal.intent` right before the bytes that could make the other
        side accept it, and `journal.answer` as soon as its answer is read, also for refusals before any intent.

        Asks `go_on` before each message leaves; once it says no, returns, and the parcels left are untouched. Returns
        else once every parcel is answered. Raises Closed (or another OSError) when the connection is lost or turns us
        away: parcels without an answer are then in doubt if they have an intent, and untouched if not."""

    def close(self) -> None: ...
