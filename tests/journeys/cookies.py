"""What a visitor does with banner and panel, and what a browser is seen to do meanwhile."""

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, Request, Response, Route, expect

from tests.journeys.demo import Demo

ESSENTIAL = {"candor_consent", "cookie_consent"}  # the second says the same to software made for django-cookie-consent


def banner(page: Page) -> Locator:
    return page.get_by_role("region", name="Your choice about cookies")


def panel(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Cookie settings")


def press(page: Page, choice: str) -> None:
    banner(page).get_by_role("button", name=choice, exact=True).click()
    expect(banner(page)).to_be_hidden()


def open_panel(page: Page) -> Locator:
    """By the way back that every page has."""
    page.get_by_role("link", name="Cookie settings").click()
    expect(panel(page)).to_be_visible()
    return panel(page)


def decided(page: Page, act: Callable[[], object]) -> Response:
    """The site's answer to the decision that `act` makes: it is on record."""
    with page.expect_response("**/consent/decide/") as answer:
        act()
    assert answer.value.status == 201
    return answer.value


def elsewhere(profile: BrowserContext, demo: Demo) -> list[str]:
    """The origins, other than the site's, that this profile asks from now on; each as often as it is asked."""
    asked: list[str] = []

    def note(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and not request.url.startswith(demo.site):
            asked.append(f"{address.scheme}://{address.netloc}")

    profile.on("request", note)
    return asked


def names(profile: BrowserContext) -> set[str]:
    return {cookie["name"] for cookie in profile.cookies()}


def plant(page: Page, address: str, markup: str, *, header: Callable[[str], str] = str) -> None:
    """From now on this page of the site has `markup` at the end of its text, and else comes as it is."""

    def answer(route: Route) -> None:
        response = route.fetch()
        body = response.text().replace("</main>", f"{markup}</main>", 1)
        name = "content-security-policy"
        headers = {**response.headers, name: header(response.headers[name])}
        route.fulfill(response=response, body=body, headers=headers)

    page.route(address, answer)
