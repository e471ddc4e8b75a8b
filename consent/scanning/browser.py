"""Which Chromium opens the pages? One that is named, one that is installed, or the one that Playwright fetched."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",  # containers often have 64 MB there
    "--disable-quic",
    "--force-color-profile=srgb",
    "--no-first-run",
]


class NoBrowser(Exception):
    """There is no browser to be had; the message says what to do."""


def flags() -> list[str]:
    return [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS  # Chromium's sandbox refuses root


def present(playwright: "Playwright") -> str | None:
    """CHROMIUM, a browser on PATH, or the one Playwright fetched before. Raises NoBrowser if CHROMIUM names none."""
    named = os.environ.get("CHROMIUM")
    if named:
        if shutil.which(named) is None:
            raise NoBrowser(f"CHROMIUM={named} is not a program. Name a Chromium or Chrome, or unset the variable.")
        return named
    fetched = playwright.chromium.executable_path
    return next(filter(None, map(shutil.which, (*NAMES, fetched))), None)


@contextmanager
def launched() -> Iterator["Browser"]:
    """A headless Chromium. Raises NoBrowser with a sentence when there is none; nothing is installed here."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise NoBrowser(
            "The scanner drives Chromium through the Python package playwright, which is not installed here. "
            "Run `pip install playwright`, then `playwright install chromium`, or install the package chromium."
        ) from None
    with sync_playwright() as playwright:
        program = present(playwright)
        if program is None:
            raise NoBrowser(
                "There is no Chromium here. Install the package chromium or google-chrome, run `playwright install "
                "chromium`, or set CHROMIUM=/path/to/it."
            )
        try:
            browser = playwright.chromium.launch(executable_path=program, args=flags())
        except Error as problem:
            raise NoBrowser(f"{program} does not start: {str(problem).splitlines()[0]}") from None
        try:
            yield browser
        finally:
            browser.close()
