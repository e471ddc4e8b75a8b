"""A reader changes what they get with the link from their mailbox, and reads why a mail came: by mouse, by keyboard,
without scripts, on a narrow screen, by night, and from right to left."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe, desk, keys
from tests.journeys.demo import Demo
from tests.journeys.test_accessible_choices import fits
from tests.journeys.test_campaign import confirm, join

pytestmark = pytest.mark.timeout(300)
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
NEWS, CHANGES = "Send me “Harbour Lane News”", "Send me “Changes of our privacy policy”"
# What is a target and less than 24 CSS pixels wide or high (WCAG 2.2, 2.5.8); a link in a sentence may be.
SMALL = """() => [...document.querySelectorAll("main :is(button, input:not([type=hidden]), select)")]
    .filter((place) => !place.closest("label") && Math.min(place.offsetWidth, place.offsetHeight) < 24)
    .map((place) => place.outerHTML)"""


@pytest.fixture
def address() -> str:
    return f"mara-{uuid.uuid4().hex[:8]}@mail.example"


def ask_for_link(page: Page, demo: Demo, address: str) -> str:
    """Has a link to the preferences sent; returns it as the mailbox shows it."""
    page.goto(f"{demo.site}/mail/preferences/")
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("status")).to_contain_text("If we know the address")
    return link_in(demo.next_mail(address, "preferences"), "preferences")


def link_in(message: dict[str, Any], act: str) -> str:
    return next(link for link in message["links"] if f"/mail/{act}/" in link)


def send_for_everybody(vera: Page, demo: Demo, subject: str, words: str) -> None:
    """Sends a campaign that is to stand in the public archive."""
    desk.write_campaign(vera, demo.site, subject, words)
    vera.get_by_role("tab", name="Settings").click()
    vera.get_by_label("Show in the public archive").check()
    desk.press(vera, "Approve: ready to send")
    desk.open_send(vera)
    vera.get_by_role("button", name="Send now").click()
    desk.wait_until_sent(vera)


def looked_at(page: Page, url: str) -> None:
    """Once wide and once narrow, by day and by night, from the left and from the right."""
    path = re.sub(r"^(https?://[^/]+)/(?:ar/)?", r"\1/{}", url)
    for language in ("", "ar/"):
        page.goto(path.format(language))
        assert page.locator("html").get_attribute("dir") == ("rtl" if language else None)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for size in (WIDE, NARROW):
                page.set_viewport_size(size)  # type: ignore[arg-type]
                assert axe.violations(page) == []
                assert fits(page)
                assert page.evaluate(SMALL) == []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def tab_to(page: Page, name: str) -> None:
    wanted = page.get_by_label(name, exact=True).or_(page.get_by_role("button", name=name, exact=True))
    keys.reach(page, wanted, within=80)


def test_everything_is_changed_by_keyboard_alone(visitor: Page, demo: Demo, address: str) -> None:
    confirm(visitor, join(visitor, demo, address))
    visitor.goto(ask_for_link(visitor, demo, address))
    expect(visitor.get_by_text(f"{address[0]}•••@mail.example")).to_be_visible()
    expect(visitor.get_by_label(NEWS)).to_be_checked()
    tab_to(visitor, CHANGES)
    visitor.keyboard.press("Space")
    tab_to(visitor, "Name")
    visitor.keyboard.type("Mara")
    tab_to(visitor, "Save")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("status")).to_contain_text("Saved.")
    expect(visitor.get_by_label(CHANGES)).to_be_checked()
    expect(visitor.get_by_label("Name", exact=True)).to_have_value("Mara")
    tab_to(visitor, "Leave everything")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("status")).to_contain_text("You have left every list.")
    expect(visitor.get_by_label(NEWS)).not_to_be_checked()


def test_it_works_without_scripts(somebody: Callable[..., BrowserContext], demo: Demo, address: str) -> None:
    page = somebody(java_script_enabled=False).new_page()
    confirm(page, join(page, demo, address))
    page.goto(ask_for_link(page, demo, address))
    page.get_by_label("You may count which links of these mails I open").first.check()
    page.get_by_label("Time zone").select_option("Europe/Lisbon")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("You may count which links of these mails I open").first).to_be_checked()
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Lisbon")
    with page.expect_download() as file:
        page.get_by_role("link", name="Download it").click()
    assert file.value.suggested_filename == "my-mail.json"
    page.get_by_role("button", name="Never write to me again").click()
    expect(page.get_by_role("status")).to_contain_text("the list of those we never write to")


def test_the_pages_of_a_subscriber_have_no_violation(visitor: Page, demo: Demo, address: str) -> None:
    question = join(visitor, demo, address)
    looked_at(visitor, link_in(question, "confirm"))
    looked_at(visitor, f"{demo.site}/mail/join/")
    looked_at(visitor, f"{demo.site}/mail/join/?asked")
    looked_at(visitor, f"{demo.site}/mail/preferences/")
    confirm(visitor, question)
    looked_at(visitor, ask_for_link(visitor, demo, address))


def test_a_form_that_came_back_has_no_violation(visitor: Page, demo: Demo) -> None:
    visitor.goto(f"{demo.site}/mail/join/")
    visitor.locator("main form").evaluate("form => { form.noValidate = true }")
    visitor.get_by_role("button", name="Send me the link").click()
    expect(visitor.get_by_text("Tick what you want to receive.")).to_be_visible()
    assert axe.violations(visitor) == []


def test_a_mail_says_why_it_came_and_is_read_in_the_browser(
    visitor: Page, vera: Page, demo: Demo, address: str
) -> None:
    subject = f"For {address}"
    confirm(visitor, join(visitor, demo, address))
    send_for_everybody(vera, demo, subject, "The ferry leaves at nine.")
    message = demo.next_mail(address, subject)

    refused: list[str] = []
    visitor.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    visitor.goto(link_in(message, "view"))
    expect(visitor.get_by_text("The ferry leaves at nine.")).to_be_visible()
    styled = visitor.locator("[style*='font-size']").first
    assert styled.evaluate("place => place.style.fontSize !== ''")  # it is, where the browser refuses a style
    assert refused == []

    visitor.goto(link_in(message, "why"))
    expect(visitor.get_by_role("heading", name="Why did I get this mail?")).to_be_visible()
    expect(visitor.get_by_text("Sailing times and prices, about once a month.")).to_be_visible()
    policy = f"Privacy policy, version {desk.version_in_force(visitor, demo.site)}"
    expect(visitor.get_by_role("link", name=policy, exact=True)).to_be_visible()
    looked_at(visitor, link_in(message, "why"))
    looked_at(visitor, link_in(message, "unsubscribe"))
    looked_at(visitor, f"{demo.site}/mail/archive/")
    visitor.goto(f"{demo.site}/mail/archive/")
    visitor.get_by_role("link", name=subject).click()
    expect(visitor.get_by_role("article").get_by_text("The ferry leaves at nine.")).to_be_visible()
    looked_at(visitor, visitor.url)

    visitor.goto(link_in(message, "preferences"))
    expect(visitor.get_by_role("rowheader", name=subject)).to_be_visible()
    looked_at(visitor, link_in(message, "preferences"))
    visitor.goto(link_in(message, "unsubscribe"))
    visitor.get_by_role("button", name="Yes, stop sending").click()
    expect(visitor.get_by_role("heading", name="You have left the list")).to_be_visible()
    assert axe.violations(visitor) == []
