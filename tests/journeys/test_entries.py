"""Somebody agrees that others may read what they wrote; Vera shows it; they take it down with the link in their mail:
by mouse, without scripts, on a narrow screen, by night, and from right to left."""

import re
import time
import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe
from tests.journeys.demo import PATIENCE, Demo
from tests.journeys.test_my_data import looked_at, press, seen

pytestmark = pytest.mark.timeout(600)
PAGE, FORM = "/what-customers-say/", "/how-it-went/"
FIRST, SHOWN = "What you publish with us", "It is shown now"


@pytest.fixture
def words() -> str:
    return f"The kingfisher {uuid.uuid4().hex[:8]} was on time."


@pytest.fixture
def address() -> str:
    return f"mara-{uuid.uuid4().hex[:8]}@mail.example"


def write(page: Page, demo: Demo, address: str, words: str) -> None:
    page.goto(f"{demo.site}{FORM}")
    page.get_by_role("textbox", name=re.compile("^Your name")).fill("Mara Quell")
    page.get_by_role("textbox", name=re.compile("^Your e-mail address")).fill(address)
    page.get_by_role("combobox", name=re.compile("^Stars")).select_option("★★★★★")
    page.get_by_role("textbox", name=re.compile("^In your words")).fill(words)
    for tick in page.get_by_role("checkbox", name=re.compile("may show what I write")).all():
        tick.check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you for taking the time.")


def link(demo: Demo, address: str, subject: str) -> str:
    found: list[str] = demo.next_mail(address, subject)["links"]  # type: ignore[assignment]
    return next(each for each in found if "/entries/" in each)


def show(vera: Page, demo: Demo, words: str) -> None:
    """Vera finds what waits from the first page of the CMS, reads it, and shows it."""
    vera.goto(f"{demo.site}/cms/")
    vera.get_by_role("link", name=re.compile("wait(s)? for approval")).click()
    row = vera.get_by_role("row").filter(has_text=words[:30])
    row.get_by_role("link", name=re.compile("Public entry #")).first.click()
    expect(vera.get_by_text(words)).to_be_visible()
    expect(vera.get_by_text("until I take it down").first).to_be_visible()
    assert axe.violations(vera) == []
    vera.get_by_role("link", name="Show it…", exact=True).first.click()
    expect(vera.get_by_role("button", name="Show it", exact=True)).to_be_visible()
    assert axe.violations(vera) == []
    vera.get_by_role("button", name="Show it", exact=True).click()
    expect(vera.get_by_text("The entry is shown. Its writer is told.")).to_be_visible()


def reads(page: Page, demo: Demo, words: str) -> bool:
    page.goto(f"{demo.site}{PAGE}")
    return words in page.get_by_role("main").inner_text()


def test_shown_once_approved_and_gone_once_taken_down(
    visitor: Page, vera: Page, somebody: Callable[..., BrowserContext], demo: Demo, address: str, words: str
) -> None:
    write(visitor, demo, address, words)
    first = link(demo, address, FIRST)
    stranger = somebody(java_script_enabled=False).new_page()
    assert not reads(stranger, demo, words)
    show(vera, demo, words)
    assert reads(stranger, demo, words)
    expect(stranger.get_by_text("Mara Quell")).to_be_visible()
    assert address not in stranger.content()
    assert link(demo, address, SHOWN) == first

    looked_at(visitor, first)
    visitor.goto(first)
    expect(visitor.get_by_text(words)).to_be_visible()
    press(visitor, "Take it down")
    expect(visitor.get_by_role("heading", name="It is taken down")).to_be_visible()
    seen(visitor)
    assert not reads(stranger, demo, words)
    visitor.goto(first)
    expect(visitor.get_by_text("is not on our site any more")).to_be_visible()


def test_it_is_taken_down_without_scripts(
    visitor: Page, somebody: Callable[..., BrowserContext], demo: Demo, address: str, words: str
) -> None:
    write(visitor, demo, address, words)
    page = somebody(java_script_enabled=False).new_page()
    page.goto(link(demo, address, FIRST))
    assert "It is not shown at the moment" in page.get_by_role("main").inner_text()
    press(page, "Take it down")
    expect(page.get_by_role("heading", name="It is taken down")).to_be_visible()


def test_the_page_has_no_violation(visitor: Page, demo: Demo) -> None:
    for path in (PAGE, f"/ru{PAGE}"):
        visitor.goto(f"{demo.site}{path}")
        expect(visitor.get_by_role("article")).to_have_count(3)
        assert visitor.locator("blockquote[lang]").count() in {1, 2}
        seen(visitor)
        visitor.evaluate("document.documentElement.dir = 'rtl'")
        seen(visitor)


def test_an_erasure_takes_it_down(visitor: Page, vera: Page, demo: Demo, address: str, words: str) -> None:
    write(visitor, demo, address, words)
    link(demo, address, FIRST)
    show(vera, demo, words)
    visitor.goto(f"{demo.site}/my-data/")
    visitor.get_by_label("Your e-mail address").fill(address)
    press(visitor, "Send me the link")
    sent: list[str] = demo.next_mail(address, "confirm that you asked")["links"]  # type: ignore[assignment]
    visitor.goto(next(each for each in sent if "/my-data/" in each))
    assert "What visitors publish on the site: 1 entry" in visitor.get_by_role("main").inner_text()
    press(visitor, "Show what would be erased")
    press(visitor, "Erase it now")
    deadline = time.monotonic() + PATIENCE
    while reads(visitor, demo, words):
        assert time.monotonic() < deadline, "It was not taken down."
        time.sleep(0.5)
