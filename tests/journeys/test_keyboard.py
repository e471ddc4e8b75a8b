"""Visitors without a mouse: they read the policy and what changes, choose and prove their choice, join and leave."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import cookies, desk, keys
from tests.journeys.demo import Demo
from tests.journeys.test_accessible_choices import focused
from tests.journeys.test_campaign import confirm, join
from tests.journeys.test_preferences import ask_for_link, link_in

pytestmark = pytest.mark.timeout(300)
FAR = 150  # presses of Tab, on a page of many links


@pytest.fixture
def reader(visitor: Page) -> Iterator[Page]:
    heard = keys.listen(visitor)
    yield visitor
    assert heard == []


@pytest.fixture
def address() -> str:
    return f"kim-{uuid.uuid4().hex[:8]}@mail.example"


def reach(page: Page, wanted: Locator) -> None:
    keys.reach(page, wanted, within=FAR)


def press(page: Page, wanted: Locator) -> None:
    keys.press(page, wanted, within=FAR)


def link(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=name).first


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True).first


def test_a_mouse_is_heard_of_on_every_page(visitor: Page, demo: Demo) -> None:
    heard = keys.listen(visitor)
    for path in ("/", "/services/"):
        visitor.goto(f"{demo.site}{path}")
        visitor.locator("h1").click()
    assert heard == ["H1", "H1"]


def test_the_first_tab_leads_past_the_menu(reader: Page, demo: Demo) -> None:
    reader.goto(f"{demo.site}/privacy/")
    reader.keyboard.press("Tab")
    assert focused(reader) == "To the text"
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("main")).to_be_focused()


def test_the_policy_its_history_and_what_changes_are_read(vera: Page, reader: Page, demo: Demo) -> None:
    reader.goto(demo.site)
    press(reader, button(reader, "Refuse"))
    press(reader, reader.get_by_role("contentinfo").get_by_role("link", name="Privacy policy"))
    expect(reader.get_by_role("heading", name="Privacy policy", level=1)).to_be_visible()
    press(reader, reader.get_by_role("main").get_by_role("link", name="All versions").first)
    expect(reader).to_have_url(f"{demo.site}/privacy/history/")
    # What changes in the demo's own is another thing once other journeys have published.
    policy = desk.publish_policy(vera, demo.site, "Dogs may come in.")
    desk.publish_version(vera, policy, "Dogs stay outside.", at=desk.FAR)
    reader.goto(f"{policy.address}history/")
    press(reader, reader.locator("main a[href*='/compare/1-2/']").first)
    expect(reader.get_by_role("main").get_by_role("deletion")).to_contain_text("may come in")
    expect(reader.get_by_role("main").get_by_role("insertion")).to_contain_text("stay outside")


def test_a_choice_is_made_and_its_receipt_opened(reader: Page, demo: Demo) -> None:
    reader.goto(demo.site)
    cookies.decided(reader, lambda: press(reader, button(reader, "Refuse")))
    reader.goto(f"{demo.site}/consent/")
    reach(reader, reader.locator("main input[value=analytics]").first)
    reader.keyboard.press("Space")
    press(reader, reader.locator("main button[value=save]"))
    reader.goto(f"{demo.site}/consent/decisions/")
    press(reader, reader.locator("main a[href*='/consent/receipt/']").first)
    receipt = reader.locator("article.receipt")
    expect(receipt).to_be_visible()
    reach(reader, reader.locator("main a[href$='.json']").first)


def test_a_newsletter_is_joined_and_left(reader: Page, demo: Demo, address: str) -> None:
    reader.goto(f"{demo.site}/mail/join/")
    reach(reader, reader.get_by_label("Your e-mail address"))
    reader.keyboard.type(address)
    reach(reader, reader.get_by_label("Harbour Lane News"))
    reader.keyboard.press("Space")
    press(reader, button(reader, "Send me the link"))
    expect(reader.get_by_role("status")).to_contain_text("Look into your mailbox")
    question: dict[str, Any] = demo.next_mail(address, "confirm")
    reader.goto(link_in(question, "confirm"))
    press(reader, button(reader, "Yes, I agree"))
    expect(reader.get_by_role("heading", name="You are on the list")).to_be_visible()


def test_a_reader_leaves_everything_from_the_preferences(visitor: Page, demo: Demo, address: str) -> None:
    confirm(visitor, join(visitor, demo, address))
    visitor.goto(ask_for_link(visitor, demo, address))
    news = visitor.get_by_label("Send me “Harbour Lane News”")
    reach(visitor, news)
    visitor.keyboard.press("Space")
    reach(visitor, visitor.locator("main button[type=submit], main form button").first)
    visitor.keyboard.press("Enter")
    visitor.wait_for_load_state()
    expect(visitor.get_by_label("Send me “Harbour Lane News”")).not_to_be_checked()


def test_a_receipt_and_the_promises_are_reached_from_the_foot_of_a_page(reader: Page, demo: Demo) -> None:
    reader.goto(f"{demo.site}/services/")
    press(reader, button(reader, "Refuse"))
    press(reader, reader.get_by_role("contentinfo").get_by_role("link", name="What we promise"))
    expect(reader.get_by_role("heading", level=1)).to_be_visible()
    expect(reader).to_have_url(f"{demo.site}/promises/")
