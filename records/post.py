"""How does this floor write to a person? A floor above carries the mail: it says so when it starts."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from records.registry import Purpose


class Carrier(Protocol):
    def __call__(
        self, *, email: str, subject: str, text: str, locale: str, now: datetime, purpose: Purpose, about: str
    ) -> object: ...


_carriers: list[tuple[Carrier, Callable[[], None]]] = []


class NoCarrier(RuntimeError):
    """No floor above carries mail."""


def carry(carrier: Carrier, *, hurry: Callable[[], None]) -> None:
    """Names who writes letters, in the transaction of whoever asks, and who tells a worker that one waits."""
    _carriers[:] = [(carrier, hurry)]


def write(*, email: str, subject: str, text: str, locale: str, now: datetime, purpose: Purpose, about: str) -> None:
    """Puts a letter of plain text on its way. `about` names what it is about, such as "records.SubjectRequest:1".
    Raises NoCarrier."""
    if not _carriers:
        raise NoCarrier("No app carries mail: call records.post.carry() when one starts.")
    [(carrier, hurry)] = _carriers
    carrier(email=email, subject=subject, text=text, locale=locale, now=now, purpose=purpose, about=about)
    hurry()
