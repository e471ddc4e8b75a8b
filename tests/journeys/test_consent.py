"""A visitor decides about a third party's script, and the browser shows that the decision holds."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.journeys.cookies import banner, press
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)


def follow(page: Page) -> list[str]:
    """The addresses this page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def has_run(page: Page) -> None:
    """Waits until the third party's script has marked the page."""
    expect(page.locator("html[data-visit-count]")).to_be_attached()


def asked_of_vendor(asked: list[str], demo: Demo) -> list[str]:
    return [url for url in asked if url.startswith(demo.vendor)]


def test_before_a_choice_nothing_is_loaded_from_others_and_no_cookie_is_set(visitor: Page, demo: Demo) -> None:
    asked = follow(visitor)
    visitor.goto(demo.site)
    expect(banner(visitor)).to_be_visible()
    visitor.wait_for_load_state("networkidle")
    assert {url for url in asked if not url.startswith(demo.site)} == set()
    assert visitor.context.cookies() == []


def test_a_refusal_holds_on_the_next_page(visitor: Page, demo: Demo) -> None:
    asked = follow(visitor)
    visitor.goto(demo.site)
    press(visitor, "Refuse")
    visitor.reload()
    expect(banner(visitor)).to_be_hidden()
    visitor.wait_for_load_state("networkidle")
    assert asked_of_vendor(asked, demo) == []
    # The second says the same to software made for django-cookie-consent.
    assert sorted(cookie["name"] for cookie in visitor.context.cookies()) == ["candor_consent", "cookie_consent"]


def test_who_refused_can_allow_the_script_later(visitor: Page, demo: Demo) -> None:
    before = demo.calls_home()
    visitor.goto(demo.site)
    press(visitor, "Refuse")
    visitor.goto(f"{demo.site}/consent/")
    visitor.get_by_label("Allow: Statistics").check()
    assert demo.calls_home() == before
    with visitor.expect_response(f"{demo.vendor}/hit"):  # allowed is allowed, on the page with the settings too
        visitor.get_by_role("button", name="Save my choice").click()
    expect(visitor.get_by_role("status")).to_contain_text("Your choice is saved")
    before = demo.calls_home()
    with visitor.expect_response(f"{demo.vendor}/hit"):
        visitor.goto(demo.site)
    has_run(visitor)
    assert demo.calls_home() == before + 1


def test_who_allowed_the_script_can_stop_it(visitor: Page, demo: Demo) -> None:
    visitor.goto(demo.site)
    press(visitor, "Accept")
    has_run(visitor)
    visitor.goto(f"{demo.site}/consent/")
    visitor.get_by_role("button", name="Refuse all").click()
    expect(visitor.get_by_label("Allow: Statistics")).not_to_be_checked()
    asked = follow(visitor)
    visitor.goto(demo.site)
    visitor.wait_for_load_state("networkidle")
    assert asked_of_vendor(asked, demo) == []


def test_the_editor_sees_that_a_decision_was_recorded(visitor: Page, vera: Page, demo: Demo) -> None:
    before = decisions(vera, demo)
    visitor.goto(demo.site)
    with visitor.expect_response("**/consent/decide/") as answer:
        press(visitor, "Accept")
    assert answer.value.status == 201
    assert decisions(vera, demo) == before + 1


def decisions(editor: Page, demo: Demo) -> int:
    """How many decisions were made about what visitors see now."""
    editor.goto(f"{demo.site}/cms/consent/published/")
    return int(editor.get_by_role("row").nth(1).get_by_role("cell").nth(3).inner_text())


@pytest.mark.parametrize(("choice", "allowed"), [("Accept", True), ("Refuse", False)])
def test_without_javascript_the_banner_is_a_form(
    somebody: Callable[..., BrowserContext], demo: Demo, choice: str, allowed: bool
) -> None:
    page = somebody(java_script_enabled=False).new_page()
    page.goto(demo.site)
    banner(page).get_by_role("button", name=choice).click()
    expect(page.get_by_role("status")).to_contain_text("Your choice is saved")
    expect(page.get_by_label("Allow: Statistics")).to_be_checked(checked=allowed)


def test_a_choice_that_did_not_arrive_says_so_and_can_be_made_again(visitor: Page, demo: Demo) -> None:
    visitor.goto(demo.site)
    visitor.route("**/consent/decide/", lambda route: route.abort())
    banner(visitor).get_by_role("button", name="Accept").click()
    expect(banner(visitor)).to_be_visible()
    expect(visitor.get_by_role("alert")).to_have_text(
        "Your choice could not be saved. Try again, or use the page “Cookie settings”."
    )
    assert visitor.context.cookies() == []
    visitor.unroute("**/consent/decide/")
    press(visitor, "Accept")
    has_run(visitor)


SIGNAL = {
    "extra_http_headers": {"Sec-GPC": "1"},  # as a browser that has it switched on sends with every request
}
SIGNAL_IN_SCRIPTS = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })"


@pytest.fixture
def heeded(somebody: Callable[..., BrowserContext]) -> Page:
    """Cleo, whose browser sends Global Privacy Control."""
    profile = somebody(**SIGNAL)
    profile.add_init_script(SIGNAL_IN_SCRIPTS)
    return profile.new_page()


def decided(page: Page, act: Callable[[], object]) -> dict[str, bool]:
    """What the site answers to the decision that `act` makes."""
    with page.expect_response("**/consent/decide/") as answer:
        act()
    assert answer.value.status == 201
    choices: dict[str, bool] = answer.value.json()["choices"]
    return choices


def test_a_browsers_signal_is_recorded_once_and_the_banner_asks_for_the_rest(heeded: Page, demo: Demo) -> None:
    assert decided(heeded, lambda: heeded.goto(demo.site)) == {"marketing": False}
    expect(banner(heeded)).to_be_visible()
    expect(banner(heeded)).to_contain_text("Tally")
    expect(banner(heeded)).not_to_contain_text("Billboard")
    asked = follow(heeded)
    heeded.reload()
    heeded.wait_for_load_state("networkidle")
    assert [url for url in asked if "/consent/decide/" in url] == []
    choice = decided(heeded, lambda: press(heeded, "Accept"))
    assert choice == {"analytics": True, "marketing": False, "media": True}
    has_run(heeded)
    assert [url for url in asked if "advertise" in url] == []


def test_what_is_ticked_by_its_name_goes_before_the_signal(heeded: Page, demo: Demo) -> None:
    heeded.goto(f"{demo.site}/consent/")
    expect(heeded.get_by_text("Your browser sends a Global Privacy Control signal")).to_be_visible()
    heeded.get_by_label("Allow: Advertising").check()
    heeded.get_by_role("button", name="Save my choice").click()
    expect(heeded.get_by_label("Allow: Advertising")).to_be_checked()
    asked = follow(heeded)
    with heeded.expect_response("**/advertise.js"):
        heeded.goto(demo.site)
    expect(banner(heeded)).to_be_hidden()
    heeded.wait_for_load_state("networkidle")
    assert [url for url in asked if "/consent/decide/" in url] == []


def test_a_signal_that_comes_later_stops_what_was_accepted(somebody: Callable[..., BrowserContext], demo: Demo) -> None:
    profile = somebody()
    page = profile.new_page()
    page.goto(demo.site)
    with page.expect_response("**/advertise.js"):
        press(page, "Accept")
    profile.set_extra_http_headers({"Sec-GPC": "1"})
    profile.add_init_script(SIGNAL_IN_SCRIPTS)
    asked = follow(page)
    assert decided(page, page.reload) == {"analytics": True, "marketing": False, "media": True}
    has_run(page)
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "advertise" in url] == []
    expect(banner(page)).to_be_hidden()


def test_a_page_that_a_cache_kept_runs_nothing_for_a_later_choice(visitor: Page, demo: Demo) -> None:
    """Its bits are those of an earlier configuration, where they may be another's."""
    visitor.goto(demo.site)
    press(visitor, "Accept")
    has_run(visitor)

    def kept(route: Route) -> None:
        answer = route.fetch()
        earlier = re.sub(r'data-consent-number="[0-9]+"', 'data-consent-number="0"', answer.text())
        headers = {name: value for name, value in answer.headers.items() if name != "link"}  # it has those of then
        route.fulfill(response=answer, body=earlier, headers=headers)

    visitor.route(demo.site + "/", kept)
    asked = follow(visitor)
    visitor.goto(demo.site)
    visitor.wait_for_load_state("networkidle")
    expect(banner(visitor)).to_be_hidden()
    assert asked_of_vendor(asked, demo) == []


def test_who_is_asked_again_about_one_group_reads_and_answers_about_that_alone(visitor: Page, demo: Demo) -> None:
    visitor.goto(demo.site)
    press(visitor, "Accept")
    has_run(visitor)

    def changed(route: Route) -> None:
        answer = route.fetch()
        page = re.sub(r"\bmarketing\.([0-9]+)\.[0-9]+", r"marketing.\1.999", answer.text())
        route.fulfill(response=answer, body=page)

    visitor.route(demo.site + "/", changed)
    with visitor.expect_request("**/count.js"):  # what was not asked about again goes on
        visitor.goto(demo.site)
    expect(banner(visitor)).to_be_visible()
    expect(banner(visitor)).to_contain_text("Billboard")
    expect(banner(visitor)).not_to_contain_text("Tally")
    with visitor.expect_request("**/consent/decide/") as sent:
        # Not `press`: no answer is as late as the change this page was given, so the banner comes back with it.
        banner(visitor).get_by_role("button", name="Refuse", exact=True).click()
    assert sent.value.post_data_json["choices"] == {"marketing": False}
