"""A visitor decides about a third party's script, and the browser shows that the decision holds."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)


def banner(page: Page) -> Locator:
    return page.get_by_role("region", name="Your choice about cookies")


def press(page: Page, choice: str) -> None:
    banner(page).get_by_role("button", name=choice).click()
    expect(banner(page)).to_be_hidden()


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
    assert [cookie["name"] for cookie in visitor.context.cookies()] == ["candor_consent"]


def test_who_refused_can_allow_the_script_later(visitor: Page, demo: Demo) -> None:
    before = demo.calls_home()
    visitor.goto(demo.site)
    press(visitor, "Refuse")
    visitor.get_by_role("link", name="Cookie settings").click()
    visitor.get_by_label("Allow: Statistics").check()
    visitor.get_by_role("button", name="Save my choice").click()
    expect(visitor.get_by_role("status")).to_contain_text("Your choice is saved")
    with visitor.expect_response(f"{demo.vendor}/hit"):
        visitor.goto(demo.site)
    has_run(visitor)
    assert demo.calls_home() == before + 1


def test_who_allowed_the_script_can_stop_it(visitor: Page, demo: Demo) -> None:
    visitor.goto(demo.site)
    press(visitor, "Accept")
    has_run(visitor)
    visitor.get_by_role("link", name="Cookie settings").click()
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
    return int(editor.get_by_role("row").nth(1).get_by_role("cell").last.inner_text())


@pytest.mark.parametrize(("choice", "allowed"), [("Accept", True), ("Refuse", False)])
def test_without_javascript_the_banner_is_a_form(
    somebody: Callable[..., BrowserContext], demo: Demo, choice: str, allowed: bool
) -> None:
    page = somebody(java_script_enabled=False).new_page()
    page.goto(demo.site)
    banner(page).get_by_role("button", name=choice).click()
    expect(page.get_by_role("status")).to_contain_text("Your choice is saved")
    expect(page.get_by_label("Allow: Statistics")).to_be_checked(checked=allowed)


def test_a_keyboard_is_enough(visitor: Page, demo: Demo) -> None:
    visitor.goto(demo.site)
    for expected in ("To the text", "Accept", "Refuse"):
        visitor.keyboard.press("Tab")
        expect(visitor.locator(":focus")).to_have_text(expected)
    visitor.keyboard.press("Enter")
    expect(banner(visitor)).to_be_hidden()
    expect(visitor.get_by_role("main")).to_be_focused()


def test_a_choice_that_did_not_arrive_says_so_and_can_be_made_again(visitor: Page, demo: Demo) -> None:
    visitor.goto(demo.site)
    visitor.route("**/consent/decide/", lambda route: route.abort())
    banner(visitor).get_by_role("button", name="Accept").click()
    expect(visitor.get_by_role("alert")).to_have_text(
        "Your choice could not be saved. Try again, or use the page “Cookie settings”."
    )
    assert visitor.context.cookies() == []
    visitor.unroute("**/consent/decide/")
    press(visitor, "Accept")
    has_run(visitor)
