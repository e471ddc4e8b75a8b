"""An editor announces the next version of a policy, and visitors read it from the very second it names."""

import uuid
from datetime import datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import desk
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)
OLD, NEW = "Dogs may come in.", "Dogs stay outside."


def test_an_announced_version_can_be_read_before_it_takes_force(vera: Page, visitor: Page, demo: Demo) -> None:
    title = f"House rules {uuid.uuid4().hex[:8]}"
    policy = f"{demo.site}/{title.lower().replace(' ', '-')}/"
    vera.goto(demo.site + desk.write_policy(vera, demo.site, title, OLD))
    desk.revise(vera, NEW)
    desk.set_schedule(vera, desk.FAR)
    desk.press(vera, "Schedule version 2 for 1 March 2099, 06:30:15 UTC")

    visitor.goto(policy)
    expect(visitor.get_by_text(OLD)).to_be_visible()
    expect(visitor.get_by_text("Version 2 takes force on 1 March 2099, 06:30 UTC.")).to_be_visible()
    visitor.get_by_role("link", name="Read it now").click()
    expect(visitor.get_by_text(NEW)).to_be_visible()
    expect(visitor.get_by_text("announced and not in force yet")).to_be_visible()
    visitor.goto(f"{policy}history/")
    expect(newest_in(visitor)).to_contain_text("announced")


def test_an_announcement_that_is_cancelled_stays_in_the_history_as_withdrawn(
    vera: Page, visitor: Page, demo: Demo
) -> None:
    written = desk.publish_policy(vera, demo.site, OLD)
    desk.publish_version(vera, written, NEW, at=desk.FAR)
    vera.goto(written.editor.replace("/edit/", "/history/"))
    vera.get_by_role("button", name="Actions", exact=True).first.click()
    vera.get_by_role("link", name="Cancel scheduled publish").click()
    vera.get_by_role("button", name="Yes").click()

    visitor.goto(written.address)
    expect(visitor.get_by_role("article")).not_to_contain_text("takes force on")
    visitor.goto(f"{written.address}history/")
    expect(newest_in(visitor)).to_contain_text("withdrawn")


def test_the_page_switches_at_the_second_while_no_worker_runs(vera: Page, visitor: Page, demo: Demo) -> None:
    policy = desk.publish_policy(vera, demo.site, OLD)
    vera.goto(policy.editor)
    with demo.nobody_at_work():
        at = desk.schedule_soon(vera, NEW, seconds=2)
        seen = read_past(at, visitor, policy.address)
    assert [words for _asked, answered, words in seen if answered < at and words != OLD] == []
    assert [words for asked, _answered, words in seen if asked >= at and words != NEW] == []


def newest_in(history: Page) -> Locator:
    return history.get_by_role("row").nth(1)  # the first is the heading


def read_past(at: datetime, visitor: Page, policy: str) -> list[tuple[datetime, datetime, str]]:
    """Opens the page again and again: when it was asked for, when it was there, and what it said."""
    seen: list[tuple[datetime, datetime, str]] = []
    while not seen or seen[-1][0] < at:
        asked = desk.now()
        visitor.goto(policy)
        words = visitor.locator(".clause > .clause-text").inner_text()
        seen.append((asked, desk.now(), words))
    return seen
