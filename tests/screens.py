"""Screens of the CMS in a real browser, answered by the site in this process: within the test's own transaction."""

import mimetypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from tests import browser as chromium

HERE = "http://testserver"
Open = Callable[..., Page]


@contextmanager
def beside_tests() -> Iterator[Browser]:
    """A browser for the tests of one file."""
    with pytest.MonkeyPatch.context() as patch, chromium.launched() as launched:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in this thread, and only waits
        yield launched
        connections.close_all()  # the one that was opened beside that loop: nobody else would


@contextmanager
def opening(browser: Browser, client: Client) -> Iterator[Open]:
    """Opens a path for whoever `client` is signed in as; options are those of Playwright's `new_context`."""
    profiles, transaction = [], connections["default"]

    def answer(route: Route) -> None:
        connections["default"] = transaction  # Playwright calls this in a context of its own, which has no connection
        path = route.request.url.removeprefix(HERE)
        if path.startswith("/static/"):
            file = Path(finders.find(path.removeprefix("/static/").partition("?")[0]))
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0])
        else:
            found: Any = client.get(path)
            route.fulfill(body=found.content, status=found.status_code, headers={"Content-Type": found["Content-Type"]})

    def open_screen(path: str, *, width: int = 1280, **options: Any) -> Page:
        profile = browser.new_context(viewport={"width": width, "height": 900}, **options)
        profiles.append(profile)
        page = profile.new_page()
        page.set_default_timeout(15_000)
        page.route("**/*", answer)
        page.goto(f"{HERE}{path}", wait_until="load")
        return page

    yield open_screen
    for profile in profiles:
        profile.close()
