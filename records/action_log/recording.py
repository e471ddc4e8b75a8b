"""How is one action put on record without making anybody wait? Into the stream, else into a file."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from records.action_log import describe, minimal, pseudonym, spool, stream
from records.action_log.events import Event, packed

_left_out: set[str] = set()


class Sender(NamedTuple):
    """What a request says of whoever sent it. Nothing of this is written down as it is."""

    host: str = ""
    address: str = ""
    agent: str = ""
    languages: str = ""  # Accept-Language
    says_mobile: bool = False
    referrer: str = ""
    gpc: bool = False
    dnt: bool = False

    @property
    def signal(self) -> str:
        return " ".join(name for name, sent in (("gpc", self.gpc), ("dnt", self.dnt)) if sent)


def leave_out(*names: str) -> None:
    """Names of addresses ("app:name") that browsers or providers ask for without anybody doing anything."""
    _left_out.update(names)


def is_left_out(name: str) -> bool:
    return name in _left_out


def note(
    sender: Sender,
    *,
    at: datetime,
    now: datetime,
    kind: str,
    path: str,
    method: str = "",
    query: Iterable[tuple[str, str]] = (),
    status: int | None = None,
    screen: str = "",
) -> Event:
    """The entry for one action, which names nobody. Of a browser that sends GPC or DNT: page, time, status and the
    signal alone."""
    if sender.gpc or sender.dnt:
        return Event(at, uuid.uuid4(), kind, method, path, status=status, signal=sender.signal)
    found = describe.software(sender.agent, says_mobile=sender.says_mobile, has_language=bool(sender.languages))
    known = minimal.known(query)
    return Event(
        at,
        uuid.uuid4(),
        kind,
        method,
        path,
        query=minimal.query(known) if known else "",
        status=status,
        source=minimal.source(sender.referrer, host=sender.host) if sender.referrer else "",
        campaign=minimal.campaign(known) if known else "",
        visitor=pseudonym.of(at, now=now, host=sender.host, address=sender.address, agent=sender.agent),
        address=minimal.address(sender.address),
        browser=found.browser,
        system=found.system,
        device=found.device,
        screen=screen,
        language=describe.language(sender.languages),
        bot=found.bot,
    )


def record(event: Event) -> None:
    """Hands an entry to the stream; to the spool while that is away or full."""
    raw = packed(event)
    try:
        if not stream.put(raw):
            spool.put([raw])
    except stream.Away as away:
        spool.put(away.unsure, kind=spool.Kind.AGAIN)
