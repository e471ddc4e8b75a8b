"""Banner, panel, placeholders, /consent/ and receipts, for people who see, point, type or read otherwise."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys import axe, cookies
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)
WIDE = {"viewport": {"width": 1280, "height": 800}}
LOOKS: dict[str, dict[str, Any]] = {
    "light": WIDE,
    "dark": WIDE | {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "zoomed": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},  # 1280 × 1024 at 400 %
    "forced": WIDE | {"forced_colors": "active"},
}
LANGUAGES = {"en": "", "ar": "/ar"}
SETTINGS = {"en": "Cookie settings", "ar": "إعدادات ملفات تعريف الارتباط"}
Open = Callable[..., Page]
# What is a target and less than 24 CSS pixels wide or high (WCAG 2.2, 2.5.8).
SMALL = """() => [...document.querySelectorAll(
      "candor-consent :is(button, input:not([type=hidden]), label), candor-embed button, .consent-panel form > p > a")]
    .filter((place) => place.checkVisibility() && Math.min(place.offsetWidth, place.offsetHeight) < 24)
    .map((place) => place.outerHTML)"""
LOOK = """button => {
    const { width, height } = button.getBoundingClientRect();
    const style = getComputedStyle(button);
    const seen = ["color", "backgroundColor", "border", "font", "opacity", "textTransform", "textDecoration",
        "visibility", "boxShadow", "padding", "zIndex", "position"];
    const parent = button.parentElement.className;
    const size = { width: Math.round(width), height: Math.round(height), parent, kind: button.localName };
    return { ...size, ...Object.fromEntries(seen.map((name) => [name, style[name]])) };
}"""


@pytest.fixture(params=LOOKS)
def open_as(request: pytest.FixtureRequest, somebody: Callable[..., BrowserContext], demo: Demo) -> Open:
    def go(address: str, language: str = "en") -> Page:
        page = somebody(**LOOKS[request.param]).new_page()
        answer = page.goto(f"{demo.site}{LANGUAGES[language]}{address}")
        assert answer
        assert answer.ok, (answer.status, answer.text())
        return page

    return go


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_banner_has_no_violation(open_as: Open, language: str) -> None:
    page = open_as("/mail/join/", language)
    expect(page.locator(".consent-banner")).to_be_visible()
    assert axe.violations(page) == []
    assert fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_panel_has_no_violation(open_as: Open, language: str) -> None:
    page = open_as("/mail/join/", language)
    page.locator(".consent-banner button[value=choose]").click()
    expect(page.locator("dialog.consent-panel")).to_be_visible()
    assert axe.violations(page) == []
    assert fits(page)


def test_a_placeholder_has_no_violation(open_as: Open) -> None:
    page = open_as("/services/")
    page.locator(".consent-banner button[value=refuse]").click()
    embed = page.locator("candor-embed")
    expect(embed.get_by_role("button", name="Load once")).to_be_visible()
    assert axe.violations(page) == []
    assert fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_without_scripts_and_a_receipt_have_no_violation(open_as: Open, language: str) -> None:
    page = open_as("/consent/", language)
    assert axe.violations(page) == []
    assert fits(page)
    page.locator("main button[value=accept]").click()
    page.goto(page.url.partition("?")[0] + "decisions/")
    page.locator("main a[href*='/consent/receipt/']").first.click()
    expect(page.locator("article.receipt")).to_be_visible()
    assert axe.violations(page) == []
    assert fits(page)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_right_to_left_is_the_whole_way(somebody: Callable[..., BrowserContext], demo: Demo) -> None:
    page = somebody(**WIDE).new_page()
    page.goto(f"{demo.site}/ar/mail/join/")
    accept, refuse = (page.locator(f".consent-banner button[value={value}]") for value in ("accept", "refuse"))
    assert box(accept)["x"] > box(refuse)["x"]
    page.get_by_role("link", name=SETTINGS["ar"]).click()
    close = page.locator(".consent-close")
    assert box(close)["x"] < box(page.locator("dialog.consent-panel"))["x"] + 100


def box(place: Locator) -> Any:
    found = place.bounding_box()
    assert found
    return found


def focused(page: Page) -> str:
    """Its words; of a logo, those that stand for it."""
    words = "at.innerText?.trim() || at.querySelector?.('img')?.alt || ''"
    return str(page.evaluate(f"(() => {{ const at = document.activeElement; return {words}; }})()"))


def test_the_banner_is_within_two_tabs_takes_no_focus_and_holds_none(visitor: Page, demo: Demo) -> None:
    visitor.goto(demo.site)
    expect(cookies.banner(visitor)).to_be_visible()
    assert visitor.evaluate("document.activeElement === document.body")
    stops = []
    for _press in range(6):
        visitor.keyboard.press("Tab")
        stops.append(focused(visitor))
    assert stops[:5] == ["To the text", "Accept", "Refuse", "Choose", "Harbour Lane Logistics Ltd"]
    for _press in range(3):
        visitor.keyboard.press("Shift+Tab")
    assert focused(visitor) == "Refuse"
    visitor.keyboard.press("Enter")
    expect(cookies.banner(visitor)).to_be_hidden()
    expect(visitor.get_by_role("main")).to_be_focused()


@pytest.mark.parametrize("opener", ["Choose", "Cookie settings"])
def test_escape_closes_the_panel_and_the_focus_returns(visitor: Page, demo: Demo, opener: str) -> None:
    visitor.goto(demo.site)
    start = visitor.get_by_role("button" if opener == "Choose" else "link", name=opener, exact=True)
    start.focus()
    visitor.keyboard.press("Enter")
    expect(cookies.panel(visitor)).to_be_visible()
    for _press in range(
        12
    ):  # round and round: a modal dialog of the browser keeps the focus, or lends it to the browser
        visitor.keyboard.press("Tab")
        assert visitor.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    visitor.keyboard.press("Escape")
    expect(cookies.panel(visitor)).to_be_hidden()
    expect(start).to_be_focused()
    expect(cookies.banner(visitor)).to_be_visible()


def test_the_panel_is_filled_in_and_saved_by_keyboard_alone(visitor: Page, demo: Demo) -> None:
    visitor.goto(demo.site)
    visitor.get_by_role("button", name="Choose").focus()
    visitor.keyboard.press("Enter")
    visitor.keyboard.press("Tab")
    assert visitor.evaluate("document.activeElement.value") == "analytics"
    visitor.keyboard.press("Space")

    def save() -> None:
        cookies.panel(visitor).get_by_role("button", name="Save my choice").focus()
        visitor.keyboard.press("Enter")

    answer = cookies.decided(visitor, save)
    assert answer.json()["choices"] == {"analytics": True, "marketing": False, "media": False}
    expect(visitor.locator("html[data-visit-count]")).to_be_attached()


@pytest.mark.parametrize("look", ["light", "dark", "narrow"])
def test_every_target_is_large_enough_and_no_button_is_louder(
    somebody: Callable[..., BrowserContext], demo: Demo, look: str
) -> None:
    page = somebody(**LOOKS[look]).new_page()
    page.goto(f"{demo.site}/services/")
    alike(page, ".consent-banner", ("accept", "refuse", "choose"))
    page.locator(".consent-banner button[value=choose]").click()
    alike(page, ".consent-panel", ("accept", "refuse", "save"))
    assert page.evaluate(SMALL) == []


def alike(page: Page, within: str, values: tuple[str, ...]) -> None:
    """Same size, colour, type and layer."""
    looks = [look(page.locator(f"{within} button[value={value}]")) for value in values]
    assert looks[1:] == looks[:-1]
    assert looks[0]["height"] >= 44  # CSS pixels: WCAG 2.2, 2.5.5


def look(button: Locator) -> dict[str, Any]:
    return dict(button.evaluate(LOOK))


def test_nothing_moves(somebody: Callable[..., BrowserContext], demo: Demo) -> None:
    page = somebody(viewport={"width": 412, "height": 823}, reduced_motion="reduce").new_page()
    page.add_init_script(
        """window.shifts = 0;
        new PerformanceObserver((list) => { for (const { value } of list.getEntries()) window.shifts += value; })
            .observe({ type: "layout-shift", buffered: true });"""
    )
    for address in ("/", "/services/", "/services/", "/privacy/"):
        page.goto(f"{demo.site}{address}", wait_until="networkidle")
        if page.locator(".consent-banner").is_visible():
            page.locator(".consent-banner button[value=accept]").click()
            page.wait_for_timeout(800)
        assert page.evaluate("window.shifts") == 0
    assert page.evaluate("document.getAnimations().length") == 0
