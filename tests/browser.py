"""Which Chromium drives the journeys and the screenshots? One that is here, else one that is fetched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright, sync_playwright

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
    """There is no Chromium and none could be installed; the message says what to do."""


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless Chromium. Raises NoBrowser with a sentence when there is none to be had."""
    with sync_playwright() as playwright:
        flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS  # Chromium's sandbox refuses root
        browser = playwright.chromium.launch(executable_path=_executable(playwright), args=flags)
        try:
            yield browser
        finally:
            browser.close()


def _executable(playwright: Playwright) -> str:
    return _present(playwright) or _installed(playwright)


def _present(playwright: Playwright) -> str | None:
    """CHROMIUM, a browser on PATH, or the one Playwright fetched before."""
    named = os.environ.get("CHROMIUM")
    if named:
        if shutil.which(named) is None:
            raise NoBrowser(f"CHROMIUM={named} is not a program. Name a Chromium or Chrome, or unset the variable.")
        return named
    fetched = playwright.chromium.executable_path
    return next(filter(None, map(shutil.which, (*NAMES, fetched))), None)


def _installed(playwright: Playwright) -> str:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _run("apt-get", "update")
        _run("apt-get", "install", "-y", "--no-install-recommends", "chromium")
    if _present(playwright) is None:
        _run(sys.executable, "-m", "playwright", "install", "chromium")
    found = _present(playwright)
    if found is None:
        raise NoBrowser(
            "The journeys need Chromium, and it could not be installed here. Install the package chromium or "
            "google-chrome, or set CHROMIUM=/path/to/it."
        )
    return found


def _run(*command: str) -> None:
    """What went wrong stands on standard error; whether it worked is seen by looking for the browser again."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL)
