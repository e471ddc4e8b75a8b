"""Somebody signs in to the CMS by two steps: by keyboard alone, by day and by night, on a narrow screen; loses the
telephone, and is let in again."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.cms.second_steps import shown
from tests.journeys import axe, keys
from tests.journeys.demo import Demo
from tests.journeys.test_accessible_choices import fits
from tests.journeys.test_preferences import NARROW, WIDE

pytestmark = pytest.mark.timeout(600)
NAME, LOST, PASSWORD, ADMIN = "milo", "erin", "candor", "admin"  # the demo prints them
LOOKS = [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light"), (NARROW, "dark")]


@dataclass
class Telephone:
    """It shows a code for each half minute; the site takes each once."""

    key: str
    used: set[int] = field(default_factory=set)

    def code(self) -> str:
        while (step := int(time.time()) // 30) in self.used:
            time.sleep(0.5)
        self.used.add(step)
        return shown(self.key, time.time())


@dataclass
class Milo:
    telephone: Telephone
    codes: list[str]


def set_up(page: Page, demo: Demo, name: str) -> None:
    """By the page that somebody is led to who must."""
    give_password(page, demo, name)
    page.goto(f"{demo.site}/cms/sign-in/set-up/")
    telephone = Telephone(str(page.locator(".desk-secret").inner_text()))
    page.get_by_label("The six digits that the app shows").fill(telephone.code())
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()


def give_password(page: Page, demo: Demo, name: str = NAME) -> None:
    page.goto(f"{demo.site}/cms/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def give_code(page: Page, code: str) -> None:
    page.get_by_label("Code").fill(code)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page: Page, wanted: Locator) -> None:
    keys.reach(page, wanted, within=80)


def looks_right(page: Page) -> None:
    for size, scheme in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert not axe.violations(page)
        assert fits(page)
    page.emulate_media(color_scheme="light")


@pytest.fixture(scope="module")
def milo(browser: Browser, demo: Demo) -> Milo:
    """Milo has set up his second step, from his account's page and without touching the mouse."""
    profile = browser.new_context()
    page = profile.new_page()
    give_password(page, demo)
    page.goto(f"{demo.site}/cms/account/")
    page.get_by_role("tab", name="More actions").click()
    page.get_by_role("link", name="Two-factor sign-in").click()
    tab_to(page, page.get_by_role("link", name="Set it up", exact=True))
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    looks_right(page)
    telephone = Telephone(str(page.locator(".desk-secret").inner_text()))
    tab_to(page, page.get_by_label("The six digits that the app shows"))
    page.keyboard.type(telephone.code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    looks_right(page)
    codes = page.locator("#codes li").all_inner_texts()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download").click()
    assert all(code in Path(saved.value.path()).read_text() for code in codes)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 recovery codes are left")).to_be_visible()
    looks_right(page)
    profile.close()
    return Milo(telephone, codes)


def test_the_code_is_asked_for_after_the_password(milo: Milo, demo: Demo, visitor: Page) -> None:
    give_password(visitor, demo)
    expect(visitor.get_by_role("heading", name="The second step")).to_be_visible()
    expect(visitor.get_by_label("Code")).to_be_focused()
    assert visitor.get_by_label("Code").get_attribute("autocomplete") == "one-time-code"
    looks_right(visitor)
    visitor.goto(f"{demo.site}/cms/mailing/campaigns/")
    give_code(visitor, milo.telephone.code())
    visitor.wait_for_url("**/cms/mailing/campaigns/**")


def test_without_scripts_too(milo: Milo, demo: Demo, somebody: Callable[..., BrowserContext]) -> None:
    page = somebody(java_script_enabled=False).new_page()
    give_password(page, demo)
    give_code(page, milo.telephone.code())
    assert page.url == f"{demo.site}/cms/"


def test_a_recovery_code_opens_once(milo: Milo, demo: Demo, somebody: Callable[..., BrowserContext]) -> None:
    one, other = somebody().new_page(), somebody().new_page()
    for page in (one, other):
        give_password(page, demo)
        give_code(page, milo.codes[0])
    assert one.url == f"{demo.site}/cms/"
    expect(other.get_by_text("This code is wrong, or was used before.")).to_be_visible()
    assert not axe.violations(other)
    assert demo.next_mail(f"{NAME}@harbour-lane.example", "A recovery code was used")


def test_a_lost_telephone_is_reset_by_an_administrator(demo: Demo, somebody: Callable[..., BrowserContext]) -> None:
    boss, page = somebody().new_page(), somebody().new_page()
    set_up(somebody().new_page(), demo, LOST)
    give_password(boss, demo, ADMIN)
    boss.goto(f"{demo.site}/cms/second-steps/")
    looks_right(boss)
    boss.get_by_role("row", name="Erin Lund").get_by_role("link", name="Reset").click()
    expect(boss.get_by_role("button", name="Reset it")).to_be_visible()
    looks_right(boss)
    boss.get_by_role("button", name="Reset it").click()
    expect(boss.get_by_text("The second step of Erin Lund is reset.")).to_be_visible()
    assert demo.next_mail(f"{LOST}@harbour-lane.example", "Your second step was reset")
    give_password(page, demo, LOST)
    assert page.url == f"{demo.site}/cms/"
