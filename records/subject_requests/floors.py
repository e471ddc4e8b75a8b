"""What do floors above add to a request: who stops promotional mail at once, and where are consents shown?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils.functional import Promise


class Stopper(Protocol):
    def __call__(self, *, email: str, locale: str, now: datetime) -> object: ...


@dataclass(frozen=True)
class History:
    """A page where somebody sees what they agreed to: what it is called, and the name of its address."""

    title: Promise
    view: str


_stoppers: list[Stopper] = []
_histories: dict[str, History] = {}


def stops_mail(stopper: Stopper) -> None:
    """Names who stops all promotional mail to an address, in the transaction of whoever asks (GDPR Art. 21(3))."""
    if stopper not in _stoppers:
        _stoppers.append(stopper)


def shows_consents(title: Promise, view: str) -> None:
    _histories[view] = History(title, view)


def stop_mail(*, email: str, locale: str, now: datetime) -> None:
    for stopper in _stoppers:
        stopper(email=email, locale=locale, now=now)


def histories() -> list[History]:
    return list(_histories.values())
