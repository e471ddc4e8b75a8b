"""A stranger joins the newsletter, gets one campaign, leaves with one click, and gets no other."""

import uuid
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import desk
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
    message = demo.next_mail(address, subject)
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
    assert demo.mail("ana@mail.example", second)
    assert demo.mail(address, second) == []
