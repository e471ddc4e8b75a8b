"""The module of “Own visit statistics”, in Chromium: it tells the screen's size once a day, and nothing else."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Request, Route

from consent import presets
from tests import browser as chromium

pytestmark = pytest.mark.timeout(300)
HERE = "http://testserver/"


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium.launched() as launched:
        profile = launched.new_context(screen={"width": 1600, "height": 900}, viewport={"width": 800, "height": 600})
        yield profile.new_page()
        profile.close()


def visits(page: Page, *days: int, status: int = 204) -> list[Request]:
    """What is posted on visits on these days of March."""
    posted: list[Request] = []

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            posted.append(route.request)
            route.fulfill(status=status)
        elif route.request.url.endswith(".js"):
            route.fulfill(content_type="text/javascript", body=presets.find("own-statistics").module)
        else:
            route.fulfill(content_type="text/html", body='<script type="module" src="/module.js"></script>')

    page.route("**/*", answer)
    for day in days:
        page.clock.set_fixed_time(datetime(2026, 3, day, 12, tzinfo=UTC))
        page.goto(HERE)
        page.wait_for_load_state("networkidle")
    return posted


def test_once_a_day(page: Page) -> None:
    posted = visits(page, 1, 1, 2, 2)
    assert [request.url for request in posted] == [f"{HERE}consent/screen/"] * 2
    assert {request.post_data for request in posted} == {json.dumps({"screen": "1600x900"}, separators=(",", ":"))}
    assert page.evaluate("Object.keys(localStorage)") == ["candor_screen"]


def test_what_was_not_taken_is_told_again(page: Page) -> None:
    assert len(visits(page, 1, 1, status=403)) == 2
    assert page.evaluate("Object.keys(localStorage)") == []
