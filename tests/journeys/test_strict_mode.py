"""Where the header names nobody before consent, accepting takes one load of the page, and none over words in a form."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys import cookies
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)
RUNS = "html[data-visit-count]"


@pytest.fixture
def page(visitor: Page, demo: Demo) -> Page:
    """The contact page as CONSENT_CSP=strict sends it, before a choice and after."""
    vendors = re.compile(rf" http://127\.0\.0\.\d:{demo.vendor.rpartition(':')[2]}")

    def answer(route: Route) -> None:
        response = route.fetch()
        name, chosen = "content-security-policy", "candor_consent=" in route.request.headers.get("cookie", "")
        value = response.headers[name] if chosen else vendors.sub("", response.headers[name])
        body = response.text().replace('data-consent-csp="decided"', 'data-consent-csp="strict"')
        route.fulfill(response=response, body=body, headers={**response.headers, name: value})

    visitor.route(f"{demo.site}/contact/", answer)
    visitor.goto(f"{demo.site}/contact/")
    return visitor


def loads(page: Page) -> list[str]:
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(frame.url) if frame == page.main_frame else None)
    return seen


def test_accepting_takes_one_load(page: Page, demo: Demo) -> None:
    seen = loads(page)
    cookies.decided(page, lambda: cookies.press(page, "Accept"))
    expect(page.locator(RUNS)).to_be_attached()
    page.wait_for_load_state("networkidle")
    assert len(seen) == 1


def test_refusing_takes_none(page: Page, demo: Demo) -> None:
    seen, asked = loads(page), cookies.elsewhere(page.context, demo)
    cookies.decided(page, lambda: cookies.press(page, "Refuse"))
    page.wait_for_load_state("networkidle")
    assert (seen, asked) == ([], [])


def test_a_half_filled_form_is_kept_and_the_choice_counts_on_the_next_page(page: Page, demo: Demo) -> None:
    page.get_by_label("Message").fill("Where is my container?")
    seen = loads(page)
    cookies.decided(page, lambda: cookies.press(page, "Accept"))
    expect(page.get_by_role("status")).to_contain_text("nothing you wrote is lost")
    expect(page.get_by_label("Message")).to_have_value("Where is my container?")
    assert seen == []
    page.goto(f"{demo.site}/about/")
    expect(page.locator(RUNS)).to_be_attached()
