"""People without a mouse: how far is something by Tab, is its focus seen, and was a mouse used after all?"""

from playwright.sync_api import Locator, Page

from tests.journeys.test_accessible_choices import focused

# Of a rich text, the field around it shows the focus.
SHOWS = """place => {
    const { outlineStyle, boxShadow } = getComputedStyle(place.closest(".Draftail-Editor") ?? place);
    return outlineStyle !== "none" || boxShadow !== "none";
}"""
HEARD = "addEventListener('pointerdown', ({ target }) => heardOfMouse(target.nodeName), true)"


def listen(page: Page) -> list[str]:
    """On what a mouse, a pen or a finger is pressed from now on, whichever page is open."""
    heard: list[str] = []
    page.expose_function("heardOfMouse", lambda what: heard.append(what))
    page.add_init_script(HEARD)
    return heard


def reach(page: Page, wanted: Locator, *, within: int) -> None:
    """Presses Tab, `within` so many times, until it has the focus, which can be seen."""
    wanted = wanted.first
    wanted.wait_for(state="attached")
    for _press in range(within):
        if wanted.evaluate("place => place === document.activeElement"):
            assert wanted.evaluate(SHOWS), f"Nobody sees that the focus is on “{focused(page)}”."
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by Tab; the focus is on “{focused(page)}”.")


def press(page: Page, wanted: Locator, *, within: int) -> None:
    reach(page, wanted, within=within)
    page.keyboard.press("Enter")
    page.wait_for_load_state()
