"""An editor mends a policy while its next version is pending, takes a version back, and ends a policy."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import desk
from tests.journeys.demo import Demo
from tests.journeys.desk import Policy

pytestmark = pytest.mark.timeout(300)
DOGS, CATS = "Dogs may come in.", "Cats may not."
NO_DOGS, SOME_CATS = "Dogs stay outside.", "Cats may come in on Sundays."


@pytest.fixture
def policy(vera: Page, demo: Demo) -> Policy:
    """Version 1 in force; version 2, without dogs, is pending."""
    written = desk.publish_policy(vera, demo.site, DOGS, CATS)
    desk.publish_version(vera, written, NO_DOGS, CATS, at=desk.FAR, note="Dogs have to wait.")
    return written


def test_a_fix_can_be_published_while_the_pending_version_is_kept(vera: Page, visitor: Page, policy: Policy) -> None:
    ask_for_the_fix(vera, policy)
    assert SOME_CATS not in vera.request.get(policy.address).text()  # nothing happens before the decision
    decide(vera, "Keep it as it is")
    assert read(visitor, policy.address) == [DOGS, SOME_CATS]
    expect(visitor.get_by_text("Version 2 takes force on 1 March 2099, 06:30 UTC.")).to_be_visible()
    assert read(visitor, f"{policy.address}v/2/") == [NO_DOGS, CATS]
    assert states(visitor, policy) == {"3": "in force", "2": "announced", "1": "superseded"}


def test_a_fix_can_take_the_place_of_the_pending_version(vera: Page, visitor: Page, policy: Policy) -> None:
    ask_for_the_fix(vera, policy)
    vera.get_by_role("radio", name="Withdraw it").check()
    vera.get_by_role("button", name="Publish this text now").click()
    expect(vera.get_by_text("Say why it is withdrawn.")).to_be_visible()
    vera.get_by_label("Reason, if you withdraw it").fill("Dogs may stay after all.")
    decide(vera, "Withdraw it")
    assert read(visitor, policy.address) == [DOGS, SOME_CATS]
    expect(visitor.get_by_role("article")).not_to_contain_text("takes force on")
    assert states(visitor, policy) == {"2": "withdrawn", "3": "in force", "1": "superseded"}
    expect(row(visitor, "2")).to_contain_text("Dogs may stay after all.")


def test_a_fix_begun_from_the_wrong_text_is_begun_again_and_merged_into_the_pending_version(
    vera: Page, visitor: Page, policy: Policy
) -> None:
    vera.goto(policy.editor)  # the newest draft is the pending text, not the one in force
    desk.press(vera, "Publish version 3 now")
    vera.get_by_role("link", name="Start again from the text in force").click()
    desk.revise(vera, SOME_CATS, clause=1)
    desk.press(vera, "Publish version 3 now")
    expect(vera.get_by_role("table").filter(has_text="Changed")).to_contain_text(SOME_CATS)
    decide(vera, "Re-issue it with this text merged in")

    assert read(visitor, policy.address) == [DOGS, SOME_CATS]
    expect(visitor.get_by_text("Version 4 takes force on 1 March 2099, 06:30 UTC.")).to_be_visible()
    assert read(visitor, f"{policy.address}v/4/") == [NO_DOGS, SOME_CATS]
    assert states(visitor, policy) == {"4": "announced", "2": "withdrawn", "3": "in force", "1": "superseded"}
    expect(row(visitor, "2")).to_contain_text("Re-issued as version 4 with the fix of version 3.")


def test_a_pending_version_is_withdrawn_with_a_reason(vera: Page, visitor: Page, policy: Policy) -> None:
    desk.open_versions(vera, policy).get_by_role("link", name="Withdraw…").click()
    expect(vera.get_by_text("visitors go on reading version 1")).to_be_visible()
    vera.get_by_label("Reason").fill("Too many people have dogs.")
    vera.get_by_role("button", name="Withdraw version 2").click()
    expect(vera.get_by_text("Version 2 is withdrawn.")).to_be_visible()
    expect(desk.open_versions(vera, policy).get_by_role("link", name="Withdraw…")).to_have_count(0)

    assert read(visitor, policy.address) == [DOGS, CATS]
    expect(visitor.get_by_role("article")).not_to_contain_text("takes force on")
    assert read(visitor, f"{policy.address}v/2/") == [NO_DOGS, CATS]
    expect(visitor.get_by_text("This version was withdrawn on")).to_contain_text("Too many people have dogs.")
    assert states(visitor, policy) == {"2": "withdrawn", "1": "in force"}


def test_a_policy_is_ended_after_a_second_look_and_stays_readable(vera: Page, visitor: Page, demo: Demo) -> None:
    policy = desk.publish_policy(vera, demo.site, DOGS)
    desk.open_versions(vera, policy).get_by_role("link", name="End this policy…").click()
    vera.get_by_label("Note for visitors").fill("The house is sold.")
    vera.get_by_role("button", name="Look once more…").click()
    expect(vera.get_by_text("ends at once")).to_be_visible()
    vera.get_by_role("button", name="Yes, end the policy").click()
    expect(vera.get_by_text("The policy has ended. Its versions can still be read.")).to_be_visible()

    assert read(visitor, policy.address) == []
    expect(visitor.get_by_text("This policy has not been in force since")).to_contain_text("The house is sold.")
    visitor.get_by_role("link", name="What was in force before").click()
    row(visitor, "1").get_by_role("link", name="1", exact=True).click()
    assert visitor.locator(".clause > .clause-text").all_inner_texts() == [DOGS]


def ask_for_the_fix(vera: Page, policy: Policy) -> None:
    """Publishes the text in force with another sentence about cats, up to the question."""
    vera.goto(policy.editor)
    desk.revise(vera, DOGS)
    desk.revise(vera, SOME_CATS, clause=1)
    desk.press(vera, "Publish version 3 now")
    expect(vera.get_by_text("You are about to publish this text at once.")).to_be_visible()


def decide(vera: Page, fate: str) -> None:
    vera.get_by_role("radio", name=fate).check()
    vera.get_by_role("button", name="Publish this text now").click()
    expect(vera.get_by_text("Version 3 is in force now.")).to_be_visible()


def read(visitor: Page, address: str) -> list[str]:
    """The clauses that stand at an address."""
    visitor.goto(address)
    return visitor.locator(".clause > .clause-text").all_inner_texts()


def states(visitor: Page, policy: Policy) -> dict[str, str]:
    """Each version's state in the public history."""
    visitor.goto(f"{policy.address}history/")
    rows = visitor.get_by_role("table").locator("tbody tr").all()
    return {each.locator("th").inner_text(): each.locator("td").nth(1).inner_text() for each in rows}


def row(history: Page, number: str) -> Locator:
    return history.get_by_role("row").filter(has=history.get_by_role("rowheader", name=re.compile(rf"^{number}$")))
