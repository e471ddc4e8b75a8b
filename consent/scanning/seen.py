"""What was met on which page in which state? Names only: no value of a cookie, no query string."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from consent.models.findings import NAME


class State(StrEnum):
    NONE = "none"
    REFUSED = "refused"
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class Sight:
    """`kind` is a Finding's. `detail` says as what a host was asked ("script"), or where a cookie lies. `seconds` is
    how long a cookie lives from now on, None until the browser is closed."""

    state: State
    page: str
    kind: str
    name: str
    detail: str = ""
    seconds: int | None = None
    http_only: bool = False
    blocked: bool = False  # refused by the browser itself, so that nobody was asked


@dataclass
class Seen:
    pages: list[str]
    sights: list[Sight] = field(default_factory=list)
    unreachable: dict[str, str] = field(default_factory=dict)  # a page and why
    skipped: dict[State, str] = field(default_factory=dict)  # a state and why


def label(address: str, origin: str) -> str:
    """A page in a report: its path, or its whole address elsewhere; never what stands behind "?"."""
    parts = urlsplit(address)
    path = parts.path or "/"
    here = f"{parts.scheme}://{parts.netloc}" == origin
    return (path if here else f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}")[:NAME]
