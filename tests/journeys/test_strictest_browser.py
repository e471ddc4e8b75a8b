"""Where no string is code and no style inline (strict CSP, Trusted Types) every gate works: none of five fails."""

import base64
import hashlib
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.journeys import cookies
from tests.journeys.cookies import plant
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)
CODE = "document.documentElement.dataset.inline = 'ran';"
HASH = f"'sha256-{base64.b64encode(hashlib.sha256(CODE.encode()).digest()).decode()}'"
GATES = """
<template data-consent-gate="analytics" data-service="tally"><script>{code}</script></template>
<template data-consent-gate="analytics" data-service="tally"><script src="{tally}/order.js?1"></script></template>
<template data-consent-gate="analytics" data-service="tally"><script src="{tally}/order.js?2"></script></template>
<template data-consent-gate="marketing" data-service="billboard">
  <script async src="{board}/advertise.js?3"></script>
</template>
"""


@pytest.fixture
def page(somebody: Callable[..., BrowserContext], demo: Demo) -> Page:
    """The Services page with its frame, four gates more, and an ear for whatever the browser forbids."""
    page = somebody().new_page()
    page.add_init_script(
        "window.violations = []; document.addEventListener('securitypolicyviolation', (event) =>"
        " window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));"
    )
    markup = GATES.format(code=CODE, tally=demo.vendor, board=demo.vendor_at("127.0.0.2"))
    header = lambda value: value.replace("script-src 'self'", f"script-src 'self' {HASH}")  # noqa: E731
    plant(page, f"{demo.site}/services/", markup, header=header)
    return page


def violations(page: Page) -> list[str]:
    return list(page.evaluate("window.violations"))


def all_five(page: Page) -> None:
    expect(page.locator("html[data-inline=ran]")).to_be_attached()
    expect(page.locator("html[data-order='1 2']")).to_be_attached()
    expect(page.locator("html[data-billboard=seen]")).to_be_attached()
    sees_the_ship(page.frame_locator("candor-embed > iframe"), page)


def sees_the_ship(frame: FrameLocator, page: Page) -> None:
    page.locator("candor-embed").scroll_into_view_if_needed()
    expect(frame.get_by_role("img", name="A ship at the quay")).to_be_visible()


def test_the_header_requires_trusted_types(page: Page, demo: Demo) -> None:
    answer = page.goto(f"{demo.site}/services/")
    assert answer
    header = answer.headers["content-security-policy"]
    assert "require-trusted-types-for 'script'" in header
    assert "unsafe" not in header


def test_all_five_gates_open_on_the_click_and_on_the_next_visit(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.site}/services/")
    cookies.decided(page, lambda: cookies.press(page, "Accept"))
    all_five(page)
    assert violations(page) == []
    page.goto(f"{demo.site}/services/")
    all_five(page)
    assert violations(page) == []


def test_panel_withdrawal_and_placeholder_break_no_rule(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.site}/services/")
    page.get_by_role("button", name="Load once").click()
    inner = page.frame_locator("candor-embed > iframe").frame_locator("iframe")
    sees_the_ship(inner, page)
    cookies.open_panel(page)
    cookies.decided(page, cookies.panel(page).get_by_role("button", name="Accept all").click)
    expect(page.locator("html[data-inline=ran]")).to_be_attached()
    cookies.open_panel(page)
    cookies.decided(page, cookies.panel(page).get_by_role("button", name="Refuse all").click)
    expect(page.locator("html[data-inline=ran]")).to_have_count(0)
    assert violations(page) == []


def test_load_once_works_where_everything_was_refused(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.site}/services/")
    cookies.decided(page, lambda: cookies.press(page, "Refuse"))
    page.reload()
    asked = cookies.elsewhere(page.context, demo)
    page.get_by_role("button", name="Load once").click()
    inner = page.frame_locator("candor-embed > iframe").frame_locator("iframe")
    sees_the_ship(inner, page)
    assert set(asked) == {demo.vendor_at("127.0.0.3")}
    assert violations(page) == []
    page.reload()
    expect(page.get_by_role("button", name="Load once")).to_be_visible()


def test_always_allow_needs_no_load_of_the_page(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.site}/services/")
    cookies.decided(page, lambda: cookies.press(page, "Refuse"))
    page.reload()
    seen: list[str] = []
    page.on("framenavigated", lambda frame: seen.append(frame.url) if frame == page.main_frame else None)
    cookies.decided(page, page.get_by_role("button", name="Always allow Harbour Cam").click)
    inner = page.frame_locator("candor-embed > iframe").frame_locator("iframe")
    sees_the_ship(inner, page)
    page.wait_for_load_state("networkidle")
    assert seen == []
    page.reload()
    sees_the_ship(page.frame_locator("candor-embed > iframe"), page)
    assert violations(page) == []


def test_the_sites_own_scripts_are_told(page: Page, demo: Demo) -> None:
    page.add_init_script(
        "window.told = []; document.addEventListener('candor:consent', ({ detail }) => window.told.push(detail));"
    )
    page.goto(f"{demo.site}/services/")
    assert page.evaluate("window.told") == []
    assert page.evaluate("candor.choices") == {}
    page.evaluate("candor.open()")
    cookies.panel(page).get_by_label("Statistics", exact=True).check()
    cookies.decided(page, cookies.panel(page).get_by_role("button", name="Save my choice").click)
    expect(page.locator("html[data-inline=ran]")).to_be_attached()
    told = {"choices": {"analytics": True, "marketing": False, "media": False}}
    others = ("billboard", "promotions", "harbour-cam", "port-map")
    told["services"] = {"tally": True} | dict.fromkeys(others, False)
    assert page.evaluate("window.told") == [told]
    assert page.evaluate("({ choices: candor.choices, services: candor.services })") == told
