"""How does this floor write to a person? A floor above carries the mail: it says so when it starts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import Q

from records.registry import Purpose


class History(Protocol):
    def __call__(self, reference: str, *, at: datetime) -> "Sequence[Written]": ...


class Carrier(Protocol):
    def __call__(
        self, *, email: str, subject: str, text: str, locale: str, now: datetime, purpose: Purpose, about: str
    ) -> object: ...


@dataclass(frozen=True)
class Written:
    """A letter as it was written, and in words what became of it."""

    subject: str
    text: str
    at: datetime
    state: str


@dataclass(frozen=True)
class _Post:
    write: Carrier
    hurry: Callable[[], None]
    on_its_way: Callable[[str], bool]
    rows: Callable[[str], Mapping[str, Q]]
    history: History


_carriers: list[_Post] = []


class NoCarrier(RuntimeError):
    """No floor above carries mail."""


def carry(
    carrier: Carrier,
    *,
    hurry: Callable[[], None],
    on_its_way: Callable[[str], bool] = lambda about: False,
    rows: Callable[[str], Mapping[str, Q]] = lambda about: {},
    history: History = lambda reference, *, at: [],
) -> None:
    """Names who writes letters, in the transaction of whoever asks, and who tells a worker that one waits.

    The others are asked by a letter's `about`: `on_its_way` whether one waits for the mail server, `rows` which rows
    such letters are, by the label of their model, and `history` what was written, the newest first.
    """
    _carriers[:] = [_Post(carrier, hurry, on_its_way, rows, history)]


def write(*, email: str, subject: str, text: str, locale: str, now: datetime, purpose: Purpose, about: str) -> None:
    """Puts a letter of plain text on its way. `about` names what it is about, such as "records.SubjectRequest:1".
    Raises NoCarrier."""
    post = _post()
    post.write(email=email, subject=subject, text=text, locale=locale, now=now, purpose=purpose, about=about)
    post.hurry()


def on_its_way(about: str) -> bool:
    """Is a letter about this still to be taken by the mail server? Raises NoCarrier."""
    return _post().on_its_way(about)


def rows(about: str) -> Mapping[str, Q]:
    """What was stored to write letters about this, by the label of the model. Raises NoCarrier."""
    return _post().rows(about)


def history(about: str, *, at: datetime) -> Sequence[Written]:
    """The letters about this that have not reached their end at `at` (UTC), the newest first. Raises NoCarrier."""
    return _post().history(about, at=at)


def _post() -> _Post:
    if not _carriers:
        raise NoCarrier("No app carries mail: call records.post.carry() when one starts.")
    return _carriers[0]
