"""What does a browser profile ask for and keep while its pages are open?"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from consent import origins
from consent.models import Finding
from consent.models.findings import NAME
from consent.scanning.seen import Sight, State

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Frame, Page, Request, WebSocket

Kind = Finding.Kind
MOST = 5_000  # sights of one state; a page that makes up names does not fill the memory
_BLOCKED = "csp"  # Chromium's word for a Content-Security-Policy
# A request that outlives its page looks like any other to the network, so the page's own call is heard.
_KEEPALIVE = """(() => {
  const ask = window.fetch;
  window.fetch = function (what, how) {
    try {
      if (how?.keepalive ?? what?.keepalive) window.candorScanner(new URL(what?.url ?? what, location.href).href);
    } catch {}
    return ask.apply(this, arguments);
  };
})()"""
_FRAMES = """() => [...document.querySelectorAll("iframe[src], embed[src], object[data]")]
  .map((frame) => frame.src || frame.data)"""
_STORED = """() => [Object.keys(localStorage), Object.keys(sessionStorage)]"""
_Key = tuple[str, str, str, str]  # page, kind, name, detail


class Watch:
    """Listens to one profile from `begin` on. `page` is the label of the page that is open."""

    def __init__(self, context: "BrowserContext", state: State) -> None:
        self.page = ""
        self._context, self._state = context, state
        self._found: dict[_Key, Sight] = {}
        self._waiting: dict[Any, _Key] = {}
        self._asked, self._blocked = Counter[_Key](), Counter[_Key]()
        self._listens = False
        context.expose_binding("candorScanner", self._outlive)
        context.add_init_script(_KEEPALIVE)
        context.on("request", self._ask)
        context.on("requestfailed", self._fail)
        context.on("requestfinished", self._arrive)

    def open(self) -> "Page":
        page = self._context.new_page()
        page.on("websocket", self._connect)
        return page

    def begin(self) -> None:
        self._listens = True

    def sights(self) -> list[Sight]:
        """Blocked is what the browser never let out: one request that leaves tells its host who asks."""
        blocked = {key for key, times in self._blocked.items() if times >= self._asked[key]}
        return [replace(sight, blocked=key in blocked) for key, sight in self._found.items()]

    def read(self, page: "Page") -> None:
        """The cookies of the whole jar, what each frame has stored, and the frames that stand in the page."""
        for row in self._context.cookies():
            self._keep(
                Kind.COOKIE,
                row["name"],
                detail=f"{row['domain']}{row['path']}",
                seconds=None if row["expires"] < 0 else max(0, round(row["expires"] - time.time())),
                http_only=row["httpOnly"],
            )
        for frame in page.frames:
            for kind, name in _stored(frame):
                self._keep(kind, name, detail=origins.of(frame.url))
        for address in page.evaluate(_FRAMES):
            self._add(Kind.FRAME, address, "iframe")

    def _outlive(self, _source: object, address: str) -> None:
        self._add(Kind.BEACON, address, "keepalive")

    def _connect(self, socket: "WebSocket") -> None:
        self._add(Kind.HOST, socket.url, "websocket")

    def _ask(self, request: "Request") -> None:
        kind = Kind.HOST
        if request.resource_type in {"ping", "beacon"}:
            kind = Kind.BEACON
        elif request.resource_type == "document" and not self._is_main(request):
            kind = Kind.FRAME
        if key := self._add(kind, request.url, request.resource_type):
            self._asked[key] += 1
            self._waiting[request] = key

    def _is_main(self, request: "Request") -> bool:
        from playwright.sync_api import Error

        try:
            return request.frame.parent_frame is None
        except Error:  # not yet there: the page itself is on its way
            return True

    def _fail(self, request: "Request") -> None:
        key = self._waiting.pop(request, None)
        if key and _BLOCKED in (request.failure or "").lower():
            self._blocked[key] += 1

    def _arrive(self, request: "Request") -> None:
        self._waiting.pop(request, None)

    def _add(self, kind: Kind, address: str, detail: str) -> _Key | None:
        if not (self._listens and (origin := origins.of(address))):
            return None
        return self._keep(kind, origin, detail=detail)

    def _keep(self, kind: Kind, name: str, *, detail: str, **said: Any) -> _Key:
        key = (self.page, str(kind), name[:NAME], detail[:NAME])
        before = self._found.get(key)
        if before is None and len(self._found) >= MOST:
            return key
        if before is None or (said.get("seconds") or 0) > (before.seconds or 0):
            self._found[key] = Sight(self._state, *key, **said)
        return key


def _stored(frame: "Frame") -> Iterator[tuple[Kind, str]]:
    """Nothing of a frame that may keep nothing, such as a sandboxed one."""
    from playwright.sync_api import Error

    try:
        local, session = frame.evaluate(_STORED)
    except Error:
        return
    yield from ((Kind.LOCAL, name) for name in local)
    yield from ((Kind.SESSION, name) for name in session)
