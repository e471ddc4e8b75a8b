"""What is wrong with a page, as far as a program can tell?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Response

from bench.shots.modes import Mode

SCRIPT = Path(__file__).with_name("judge.js").read_text(encoding="utf-8")
TRANSLATED = {"ru"}  # what is public is wholly translated into these
# Of the demo's company, its people and the vendors it knows: the same in every language.
NAMES = ["Quay Street", "Harbour", "Tally", "Billboard", "Quayside Media", "Port Map", "Chartroom", "Candor"]


@dataclass
class Shot:
    """One picture, and what is wrong with what it shows."""

    name: str
    mode: Mode
    url: str
    file: Path
    wrong: list[str] = field(default_factory=list)


@contextmanager
def listening(page: Page) -> Iterator[list[str]]:
    """Collects what the browser complains about while a page is open."""
    heard: list[str] = []

    def complain(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.location["url"].endswith("/favicon.ico"):
            heard.append(f"console: {message.text[:200]}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            heard.append(f"{response.status}: {urlsplit(response.url).path}")

    def failed(error: object) -> None:
        heard.append(f"script: {str(error)[:200]}")

    page.on("console", complain)
    page.on("response", answered)
    page.on("pageerror", failed)
    try:
        yield heard
    finally:
        page.remove_listener("console", complain)
        page.remove_listener("response", answered)
        page.remove_listener("pageerror", failed)


def judged(page: Page, mode: Mode, *, public: bool) -> list[str]:
    language = mode.language if public and mode.language in TRANSLATED else ""
    said: list[str] = page.evaluate(SCRIPT, {"language": language, "isPublic": public, "names": NAMES})
    return said
