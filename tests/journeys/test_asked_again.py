"""A material change of the policy: visitors are told on every page, and asked again for what they chose before it."""

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from cms.places import CHECKOUT
from records.memory import FRESH_FOR
from tests.journeys.demo import Demo
from tests.journeys.test_consent import asked_of_vendor, banner, follow, has_run, press

pytestmark = pytest.mark.timeout(300)
CHANGE = """
from policies.models import PolicyPage
page = PolicyPage.objects.get(slug="privacy", locale__language_code="en").get_latest_revision_as_object()
words = next(block for block in page.body if block.block_type == "clause").value["text"]
words.source += "<p>We keep less.</p>"
page.go_live_at, page.material, page.change_note = None, True, "We keep less."
page.save_revision().publish()
"""
SHIFT = """() => new Promise((done) => new PerformanceObserver((list) => done(list.getEntries().length))
    .observe({ type: "layout-shift", buffered: true }) ?? setTimeout(() => done(0), 500))"""


def change_the_policy(demo: Demo) -> None:
    """Publishes a material version now, as a program of the site's own would."""
    lines = (demo.home / "addresses.env").read_text(encoding="utf-8").splitlines()
    addresses = dict(line.split("=", 1) for line in lines if "=" in line)
    program = [sys.executable, "manage.py", "shell", "-c", CHANGE]
    subprocess.run(program, cwd=CHECKOUT, env=os.environ | addresses, check=True, capture_output=True, timeout=120)


def line(page: Page) -> Locator:
    return page.get_by_role("region", name="Change of our privacy policy")


def test_a_choice_made_before_the_change_is_asked_for_again(visitor: Page, demo: Demo) -> None:
    visitor.goto(demo.site)
    press(visitor, "Accept")
    has_run(visitor)
    change_the_policy(demo)
    visitor.wait_for_timeout(1000 * (FRESH_FOR + 1))  # no instant was announced: each process hears of it within these
    asked = follow(visitor)
    visitor.goto(demo.site)
    expect(banner(visitor)).to_be_visible()
    visitor.wait_for_load_state("networkidle")
    assert asked_of_vendor(asked, demo) == []

    visitor.goto(f"{demo.site}/consent/")
    expect(visitor.get_by_text("Something has changed since you chose")).to_be_visible()
    expect(visitor.get_by_label("Allow: Statistics")).not_to_be_checked()

    visitor.goto(demo.site)
    press(visitor, "Accept")
    has_run(visitor)
    visitor.reload()
    expect(banner(visitor)).to_be_hidden()
    has_run(visitor)


def test_a_line_says_what_is_coming_until_a_visitor_hides_it(visitor: Page, demo: Demo) -> None:
    visitor.goto(demo.site)
    expect(line(visitor)).to_contain_text("of our privacy policy takes force on")
    assert visitor.evaluate("localStorage.length") == 0
    line(visitor).get_by_role("button", name="Hide this line").click()
    expect(line(visitor)).to_be_hidden()
    expect(visitor.get_by_role("main")).to_be_focused()
    assert visitor.evaluate("Object.values(localStorage)") == ["2"]
    assert visitor.context.cookies() == []

    visitor.goto(f"{demo.site}/services/")
    expect(line(visitor)).to_be_hidden()
    assert visitor.evaluate(SHIFT) == 0


def test_the_line_leads_to_what_changes(visitor: Page, demo: Demo) -> None:
    visitor.goto(demo.site)
    with visitor.expect_response("**/privacy/compare/**") as answer:
        line(visitor).get_by_role("link", name="What changes").click()
    assert answer.value.ok
    expect(line(visitor)).to_have_count(0)


def test_without_scripts_the_line_is_there_and_its_button_is_not(
    somebody: Callable[..., BrowserContext], demo: Demo
) -> None:
    page = somebody(java_script_enabled=False, viewport={"width": 320, "height": 640}).new_page()
    page.goto(demo.site)
    expect(line(page)).to_be_visible()
    expect(page.get_by_role("button", name="Hide this line")).to_be_hidden()
