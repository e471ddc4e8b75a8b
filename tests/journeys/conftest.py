"""One demo for all journeys, a browser for each file, and the people who sit before it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests import browser as chromium
from tests.journeys import demo as whole_site
from tests.journeys import desk
from tests.journeys.demo import Demo

STEP = 15_000  # milliseconds a page may take on a busy machine


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    with whole_site.running() as running:
        yield running


# Not for the whole session: Playwright runs an event loop, and Django's database layer refuses to work beside one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.launched() as launched:
        yield launched


@pytest.fixture
def somebody(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser profile of its own for each person; options are those of Playwright's `new_context`."""
    profiles: list[BrowserContext] = []

    def somebody_new(**options: object) -> BrowserContext:
        profile = browser.new_context(**options)  # type: ignore[arg-type]
        profile.set_default_timeout(STEP)
        profiles.append(profile)
        return profile

    yield somebody_new
    for profile in profiles:
        profile.close()


@pytest.fixture
def visitor(somebody: Callable[..., BrowserContext]) -> Page:
    """Ben, who has never been here."""
    return somebody().new_page()


@pytest.fixture(scope="module")
def badge(browser: Browser, demo: Demo) -> Iterator[StorageState]:
    """What the editor's browser keeps once she has signed in."""
    profile = browser.new_context()
    profile.set_default_timeout(STEP)
    desk.sign_in(profile.new_page(), demo.site)
    yield profile.storage_state()
    profile.close()


@pytest.fixture
def vera(somebody: Callable[..., BrowserContext], badge: StorageState) -> Page:
    """The editor, signed in to the CMS."""
    return somebody(viewport={"width": 1280, "height": 900}, storage_state=badge).new_page()
