"""A visitor reads, comes back, and sees what fits: with permission by what they read, without it by the page alone."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Locator, Page, Request, expect

from tests.journeys.axe import violations
from tests.journeys.cookies import banner, elsewhere, open_panel, press
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)
# What moved though nothing before the promotion did.
SHIFTS = """
window.moved = [];
const from = (place, { node }) => node && (place === node || place.compareDocumentPosition(node) & 4);
new PerformanceObserver((list) => {
  const place = document.querySelector(".promotion");
  const after = list.getEntries().filter(({ sources }) => sources.every((source) => from(place, source)));
  window.moved.push(...after.map(({ value }) => value));
}).observe({ type: "layout-shift", buffered: true });
"""
KEY, COLD, PRICE = "candor_promotions", "Two degrees, all year", "A price within one working day"
READS = ["/news/six-cold-places/", "/news/winter-timetable/"]


def place(page: Page) -> Locator:
    return page.locator(".promotion")


def kept(page: Page) -> Any:
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')") or "null")


def wait_until(page: Page, *, is_kept: bool) -> None:
    """The page's own policy forbids what Playwright would wait with; and a choice loads the page anew meanwhile."""
    for _time in range(200):
        with suppress(Error):
            if (kept(page) is not None) == is_kept:
                return
        page.wait_for_timeout(50)
    raise AssertionError(f"kept after ten seconds: {kept(page)}")


def posts(page: Page) -> list[Request]:
    made: list[Request] = []
    page.on("request", lambda request: made.append(request) if request.url.endswith("/promotions/count/") else None)
    return made


def look_at(page: Page) -> None:
    """As somebody who reads on to it, for long enough that it counts as seen."""
    with page.expect_response("**/promotions/count/") as told:
        place(page).scroll_into_view_if_needed()
    assert told.value.status == 204


@pytest.fixture
def lucky(somebody: Callable[..., BrowserContext]) -> Page:
    """Ben, for whom the last of those that fit is chosen: the one by rules."""
    profile = somebody()
    profile.add_init_script("Math.random = () => 0.999")
    return profile.new_page()


def test_who_allowed_it_and_read_about_it_sees_it_and_who_did_not_sees_what_fits_the_page(
    lucky: Page, demo: Demo
) -> None:
    lucky.goto(f"{demo.site}/services/")
    expect(place(lucky)).to_contain_text(PRICE)
    press(lucky, "Accept")
    for address in READS:
        lucky.goto(demo.site + address)
        lucky.wait_for_load_state("networkidle")
    lucky.goto(f"{demo.site}/services/")
    expect(place(lucky)).to_contain_text(COLD)
    assert set(kept(lucky)["read"]) == {"t:Storage"}
    told = posts(lucky)
    look_at(lucky)
    assert told[0].post_data_json["targeted"] is True
    assert kept(lucky)["seen"] == {str(told[0].post_data_json["promotion"]): 1}


def test_nothing_is_kept_before_a_choice_nor_after_a_refusal(lucky: Page, demo: Demo) -> None:
    for address in [*READS, "/services/"]:
        lucky.goto(demo.site + address)
        lucky.wait_for_load_state("networkidle")
    expect(place(lucky)).to_contain_text(PRICE)
    assert lucky.evaluate("Object.keys(localStorage)") == []
    press(lucky, "Refuse")
    lucky.goto(demo.site + READS[0])
    lucky.wait_for_load_state("networkidle")
    assert lucky.evaluate("Object.keys(localStorage)") == []


def test_taking_the_permission_back_deletes_what_was_kept_at_once(lucky: Page, demo: Demo) -> None:
    lucky.goto(demo.site + READS[0])
    press(lucky, "Accept")
    wait_until(lucky, is_kept=True)
    lucky.goto(f"{demo.site}/services/")
    expect(place(lucky)).to_contain_text(COLD)
    panel = open_panel(lucky)
    expect(panel).to_contain_text("Promotions that fit you")
    panel.get_by_role("button", name="Refuse all").click()
    wait_until(lucky, is_kept=False)
    expect(place(lucky)).to_contain_text(PRICE)


def test_a_browsers_signal_is_a_no(somebody: Callable[..., BrowserContext], demo: Demo) -> None:
    profile = somebody(extra_http_headers={"Sec-GPC": "1"})
    profile.add_init_script("Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })")
    page = profile.new_page()
    page.goto(demo.site + READS[0])
    press(page, "Accept")
    page.reload(wait_until="networkidle")
    assert KEY not in page.evaluate("Object.keys(localStorage)")


def test_who_comes_back_another_day_is_greeted_three_times_a_day(lucky: Page, demo: Demo) -> None:
    lucky.goto(demo.site)
    press(lucky, "Accept")
    wait_until(lucky, is_kept=True)
    history = kept(lucky) | {"first": "2000-01-01"}
    lucky.evaluate(f"history => localStorage.setItem('{KEY}', JSON.stringify(history))", history)
    for _time in range(3):
        lucky.goto(demo.site)
        expect(place(lucky)).to_contain_text("Good to see you again")
        look_at(lucky)
    lucky.goto(demo.site, wait_until="networkidle")
    expect(lucky.get_by_text("Good to see you again")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 700, 1280])
def test_nothing_moves_when_one_is_chosen(somebody: Callable[..., BrowserContext], demo: Demo, width: int) -> None:
    profile = somebody(viewport={"width": width, "height": 3000})
    profile.add_init_script(SHIFTS)
    page = profile.new_page()
    page.goto(demo.site + READS[0])
    press(page, "Accept")
    for address, point in (("/services/", 0), ("/services/", 0.999), (READS[1], 0)):
        profile.add_init_script(f"Math.random = () => {point}")
        page.goto(demo.site + address, wait_until="networkidle")
        page.wait_for_timeout(300)
        assert place(page).evaluate("place => place.offsetHeight - parseFloat(getComputedStyle(place).minHeight)") == 0
        assert page.evaluate("window.moved") == []


def test_it_asks_nobody_but_this_site(lucky: Page, demo: Demo) -> None:
    asked = elsewhere(lucky.context, demo)
    lucky.goto(demo.site + READS[0], wait_until="networkidle")
    look_at_all = ["/services/", "/about/", "/"]
    for address in look_at_all:
        lucky.goto(demo.site + address, wait_until="networkidle")
    assert asked == []


def test_without_scripts_the_one_that_fits_the_page_is_there(
    somebody: Callable[..., BrowserContext], demo: Demo
) -> None:
    page = somebody(java_script_enabled=False).new_page()
    page.goto(f"{demo.site}/services/")
    expect(place(page)).to_contain_text(PRICE)
    page.goto(demo.site + READS[0])
    expect(place(page)).to_be_hidden()
    page.goto(f"{demo.site}/ru/services/")
    expect(page.get_by_text("Цена за один рабочий день")).to_be_visible()
    page.get_by_role("link", name="Узнать цену").click()
    assert page.url == f"{demo.site}/ru/contact/"


def test_counts_arrive_and_say_nothing_of_whoever_looked(lucky: Page, vera: Page, demo: Demo) -> None:
    before = counted(vera, demo)
    lucky.goto(f"{demo.site}/services/")
    told = posts(lucky)
    look_at(lucky)
    with lucky.expect_request("**/promotions/count/"):
        place(lucky).get_by_role("link").click()
    lucky.wait_for_load_state("networkidle")
    assert [request.post_data_json["act"] for request in told] == ["seen", "followed"]
    for request in told:
        assert set(request.post_data_json) == {"promotion", "act", "targeted"}
        assert not {"cookie", "referer"} & request.all_headers().keys()
    assert counted(vera, demo) == [number + 1 for number in before]


def counted(editor: Page, demo: Demo) -> list[int]:
    """How often it was seen and followed, as the list in the CMS says."""
    editor.goto(f"{demo.site}/cms/promotions/?language=en")
    row = editor.get_by_role("row").filter(has_text=PRICE)
    return [int(row.get_by_role("cell").nth(place).inner_text().replace(",", "")) for place in (-3, -2)]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(somebody: Callable[..., BrowserContext], demo: Demo, scheme: str, width: int) -> None:
    page = somebody(color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()
    page.goto(f"{demo.site}/services/")
    press(page, "Refuse")
    place(page).scroll_into_view_if_needed()
    assert violations(page) == []
    page.evaluate("document.documentElement.dir = 'rtl'")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    expect(banner(page)).to_be_hidden()


def test_the_editor_sees_how_it_looks_and_what_it_led_to(vera: Page, demo: Demo) -> None:
    vera.goto(f"{demo.site}/cms/promotions/?language=en")
    vera.get_by_role("row").filter(has_text=PRICE).get_by_role("link", name=PRICE).click()
    vera.get_by_role("button", name="Toggle preview").click()
    expect(vera.frame_locator("[data-w-preview-target='iframe']").last.get_by_text(PRICE)).to_have_count(2)
    vera.goto(vera.url.replace("/edit/", "/inspect/"))
    expect(vera.get_by_role("img", name="Seen and followed, by day")).to_be_visible()
    rows = vera.get_by_role("table", name="Seen and followed, by day").get_by_role("row")
    assert rows.count() >= 15
    assert violations(vera) == []
