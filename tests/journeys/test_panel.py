"""The panel asks group by group and service by service, and says what stands."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys import cookies
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def panel(visitor: Page, demo: Demo) -> Locator:
    visitor.goto(demo.site)
    visitor.get_by_role("button", name="Choose").click()
    return cookies.panel(visitor)


def box(panel: Locator, name: str) -> Locator:
    return panel.get_by_role("checkbox", name=name, exact=True)


def is_mixed(place: Locator) -> bool:
    return bool(place.evaluate("box => box.indeterminate"))


def save(panel: Locator) -> dict[str, dict[str, bool]]:
    with panel.page.expect_request("**/consent/decide/") as sent:
        panel.get_by_role("button", name="Save my choice").click()
    said: dict[str, dict[str, bool]] = sent.value.post_data_json
    return {name: said[name] for name in ("choices", "services")}


def test_nothing_is_ticked_before_a_choice_but_what_cannot_be_refused(panel: Locator) -> None:
    ticked = panel.locator("input:checked")
    expect(ticked).to_have_count(1)
    expect(box(panel, "Essential")).to_be_checked()
    expect(box(panel, "Essential")).to_be_disabled()


def test_a_group_ticks_its_services_and_they_tick_it(panel: Locator) -> None:
    box(panel, "Videos and maps").check()
    for service in ("Harbour Cam", "Port Map"):
        expect(box(panel, service)).to_be_checked()
    box(panel, "Harbour Cam").uncheck()
    assert is_mixed(box(panel, "Videos and maps"))
    box(panel, "Port Map").uncheck()
    assert not is_mixed(box(panel, "Videos and maps"))
    expect(box(panel, "Videos and maps")).not_to_be_checked()


def test_one_service_of_a_group_is_one(panel: Locator, visitor: Page, demo: Demo) -> None:
    box(panel, "Port Map").check()
    said = save(panel)
    assert said["choices"] == {"analytics": False, "marketing": False, "media": False}
    assert said["services"] == {"billboard": False, "promotions": False, "harbour-cam": False, "port-map": True}
    expect(cookies.banner(visitor)).to_be_hidden()
    visitor.goto(f"{demo.site}/about/")
    expect(visitor.locator("candor-embed > iframe")).to_be_visible()
    visitor.goto(f"{demo.site}/services/")
    expect(visitor.get_by_role("button", name="Load once")).to_be_visible()
    opened = cookies.open_panel(visitor)
    expect(box(opened, "Port Map")).to_be_checked()
    assert is_mixed(box(opened, "Videos and maps"))


def test_the_panel_says_who_is_responsible_and_leads_to_the_rest(panel: Locator, demo: Demo) -> None:
    expect(panel).to_contain_text("Chartroom. Responsible: the vendor, for purposes of its own")
    panel.get_by_role("link", name="Every cookie, and your earlier choices").click()
    expect(panel.page).to_have_url(f"{demo.site}/consent/")


def test_closing_it_decides_nothing(panel: Locator, visitor: Page) -> None:
    box(panel, "Statistics").check()
    panel.get_by_role("button", name="Close").click()
    expect(cookies.banner(visitor)).to_be_visible()
    assert cookies.names(visitor.context) == set()


def test_a_choice_with_the_form_reaches_other_tabs(visitor: Page, demo: Demo) -> None:
    other = visitor.context.new_page()
    other.goto(demo.site)
    visitor.goto(f"{demo.site}/consent/")
    visitor.get_by_role("button", name="Refuse all").click()
    expect(visitor.get_by_role("status")).to_be_focused()
    expect(cookies.banner(other)).to_be_hidden()


@pytest.fixture
def plain(somebody: Callable[..., BrowserContext]) -> Page:
    """Dora, whose browser runs no scripts."""
    return somebody(java_script_enabled=False).new_page()


def test_without_scripts_choosing_is_a_page_and_withdrawing_a_button(plain: Page, demo: Demo) -> None:
    plain.goto(demo.site)
    cookies.banner(plain).get_by_role("button", name="Choose").click()
    expect(plain).to_have_url(f"{demo.site}/consent/")
    plain.get_by_label("Allow: Statistics").check()
    plain.get_by_role("button", name="Save my choice").click()
    expect(plain.get_by_label("Allow: Statistics")).to_be_checked()
    plain.get_by_role("button", name="Refuse all").click()
    expect(plain.get_by_label("Allow: Statistics")).not_to_be_checked()


def test_without_scripts_an_embed_is_a_link(plain: Page, demo: Demo) -> None:
    asked = cookies.elsewhere(plain.context, demo)
    plain.goto(f"{demo.site}/services/", wait_until="networkidle")
    embed = plain.locator("candor-embed")
    expect(embed.get_by_role("button")).to_have_count(0)
    assert asked == []
    embed.get_by_role("link").click()
    expect(plain).to_have_url(f"{demo.vendor_at('127.0.0.3')}/cam")
