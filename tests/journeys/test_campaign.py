"""A stranger joins the newsletter, gets one campaign, leaves with one click, and gets no other."""

import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import axe, desk
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def address() -> str:
    return f"cleo-{uuid.uuid4().hex[:8]}@mail.example"


def join(page: Page, demo: Demo, address: str) -> dict[str, Any]:
    """Fills the sign-up form; returns the mail that asks whether it was meant."""
    page.goto(f"{demo.site}/mail/join/")
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_label("Harbour Lane News").check()
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("status")).to_contain_text("Look into your mailbox")
    return demo.next_mail(address, "confirm")


def confirm(page: Page, question: dict[str, Any]) -> None:
    page.goto(next(link for link in question["links"] if "/mail/confirm/" in link))
    page.get_by_role("button", name="Yes, I agree").click()
    expect(page.get_by_role("heading", name="You are on the list")).to_be_visible()


def test_a_campaign_reaches_who_confirmed_and_not_who_only_asked(
    visitor: Page, vera: Page, demo: Demo, address: str
) -> None:
    subject = f"Spring prices for {address}"
    confirm(visitor, join(visitor, demo, address))
    join(visitor, demo, f"not-{address}")
    desk.send_campaign(vera, demo.site, subject, "They stay as they are.")
    desk.wait_until_sent(vera)
    message: dict[str, Any] = demo.next_mail(address, subject)
    assert "They stay as they are." in message["text"]
    assert message["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["headers"]["List-Unsubscribe"].startswith(f"<{demo.site}/mail/unsubscribe/")
    assert demo.mail(f"not-{address}", subject) == []


def test_one_click_in_the_mailbox_ends_it(visitor: Page, vera: Page, demo: Demo, address: str) -> None:
    first, second = f"First to {address}", f"Second to {address}"
    confirm(visitor, join(visitor, demo, address))
    desk.send_campaign(vera, demo.site, first, "You can leave.")
    visitor.goto(f"{demo.outbox}/{demo.next_mail(address, first)['number']}")
    visitor.get_by_role("button", name="Unsubscribe, as a mailbox does it").click()
    expect(visitor.get_by_role("heading", name="Done")).to_be_visible()

    desk.send_campaign(vera, demo.site, second, "You did.")
    desk.wait_until_sent(vera)
    assert demo.mail("dan@mail.example", second)
    assert demo.mail(address, second) == []


def test_the_mail_is_seen_light_dark_and_plain_and_tried_before_it_leaves(vera: Page, demo: Demo, address: str) -> None:
    subject = f"A look at {address}"
    desk.write_campaign(vera, demo.site, subject, "As you will read it.")
    words = re.compile("As you will read it.")
    light = desk.preview_campaign(vera, "English: as HTML")
    expect(light.get_by_text(words)).to_be_visible()
    paper = light.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    dark = desk.preview_campaign(vera, "English: dark")
    expect(dark.locator("body")).not_to_have_css("background-color", paper)
    expect(desk.preview_campaign(vera, "English: as plain text").locator("pre")).to_contain_text(words)
    checks = desk.preview_campaign(vera, "Headers and checks")
    expect(checks.get_by_text("List-Unsubscribe=One-Click")).to_be_visible()

    vera.get_by_role("link", name="Send a test…").click()
    expect(vera.get_by_role("button", name="Send the test")).to_be_visible()
    assert axe.violations(vera) == []
    vera.get_by_role("textbox", name="To").fill(address)
    vera.get_by_role("button", name="Send the test").click()
    expect(vera.get_by_text(f"{address}: accepted by the mail server")).to_be_visible()
    assert demo.next_mail(address, subject)["subject"] == f"[Test] {subject}"


def test_a_campaign_in_two_versions_is_paused_decided_and_goes_on(
    visitor: Page, vera: Page, demo: Demo, address: str
) -> None:
    """Nearly everybody waits for the choice between A and B, so there is time to pause."""
    subject = f"Two ways to say it to {address}"
    confirm(visitor, join(visitor, demo, address))
    desk.write_campaign(vera, demo.site, subject, "The one.", other="The other.")
    desk.open_send(vera)
    assert axe.violations(vera) == []
    vera.get_by_role("button", name="Send now").click()
    pause = vera.get_by_role("button", name="Pause")
    desk.look_until(vera, pause)
    vera.get_by_role("link", name="Cancel the campaign…").click()
    expect(vera.get_by_role("button", name="Cancel the campaign")).to_be_visible()
    assert axe.violations(vera) == []
    vera.get_by_role("link", name="Back to the results").click()
    pause.click()
    expect(vera.get_by_text("The campaign is paused")).to_be_visible()

    before = demo.mail(address, subject)
    vera.get_by_role("button", name="Send version B").click()
    expect(vera.get_by_text("Version B goes to")).to_be_visible()
    vera.wait_for_timeout(2000)  # milliseconds; a worker looks several times
    assert demo.mail(address, subject) == before
    vera.get_by_role("button", name="Resume").click()
    desk.wait_until_sent(vera)
    assert len(demo.mail(address, subject)) == 1


def test_the_list_of_campaigns_is_for_everybody(vera: Page, demo: Demo) -> None:
    vera.goto(f"{demo.site}/cms/mailing/campaigns/")
    assert axe.violations(vera) == []
