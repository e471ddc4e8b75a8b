"""What was allowed can be withdrawn as easily: here, in the other tab, and without losing what somebody wrote."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import cookies
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)
RUNS = "html[data-visit-count]"


def accept(page: Page, demo: Demo, address: str = "/") -> None:
    page.goto(f"{demo.site}{address}")
    cookies.decided(page, lambda: cookies.press(page, "Accept"))
    expect(page.locator(RUNS)).to_be_attached()


def refuse(page: Page) -> None:
    cookies.open_panel(page)
    cookies.decided(page, cookies.panel(page).get_by_role("button", name="Refuse all").click)


def loads(page: Page) -> list[str]:
    """Every time this page is loaded from now on."""
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(frame.url) if frame == page.main_frame else None)
    return seen


def test_withdrawal_in_one_tab_stops_the_other(visitor: Page, demo: Demo) -> None:
    other = visitor.context.new_page()
    accept(visitor, demo)
    other.goto(f"{demo.site}/about/")
    expect(other.locator(RUNS)).to_be_attached()
    asked = cookies.elsewhere(visitor.context, demo)
    refuse(visitor)
    for page in (visitor, other):
        expect(page.locator(RUNS)).to_have_count(0)  # loaded again, and this time without
        assert page.evaluate("candor.services") == dict.fromkeys(
            ("tally", "billboard", "promotions", "harbour-cam", "port-map"), False
        )
    assert asked == []
    assert cookies.names(visitor.context) == cookies.ESSENTIAL


def test_a_choice_in_one_tab_is_made_in_the_other(visitor: Page, demo: Demo) -> None:
    other = visitor.context.new_page()
    for page in (visitor, other):
        page.goto(demo.site)
    cookies.decided(visitor, lambda: cookies.press(visitor, "Accept"))
    expect(cookies.banner(other)).to_be_hidden()
    expect(other.locator(RUNS)).to_be_attached()


def test_a_page_with_a_half_filled_form_is_never_loaded_again(visitor: Page, demo: Demo) -> None:
    accept(visitor, demo, "/contact/")
    visitor.get_by_label("Message").fill("The invoice of last week names the wrong quay.")
    seen = loads(visitor)
    asked = cookies.elsewhere(visitor.context, demo)
    refuse(visitor)
    expect(visitor.get_by_role("status")).to_contain_text("nothing you wrote is lost")
    assert seen == []
    expect(visitor.get_by_label("Message")).to_have_value("The invoice of last week names the wrong quay.")
    # What still runs there reaches nobody: the browser itself says no.
    reached = visitor.evaluate(
        f"fetch({json.dumps(demo.vendor + '/hit')}, {{method: 'POST', mode: 'no-cors'}}).then(() => true, () => false)"
    )
    assert reached is False
    visitor.evaluate("document.cookie = 'visit_count=99; path=/'")
    visitor.goto(demo.site)
    assert asked == []
    assert cookies.names(visitor.context) == cookies.ESSENTIAL


def test_a_half_filled_form_outlives_a_withdrawal_in_another_tab(visitor: Page, demo: Demo) -> None:
    other = visitor.context.new_page()
    accept(visitor, demo)
    other.goto(f"{demo.site}/contact/")
    other.get_by_label("Name").fill("Ben")
    seen = loads(other)
    refuse(visitor)
    expect(other.get_by_role("status")).to_be_visible()
    assert seen == []
    expect(other.get_by_label("Name")).to_have_value("Ben")


def test_what_was_stored_goes_on_every_level_of_the_domain(visitor: Page, demo: Demo) -> None:
    accept(visitor, demo)
    visitor.context.add_cookies(
        [
            {"name": "visit_count", "value": "7", "url": demo.site},
            {"name": "billboard_seen", "value": "7", "domain": "localhost", "path": "/"},
        ]
    )
    refuse(visitor)
    expect(visitor.locator(RUNS)).to_have_count(0)
    assert cookies.names(visitor.context) == cookies.ESSENTIAL


def test_who_refused_first_can_allow_later_with_one_load(visitor: Page, demo: Demo) -> None:
    """The header of the page names nobody: it takes one load to get another, and none is made over somebody's words."""
    visitor.goto(f"{demo.site}/contact/")
    cookies.decided(visitor, lambda: cookies.press(visitor, "Refuse"))
    visitor.reload()
    seen = loads(visitor)
    cookies.open_panel(visitor)
    cookies.decided(visitor, cookies.panel(visitor).get_by_role("button", name="Accept all").click)
    expect(visitor.locator(RUNS)).to_be_attached()
    assert len(seen) == 1


def test_a_frame_is_emptied_and_needs_no_load(visitor: Page, demo: Demo) -> None:
    visitor.goto(f"{demo.site}/services/")
    embed = visitor.locator("candor-embed")
    embed.get_by_role("button", name="Always allow Harbour Cam").click()
    expect(embed.locator("iframe")).to_be_visible()
    seen = loads(visitor)
    refuse(visitor)
    expect(embed.locator("iframe")).to_have_count(0)
    expect(embed.get_by_role("button", name="Load once")).to_be_visible()
    assert seen == []
