"""How is a site seen without a choice, after refusing and after accepting everything? Each in a fresh profile."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from consent import cookie
from consent.scanning.seen import Seen, Sight, State, label
from consent.scanning.watch import Watch

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

WORDS = {State.REFUSED: "refuse", State.ACCEPTED: "accept"}  # values of the banner's buttons
_QUIET = 5.0  # seconds a page may go on loading after it was shown; some never end
_BANNER = 5.0  # seconds until it must stand there
# Pictures and frames that load only when they come near are fetched as well.
_SCROLL = """async () => {
  const end = document.documentElement.scrollHeight;
  for (let y = 0, steps = 0; y < end && steps < 40; y += innerHeight, steps++) {
    scrollTo(0, y);
    await new Promise((next) => setTimeout(next, 25));
  }
}"""
# What a page sends when it is left goes by the browser's own way, which nobody hears: it is told beforehand.
_LEAVE = """() => {
  Object.defineProperty(document, "visibilityState", {value: "hidden", configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
  dispatchEvent(new PageTransitionEvent("pagehide"));
}"""
_LEAVING = 0.1  # seconds


class CannotChoose(Exception):
    """The page has no buttons of this software, or they led to no choice."""


def visit(
    browser: "Browser", addresses: Sequence[str], *, origin: str, preferences: str | None, timeout: float
) -> Seen:
    """Opens every page in all three states; `preferences` is the address of the form that stands in for a banner.
    `timeout` is in seconds, for each step of a page."""
    seen = Seen(pages=[label(address, origin) for address in addresses])
    for state in State:
        context = browser.new_context(service_workers="block")
        context.set_default_timeout(timeout * 1000)
        try:
            seen.sights += _in_state(context, state, addresses, seen, origin, preferences)
        except CannotChoose as problem:
            seen.skipped[state] = str(problem)
        finally:
            context.close()
    return seen


def _in_state(
    context: "BrowserContext",
    state: State,
    addresses: Sequence[str],
    seen: Seen,
    origin: str,
    preferences: str | None,
) -> list[Sight]:
    watch = Watch(context, state)
    page = watch.open()
    if state in WORDS:
        watch.page = label(addresses[0], origin)
        _choose(page, watch, WORDS[state], addresses[0], preferences)
    watch.begin()
    for address in addresses:
        watch.page = label(address, origin)
        if problem := _look(page, watch, address):
            seen.unreachable.setdefault(watch.page, problem)
    return watch.sights()


def _look(page: "Page", watch: Watch, address: str) -> str:
    """Opens one page and reads what it keeps; says what went wrong, if anything."""
    from playwright.sync_api import Error

    try:
        answer = page.goto(address)
        if answer is not None and answer.status >= 400:
            return f"it answers {answer.status}"
        _settle(page)
        watch.read(page)
        _leave(page)
    except Error as problem:
        return str(problem).splitlines()[0].removeprefix("Page.goto: ")
    return ""


def _settle(page: "Page") -> None:
    from playwright.sync_api import TimeoutError as TooLate

    page.evaluate(_SCROLL)
    try:
        page.wait_for_load_state("networkidle", timeout=_QUIET * 1000)
    except TooLate:
        return


def _leave(page: "Page") -> None:
    page.evaluate(_LEAVE)
    page.wait_for_timeout(_LEAVING * 1000)


def _choose(page: "Page", watch: Watch, word: str, address: str, preferences: str | None) -> None:
    """Presses the button in the banner, else in the form. Raises CannotChoose."""
    from playwright.sync_api import Error

    try:
        page.goto(address)
        button = page.locator(f"candor-consent button[value={word}]:visible").first
        if not _is_there(button, within="candor-consent"):
            page.goto(preferences or address)
            button = page.locator(f"form button[name=choice][value={word}]:visible").first
            if not (preferences and _is_there(button, within="form")):
                raise CannotChoose(f"{address} has no banner of this software")
        watch.begin()
        button.click()
        _await_choice(page)
        _settle(page)
        watch.read(page)
    except Error as problem:
        raise CannotChoose(f"{address}: {str(problem).splitlines()[0]}") from None


def _is_there(button: "Locator", *, within: str) -> bool:
    """What the server has not written will not come; what it has may wait for a style sheet or a script."""
    from playwright.sync_api import Error

    if not button.page.locator(within).count():
        return False
    try:
        button.wait_for(state="visible", timeout=_BANNER * 1000)
    except Error:
        return False
    return True


def _await_choice(page: "Page") -> None:
    end = time.monotonic() + _QUIET
    while not any(row["name"] == cookie.NAME for row in page.context.cookies()):
        if time.monotonic() > end:
            raise CannotChoose(f"The choice was made, but no cookie {cookie.NAME} came of it")
        page.wait_for_timeout(50)
