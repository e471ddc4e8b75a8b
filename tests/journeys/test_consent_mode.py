"""Google's tags are told “denied” before any of them can run, and what was chosen as soon as it is."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.journeys import cookies
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)
NEEDED = 'data-consent-google="ad_storage.billboard ad_user_data.billboard analytics_storage.tally"'
DENIED = {"ad_storage": "denied", "ad_user_data": "denied", "analytics_storage": "denied"}


def with_google(page: Page, demo: Demo, *, advanced: bool = False) -> None:
    """The page as it is where Tally and Billboard are Google's."""

    def answer(route: Route) -> None:
        response = route.fetch()
        body = response.text().replace("<html ", f"<html {NEEDED} ", 1)
        if advanced:
            body = body.replace('data-service="tally"', 'data-service="tally" data-advanced', 1)
        route.fulfill(response=response, body=body)

    page.route(f"{demo.site}/about/", answer)


def said(page: Page) -> list[list[Any]]:
    return list(page.evaluate("(window.dataLayer ?? []).map((call) => [...call])"))


def test_before_a_choice_denied_and_nothing_loads(visitor: Page, demo: Demo) -> None:
    with_google(visitor, demo)
    asked = cookies.elsewhere(visitor.context, demo)
    visitor.goto(f"{demo.site}/about/", wait_until="networkidle")
    assert said(visitor) == [["consent", "default", DENIED]]
    assert asked == []


def test_a_choice_is_an_update_before_the_tag_it_lets_in(visitor: Page, demo: Demo) -> None:
    with_google(visitor, demo)
    visitor.goto(f"{demo.site}/about/")
    cookies.open_panel(visitor).get_by_label("Statistics", exact=True).check()
    cookies.decided(visitor, cookies.panel(visitor).get_by_role("button", name="Save my choice").click)
    expect(visitor.locator("html[data-visit-count]")).to_be_attached()
    update = DENIED | {"analytics_storage": "granted"}
    assert said(visitor) == [["consent", "default", DENIED], ["consent", "update", update]]


def test_on_the_next_visit_it_is_said_before_any_tag(somebody: Callable[..., BrowserContext], demo: Demo) -> None:
    page = somebody().new_page()
    page.goto(demo.site)
    cookies.decided(page, lambda: cookies.press(page, "Accept"))
    with_google(page, demo)
    page.goto(f"{demo.site}/about/")
    expect(page.locator("html[data-visit-count]")).to_be_attached()
    granted = dict.fromkeys(DENIED, "granted")
    assert said(page) == [["consent", "default", DENIED], ["consent", "update", granted]]


def test_a_withdrawal_is_an_update_as_well(visitor: Page, demo: Demo) -> None:
    with_google(visitor, demo)
    visitor.goto(f"{demo.site}/about/")
    cookies.decided(visitor, lambda: cookies.press(visitor, "Accept"))
    expect(visitor.locator("html[data-visit-count]")).to_be_attached()
    visitor.evaluate(
        "addEventListener('beforeunload', () =>"
        " sessionStorage.setItem('said', JSON.stringify(dataLayer.map((call) => [...call]))))"
    )
    cookies.open_panel(visitor)
    cookies.decided(visitor, cookies.panel(visitor).get_by_role("button", name="Refuse all").click)
    expect(visitor.locator("html[data-visit-count]")).to_have_count(0)
    assert visitor.evaluate("JSON.parse(sessionStorage.getItem('said')).at(-1)") == ["consent", "update", DENIED]


def test_in_the_advanced_mode_the_tag_loads_and_knows(visitor: Page, demo: Demo) -> None:
    with_google(visitor, demo, advanced=True)
    asked = cookies.elsewhere(visitor.context, demo)
    visitor.goto(f"{demo.site}/about/")
    expect(visitor.locator("html[data-visit-count]")).to_be_attached()
    assert set(asked) == {demo.vendor}
    assert said(visitor) == [["consent", "default", DENIED]]
