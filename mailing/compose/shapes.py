"""For whom a message is made: what its gaps are filled with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.core.mail import EmailMultiAlternatives


@dataclass(frozen=True)
class Reader:
    """One recipient of a campaign, a notice or a letter."""

    email: str
    delivery: int = 0  # 0: a preview or a test, whose links lead to no row
    subscription: int = 0
    subscriber: int = 0
    name: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    list_key: str = ""
    list_name: str = ""
    tracked: bool = False
    at: datetime | None = None  # the Date of the message; None: now


class Edition(Protocol):
    """One campaign in one language and one version, ready to be made out to anybody."""

    def wire(self, reader: Reader) -> bytes:
        """What DATA sends: CRLF line ends, no line that begins with a single dot, without the final dot."""

    def message(self, reader: Reader) -> EmailMultiAlternatives:
        """The same, built anew by Django."""

    def sender(self, reader: Reader) -> str:
        """The envelope's sender: where bounces go (VERP), or the sender's own address."""
