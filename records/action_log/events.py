"""What is one entry of the action log, on its way and in the table?"""

import json
import uuid
from datetime import UTC, datetime
from typing import Any, NamedTuple

COLUMNS = (
    *("at", "event", "kind", "method", "path", "query", "status", "source", "campaign", "visitor", "address"),
    *("browser", "system", "device", "screen", "language", "bot", "signal"),
)
# Signs that each column takes.
MOST = {
    "kind": 20,
    "method": 8,
    "path": 500,
    "query": 500,
    "source": 300,
    "campaign": 100,
    "address": 45,
    "browser": 60,
    "system": 60,
    "device": 20,
    "screen": 12,
    "language": 12,
    "signal": 10,
}
_VERSION = 1
_dumps = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode
_LIMITS = [(COLUMNS.index(name), most) for name, most in MOST.items()]


class Event(NamedTuple):
    """One action of a visitor. `at` is UTC; `visitor` is the pseudonym of that day; `event` is made once, so that what
    is read twice is written once."""

    at: datetime
    event: uuid.UUID
    kind: str
    method: str = ""
    path: str = ""
    query: str = ""
    status: int | None = None
    source: str = ""
    campaign: str = ""
    visitor: bytes | None = None
    address: str = ""
    browser: str = ""
    system: str = ""
    device: str = ""
    screen: str = ""
    language: str = ""
    bot: bool = False
    signal: str = ""


def fitting(text: str, most: int) -> str:
    """`text` as a column of so many signs takes it: no control signs, no halves of a pair, not longer."""
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text[:most])
    return text[:most]


def packed(event: Event) -> bytes:
    """One line of JSON without its end, each text fitting its column."""
    values: list[Any] = list(event)
    for place, most in _LIMITS:
        values[place] = fitting(values[place], most)
    values[0], values[1] = event.at.isoformat(), event.event.hex
    values[9] = event.visitor.hex() if event.visitor is not None else None
    return _dumps([_VERSION, *values]).encode()


def unpacked(raw: bytes) -> Event:
    """Raises ValueError for what no release wrote: that entry is lost, the others are not."""
    values = json.loads(raw.decode())
    if not isinstance(values, list) or len(values) != len(COLUMNS) + 1 or values[0] != _VERSION:
        raise ValueError("not an entry of the action log")
    values = values[1:]
    for place, most in _LIMITS:
        text = values[place]
        if not (isinstance(text, str) and len(text) <= most and text.isprintable()):
            raise ValueError(f"{COLUMNS[place]} does not fit its column")
    at, status, visitor = values[0], values[6], values[9]
    if not (status is None or (isinstance(status, int) and 0 <= status < 1000)) or not isinstance(values[16], bool):
        raise ValueError("status or bot is of another kind")
    try:
        values[0] = datetime.fromisoformat(at).astimezone(UTC)
        values[1] = uuid.UUID(values[1])
        values[9] = None if visitor is None else bytes.fromhex(visitor)
    except (TypeError, AttributeError, OverflowError) as error:
        raise ValueError("a time, an id or a pseudonym is of another kind") from error
    return Event(*values)
