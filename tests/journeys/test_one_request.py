"""What does the banner ask of the network: one file on a first visit, and nothing of anybody who has chosen?"""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request, expect

from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)


def follow(page: Page) -> list[Request]:
    """Requests of our own from now on."""
    asked: list[Request] = []
    ours = ("/static/consent/", "/consent/")
    page.on("request", lambda request: asked.append(request) if urlsplit(request.url).path.startswith(ours) else None)
    return asked


def test_a_first_visit_asks_for_the_module_alone(visitor: Page, demo: Demo) -> None:
    asked = follow(visitor)
    visitor.goto(demo.site)
    expect(visitor.locator(".consent-banner")).to_be_visible()
    visitor.wait_for_load_state("networkidle")
    assert [(urlsplit(request.url).path, request.method) for request in asked] == [
        ("/static/consent/consent.js", "GET")
    ]


def test_the_banner_is_there_before_the_module(visitor: Page, demo: Demo) -> None:
    visitor.route("**/static/consent/*", lambda route: route.abort())
    visitor.goto(demo.site)
    expect(visitor.locator(".consent-banner")).to_be_visible()


def test_who_has_chosen_costs_the_site_no_request(visitor: Page, demo: Demo) -> None:
    visitor.goto(demo.site)
    visitor.locator(".consent-banner button[value=refuse]").click()
    expect(visitor.locator(".consent-banner")).to_be_hidden()
    visitor.wait_for_load_state("networkidle")
    visitor.reload()  # says on its way out that the banner was shown
    visitor.wait_for_load_state("networkidle")
    asked = follow(visitor)
    visitor.reload()
    visitor.wait_for_load_state("networkidle")
    expect(visitor.locator(".consent-banner")).to_be_hidden()
    assert {urlsplit(request.url).path for request in asked} <= {"/static/consent/consent.js"}
