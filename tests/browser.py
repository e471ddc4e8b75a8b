"""Which Chromium drives the journeys and the screenshots? The scanner's, else one that is fetched."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright, sync_playwright

from consent.scanning.browser import NoBrowser, flags, present

__all__ = ["NoBrowser", "launched"]
# A page that a test answers itself counts as one from far away, which may not ask this machine for anything.
ANSWERED = "--disable-features=LocalNetworkAccessChecks"


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless Chromium. Raises NoBrowser with a sentence when there is none to be had."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_executable(playwright), args=[*flags(), ANSWERED])
        try:
            yield browser
        finally:
            browser.close()


def _executable(playwright: Playwright) -> str:
    return present(playwright) or _installed(playwright)


def _installed(playwright: Playwright) -> str:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _run("apt-get", "update")
        _run("apt-get", "install", "-y", "--no-install-recommends", "chromium")
    if present(playwright) is None:
        _run(sys.executable, "-m", "playwright", "install", "chromium")
    found = present(playwright)
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
