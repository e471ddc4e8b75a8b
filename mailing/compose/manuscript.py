"""What is the same for all readers of a mail, and which gaps in it are filled for each?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from mailing import tokens
from mailing.compose.shapes import Reader

Values = Mapping[str, str]  # what the gaps of a mail are filled with, by their names
Gaps = Mapping[str, Callable[[Reader], str]]


@dataclass(frozen=True)
class Content:
    """A mail whose gaps are filled, before it is a message. Headers are those beside From, To, Subject and Date."""

    subject: str
    html: str
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Manuscript:
    """`write` renders the whole mail anew with the values it is given; it looks nothing up. `tokens` are letters,
    digits, hyphens and underscores, the same in every part of a message; `words` may be anything on one line."""

    write: Callable[[Values], Content]
    tokens: Gaps
    words: Gaps
    sender: str  # "Name <address>"
    now: datetime  # the Date of a message whose reader brings none
    reply_to: str = ""

    def values(self, reader: Reader) -> dict[str, str]:
        return {name: fill(reader) for name, fill in {**self.tokens, **self.words}.items()}

    def content(self, reader: Reader) -> Content:
        return self.write(self.values(reader))


def personal(now: datetime) -> Gaps:
    """The tokens of the links that every mail to a list has."""

    def preferences(reader: Reader) -> str:
        return tokens.make(tokens.PREFERENCES, reader.subscriber, int((reader.at or now).timestamp()) // 86400)

    return {
        "unsubscribe": lambda reader: tokens.make(tokens.UNSUBSCRIBE, reader.subscription, reader.delivery),
        "preferences": preferences,
        "view": lambda reader: tokens.make(tokens.VIEW, reader.delivery),
        "why": lambda reader: tokens.make(tokens.WHY, reader.delivery),
    }


def counted(links: Mapping[str, int]) -> Gaps:
    """The tokens of counted links, by the keys of their rows."""

    def token_of(key: int) -> Callable[[Reader], str]:
        return lambda reader: tokens.make(tokens.LINK, reader.delivery, key)

    return {f"link {key}": token_of(key) for key in links.values()}


def address(view: str, token: str) -> str:
    """The absolute address of one of mailing's views, in the language that is active."""
    return f"{settings.SITE_URL}{reverse(f'mailing:{view}', args=[token])}"


def addresses(values: Values) -> dict[str, str]:
    """The links of `personal`, by their names."""
    return {name: address(name, values[name]) for name in ("unsubscribe", "preferences", "view", "why")}
