"""Every public page in a real browser: nothing fails, nothing is cut off, and no button is louder than its opposite."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)
PAGES = ["/", "/services/", "/contact/", "/privacy/", "/privacy/v/2/", "/privacy/history/", "/consent/", "/mail/join/"]
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
