"""Somebody asks what is stored about them, takes a copy and has it all erased: by mouse, by keyboard, without scripts,
on a narrow screen, by night, and from right to left."""

import re
import time
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe
from tests.journeys.demo import PATIENCE, Demo
from tests.journeys.test_accessible_choices import fits
from tests.journeys.test_campaign import confirm, join
from tests.journeys.test_preferences import NARROW, SMALL, WIDE, tab_to

pytestmark = pytest.mark.timeout(600)
CONFIRM, COPY, ERASING = "confirm that you asked", "the copy is ready", "the erasure begins"


@pytest.fixture
def address() -> str:
    return f"mara-{uuid.uuid4().hex[:8]}@mail.example"


def ask(page: Page, demo: Demo, address: str) -> str:
    """Types the address; returns the link as the mailbox shows it."""
    before = len(demo.mail(address, CONFIRM))
    page.goto(f"{demo.site}/my-data/")
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("status")).to_contain_text("A mail is on its way")
    return link(demo, address, CONFIRM, after=before)


def link(demo: Demo, address: str, subject: str, *, after: int = 0) -> str:
    deadline = time.monotonic() + PATIENCE
    while len(found := demo.mail(address, subject)) <= after:
        assert time.monotonic() < deadline, f"No mail “{subject}” reached {address}."
        time.sleep(0.2)
    message: dict[str, list[str]] = found[0]  # type: ignore[assignment]
    return next(each for each in message["links"] if "/my-data/" in each)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def held(page: Page) -> str:
    return page.get_by_role("main").inner_text()


def looked_at(page: Page, url: str) -> None:
    """Once wide and once narrow, by day and by night, from the left and from the right."""
    parts = re.match(r"(https?://[^/]+)(/.*)", url)
    assert parts
    for language in ("", "/ar"):
        page.goto(f"{parts[1]}{language}{parts[2]}")
        assert page.locator("html").get_attribute("dir") == ("rtl" if language else None), held(page)
        seen(page)


def seen(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert axe.violations(page) == []
            assert fits(page)
            assert page.evaluate(SMALL) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def test_a_copy_and_then_everything_gone(visitor: Page, demo: Demo, address: str, tmp_path: Path) -> None:
    confirm(visitor, join(visitor, demo, address))
    first = ask(visitor, demo, address)
    for _time in range(3):  # programs that look through mail open every link in it
        assert requests.get(first, timeout=20).status_code == 200
    visitor.goto(first)
    assert "Subscribers: 1 entry" in held(visitor)
    press(visitor, "Make a copy")
    expect(visitor.get_by_role("heading", name="The copy is being made")).to_be_visible()
    assert requests.get(first, timeout=20).status_code == 404

    copy = link(demo, address, COPY)
    visitor.goto(copy)
    with visitor.expect_download() as file:
        press(visitor, "Download it")
    file.value.save_as(tmp_path / "my-data.zip")
    with zipfile.ZipFile(tmp_path / "my-data.zip") as archive:
        assert archive.testzip() is None
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert address.encode() in everything
    visitor.goto(copy)
    expect(visitor.get_by_role("heading", name="This link does not work any more")).to_be_visible()

    visitor.goto(ask(visitor, demo, address))
    press(visitor, "Show what would be erased")
    assert "Subscribers: 1 entry" in held(visitor)
    press(visitor, "Erase it now")
    expect(visitor.get_by_role("heading", name="Receipt of an erasure")).to_be_visible()
    assert "Subscribers: 1 entry" in str(demo.next_mail(address, ERASING)["text"])
    gone(visitor, demo, address)


def gone(page: Page, demo: Demo, address: str) -> None:
    """Asks a third time; the letters of a day are three. A worker erases once the receipt has left."""
    third = ask(page, demo, address)
    deadline = time.monotonic() + PATIENCE
    page.goto(third)
    while "Subscribers" in held(page):
        assert time.monotonic() < deadline, "Nothing was erased."
        time.sleep(0.5)
        page.reload()
    assert "Mail sent" not in held(page)


def test_every_page_has_no_violation(visitor: Page, demo: Demo, address: str) -> None:
    looked_at(visitor, f"{demo.site}/my-data/")
    looked_at(visitor, f"{demo.site}/my-data/?asked")
    looked_at(visitor, f"{demo.site}/my-data/nothing/")
    confirm(visitor, join(visitor, demo, address))
    first = ask(visitor, demo, address)
    looked_at(visitor, first)
    visitor.goto(first)
    press(visitor, "Make a copy")
    seen(visitor)
    looked_at(visitor, link(demo, address, COPY))
    visitor.goto(ask(visitor, demo, address))
    press(visitor, "Show what would be erased")
    looked_at(visitor, visitor.url)
    visitor.get_by_role("main").get_by_role("button").click()
    seen(visitor)


def test_a_correction_is_sent_by_keyboard_alone(visitor: Page, demo: Demo, address: str) -> None:
    visitor.goto(f"{demo.site}/my-data/")
    tab_to(visitor, "Your e-mail address (required)")
    visitor.keyboard.type(address)
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("status")).to_contain_text("A mail is on its way")
    visitor.goto(link(demo, address, CONFIRM))
    expect(visitor.get_by_text("Nothing is stored under this address.")).to_be_visible()
    tab_to(visitor, "What is wrong, and what is right?")
    visitor.keyboard.type("My name has one n.")
    tab_to(visitor, "Ask for the correction")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("status")).to_contain_text("We answer to your address by")


def test_it_works_without_scripts(somebody: Callable[..., BrowserContext], demo: Demo, address: str) -> None:
    page = somebody(java_script_enabled=False).new_page()
    confirm(page, join(page, demo, address))
    page.goto(ask(page, demo, address))
    press(page, "Stop promotional mail")
    expect(page.get_by_role("heading", name="No more promotional mail")).to_be_visible()
    demo.next_mail(address, "no more promotional mail")


def test_the_officer_finds_it_answers_and_closes_it(visitor: Page, vera: Page, demo: Demo, address: str) -> None:
    visitor.goto(ask(visitor, demo, address))
    visitor.get_by_label("Which use, and what about your situation").fill("I am in hiding.")
    press(visitor, "Send the objection")
    vera.goto(f"{demo.site}/cms/data-requests/?kind=objection&state=open")
    vera.get_by_role("link", name=re.compile("Request [0-9a-f]{8}")).first.click()
    expect(vera.get_by_text("I am in hiding.")).to_be_visible()
    assert axe.violations(vera) == []
    vera.get_by_role("main").get_by_role("link", name="Done", exact=True).click()
    vera.get_by_label("Text").fill("We use it no more.")
    assert axe.violations(vera) == []
    press(vera, "Send, and close the request")
    expect(vera.get_by_text("The request is done, and the letter is on its way.")).to_be_visible()
    assert "We use it no more." in str(demo.next_mail(address, "your request is done")["text"])
