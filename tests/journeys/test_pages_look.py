"""Every public page in a real browser: nothing fails, nothing is cut off, and no button is louder than its opposite."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)
PAGES = ["/", "/services/", "/contact/", "/privacy/", "/privacy/v/2/", "/privacy/history/", "/consent/", "/mail/join/"]
PAGES += ["/news/", "/news/second-crane/", "/ru/news/second-crane/", "/ar/"]
BUILT = ["/", "/services/", "/news/", "/news/?topic=quay", "/news/winter-timetable/", "/ru/", "/ar/", "/ar/contact/"]
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


@pytest.mark.parametrize("address", PAGES)
def test_a_page_loads_without_complaint(visitor: Page, demo: Demo, address: str) -> None:
    wrong: list[str] = []
    visitor.on("console", lambda message: wrong.append(message.text) if message.type in {"error", "warning"} else None)
    visitor.on("pageerror", lambda error: wrong.append(str(error)))
    visitor.on("requestfailed", lambda request: wrong.append(request.url))
    visitor.on("response", lambda response: wrong.append(response.url) if not response.ok else None)
    visitor.goto(f"{demo.site}{address}", wait_until="networkidle")
    assert wrong == []


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_fits_its_window(
    somebody: Callable[..., BrowserContext], demo: Demo, address: str, size: dict[str, int]
) -> None:
    page = somebody(viewport=size).new_page()
    page.goto(f"{demo.site}{address}")
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_what_pages_are_built_from_has_no_violation(
    somebody: Callable[..., BrowserContext], demo: Demo, size: dict[str, int], scheme: str
) -> None:
    page = somebody(viewport=size, color_scheme=scheme).new_page()
    for address in BUILT:
        page.goto(f"{demo.site}{address}")
        assert axe.violations(page) == [], address


def test_the_menu_of_a_phone_opens_and_closes_without_scripts(
    somebody: Callable[..., BrowserContext], demo: Demo
) -> None:
    page = somebody(viewport=NARROW, java_script_enabled=False).new_page()
    page.goto(demo.site)
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    menu.get_by_role("link", name="News").click()
    expect(page.get_by_role("heading", level=1, name="News")).to_be_visible()


def test_nothing_moves_while_pictures_come(somebody: Callable[..., BrowserContext], demo: Demo) -> None:
    page = somebody(viewport=NARROW).new_page()
    page.add_init_script(
        "globalThis.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => "
        "{ moved += entry.value; })).observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(f"{demo.site}/news/second-crane/", wait_until="networkidle")
    assert page.evaluate("moved") < 0.01
    assert page.evaluate("document.querySelector('.figure img').complete")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
def test_refusing_looks_like_accepting(
    somebody: Callable[..., BrowserContext], demo: Demo, size: dict[str, int], scheme: str
) -> None:
    page = somebody(viewport=size, color_scheme=scheme).new_page()
    page.goto(demo.site)
    accept, refuse = looks(page, "Accept"), looks(page, "Refuse")
    assert accept == refuse
    assert accept["height"] >= 44  # CSS pixels: WCAG 2.2, 2.5.5


def looks(page: Page, name: str) -> dict[str, object]:
    """What a person sees of a button, and how large it is to a finger."""
    return dict(
        page.get_by_role("button", name=name).evaluate(
            """button => {
                const { width, height } = button.getBoundingClientRect();
                const style = getComputedStyle(button);
                const seen = ["color", "backgroundColor", "border", "font", "opacity", "textTransform", "visibility"];
                const size = { width: Math.round(width), height: Math.round(height) };
                return { ...size, ...Object.fromEntries(seen.map((name) => [name, style[name]])) };
            }"""
        )
    )


@pytest.mark.parametrize("address", ["/", "/privacy/"])
def test_the_banner_does_not_hide_the_last_line(
    somebody: Callable[..., BrowserContext], demo: Demo, address: str
) -> None:
    page = somebody(viewport=NARROW).new_page()
    page.goto(f"{demo.site}{address}")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(page.get_by_role("region", name="Your choice about cookies")).to_be_in_viewport()
    last = page.get_by_role("contentinfo").get_by_role("link").last
    last.click(trial=True)  # Playwright refuses when something else would get the click
    assert last.evaluate("link => link.getBoundingClientRect().top") > 0
