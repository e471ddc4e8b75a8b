"""What does a visitor's browser go through: on the first visit, on accepting, and on coming back?"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from bench.browser.server import Server
from bench.browser.variants import Variant

VIEWPORT = {"width": 412, "height": 823}
SLOWED = 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
PATIENCE = 20_000  # milliseconds
QUIET = 700  # milliseconds after which nothing more is expected
PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
NO_EVENT = 8  # milliseconds: an event that took less than 16 is not reported by the browser

Figures = dict[str, Any]


class NeverHappened(Exception):
    """Something a measurement waits for did not come; the message says what."""


class Visitor:
    """A page with nothing cached, its speed slowed, and what the network and the probe tell about it."""

    def __init__(self, page: Page, *, slowed: int = SLOWED, network: bool = True) -> None:
        self.page = page
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.told: set[str] = set()
        self.asked: dict[str, str] = {}  # addresses by request
        self.kept: set[str] = set()  # requests that the cache answered
        self.bytes = 0
        self.errors: list[str] = []
        for domain in ("Network", "Runtime", "Performance"):
            self.cdp.send(f"{domain}.enable")
        self.cdp.send("Runtime.addBinding", {"name": "benchTold"})
        self.cdp.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
        if network:
            self.cdp.send("Network.emulateNetworkConditions", NETWORK)
        self._listen()

    def _listen(self) -> None:
        self.cdp.on("Runtime.bindingCalled", lambda call: self.told.add(call["payload"]))
        self.cdp.on("Network.requestWillBeSent", self._requested)
        self.cdp.on("Network.requestServedFromCache", lambda event: self.kept.add(event["requestId"]))
        self.cdp.on("Network.responseReceived", self._answered)
        self.cdp.on("Network.loadingFinished", self._finished)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)

    def look(self, selector: str | None) -> None:
        self.page.add_init_script(PROBE.replace("SELECTOR", json.dumps(selector)))

    def forget(self) -> None:
        """Counts from here."""
        self.told.clear()
        self.asked.clear()
        self.kept.clear()
        self.bytes = 0

    def wait(self, *things: str) -> None:
        waited = 0
        while not self.told.issuperset(things):
            self.page.wait_for_timeout(20)
            waited += 20
            if waited > PATIENCE:
                missing = ", ".join(sorted({*things} - self.told))
                raise NeverHappened(f"{self.page.url}: {missing} was waited for in vain. {self.errors}")

    def sent(self) -> list[str]:
        """Addresses of the requests that reached the network."""
        return [address for request, address in self.asked.items() if request not in self.kept]

    def script_time(self) -> float:
        metrics = {metric["name"]: metric["value"] for metric in self.cdp.send("Performance.getMetrics")["metrics"]}
        return float(metrics["ScriptDuration"]) * 1000

    def figures(self) -> Figures:
        """What paints, tasks and the network came to by now, in milliseconds since the navigation, and bytes."""
        script = self.script_time()
        found = self.page.evaluate(
            "() => ({...bench, fcp: performance.getEntriesByName('first-contentful-paint')[0].startTime})"
        )
        sent = {"requests": len(self.sent()), "bytes": self.bytes, "script": script, "errors": self.errors}
        return _painted(found) | sent | _gates(found["gates"])

    def _requested(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self.asked[event["requestId"]] = event["request"]["url"]

    def _answered(self, event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache"):
            self.kept.add(event["requestId"])

    def _finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])


def _painted(found: Figures) -> Figures:
    late = [duration for start, duration in found["tasks"] if start + duration > found["fcp"]]
    seen = found["seen"]
    return {
        "fcp": found["fcp"],
        "lcp": found["lcp"]["at"],
        "lcp_is_banner": found["lcp"]["banner"],
        "cls": found["shift"],
        "seen": seen,
        # What is there in the frame of the first paint is seen with it, though the probe is asked before.
        "lag": max(0, seen - found["fcp"]) if seen is not None else None,
        "tbt": sum(max(0, duration - 50) for duration in late),
        "tasks": len(found["tasks"]),
    }


def _gates(marks: dict[str, float], since: float = 0) -> Figures:
    """When the inline gate ran, the first external script, the frame, and everything."""
    if not marks:
        return {}
    after = {name.removeprefix("gate-"): at - since for name, at in marks.items()}
    external = [at for name, at in after.items() if name.startswith("external")]
    found = {"inline": after.get("inline"), "external": min(external, default=None), "frame": after.get("frame")}
    return found | {"all": max(after.values()) if len(after) == 5 else None}


@contextlib.contextmanager
def visitor(browser: Browser, *, state: Any = None, slowed: int = SLOWED, network: bool = True) -> Iterator[Visitor]:
    context = browser.new_context(viewport=VIEWPORT, storage_state=state)
    try:
        yield Visitor(context.new_page(), slowed=slowed, network=network)
    finally:
        context.close()


def measure(browser: Browser, server: Server, variant: Variant) -> dict[str, Figures]:
    """One run of a variant: figures by part of the visit."""
    address = server.home + variant.path
    with visitor(browser) as first:
        found = {"first": _first(first, address, variant)}
        if variant.accept:
            found["accept"] = _accept(first, variant)
        state = first.page.context.storage_state()
    cookies = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in state["cookies"])
    server.fetched(variant.path, cookies)  # so that whoever keeps pages for this choice has this one
    if variant.gates:
        with visitor(browser, state=state) as again:
            found["cold"] = _return(again, address)
            again.page.close()  # another page has another process, which remembers nothing
            found["warm"] = _return(Visitor(again.page.context.new_page()), address)
    if variant.accept:
        with visitor(browser, slowed=1, network=False) as quick:
            _first(quick, address, variant)
            found["quick"] = _accept(quick, variant)
    return found


def _first(visit: Visitor, address: str, variant: Variant) -> Figures:
    visit.look(variant.banner)
    visit.page.goto(address, wait_until="load")
    visit.wait(*(["seen"] if variant.banner else []), *(["all"] if variant.ungated else []))
    visit.page.wait_for_timeout(QUIET)
    return visit.figures()


def _accept(visit: Visitor, variant: Variant) -> Figures:
    visit.forget()
    button = visit.page.locator(variant.accept).first.bounding_box()
    if not button:
        raise NeverHappened(f"{visit.page.url}: {variant.accept} is not to be seen.")
    visit.page.mouse.move(button["x"] + button["width"] / 2, button["y"] + button["height"] / 2)
    visit.page.wait_for_timeout(100)
    visit.page.mouse.down()
    visit.page.mouse.up()
    visit.wait("gone", "all")
    visit.page.wait_for_timeout(QUIET)
    found = visit.page.evaluate("() => bench")
    events = [event for event in found["events"] if event["startTime"] >= found["click"] - 500]
    handlers = [event["handler"] for event in events if event["name"] == "click"]
    return {
        "inp": max([event["duration"] for event in events], default=NO_EVENT),
        "handler": max(handlers, default=None),
        "gone": found["gone"] - found["click"],
        "requests": len(visit.sent()),
        "errors": visit.errors,
    } | _gates(found["gates"], since=found["click"])


def _return(visit: Visitor, address: str) -> Figures:
    visit.look(None)
    visit.page.goto(address, wait_until="load")
    visit.wait("all")
    visit.page.wait_for_timeout(QUIET)
    return visit.figures()
