"""A withdrawal takes what the declared names have in the browser, on every level of the domain, and nothing else."""

import json

import pytest
from playwright.sync_api import Page, Route

from cms.places import CHECKOUT

pytestmark = pytest.mark.timeout(120)
HOST = "www.shop.example"
MODULE = CHECKOUT / "consent" / "static" / "consent" / "withdrawal.js"


def row(name: str, service: str = "tally", **fields: str) -> dict[str, str]:
    usual = {"match": "exact", "party": "first", "storage": "cookie", "path": "/", "domain": ""}
    return usual | {"name": name, "service": service} | fields


ROWS = [
    row("count"),
    row("_ga_", match="prefix"),
    row("_hj[0-9]+", match="regex"),
    row("kept", service="basket"),
    row("theirs", party="third"),
    row("seen", storage="local"),
    row("visit_", storage="session", match="prefix"),
]


@pytest.fixture
def page(visitor: Page) -> Page:
    """A shop's page whose head has opened no gate, with the module at hand."""

    def answer(route: Route) -> None:
        if route.request.url.endswith(".js"):
            route.fulfill(body=MODULE.read_text(encoding="utf-8"), content_type="text/javascript")
        elif route.request.url.endswith(".json"):
            groups = [{"required": False, "services": [], "cookies": ROWS}]
            route.fulfill(body=json.dumps({"groups": groups}), content_type="application/json")
        else:
            route.fulfill(body="<!doctype html><title>Shop</title>", content_type="text/html")

    visitor.route("**/*", answer)
    names = ["count", "_ga_1", "_hj7", "_hjx", "kept", "theirs", "candor_consent"]
    places = [HOST, f".{HOST}", ".shop.example"]
    visitor.context.add_cookies(
        [{"name": name, "value": "1", "domain": place, "path": "/"} for name in names for place in places]
    )
    visitor.goto(f"https://{HOST}/")
    visitor.evaluate(
        "() => { for (const name of ['seen', 'mine']) localStorage.setItem(name, 1);"
        " for (const name of ['visit_1', 'mine']) sessionStorage.setItem(name, 1); }"
    )
    return visitor


def stop(page: Page) -> None:
    page.evaluate(
        "async () => { window.candor = { services: {}, inner: { ran: new Set() } };"
        " const { stop } = await import('/withdrawal.js'); await stop(['tally'], '/snapshot.json'); }"
    )


def test_cookies_go_from_every_level_and_others_stay(page: Page) -> None:
    stop(page)
    left = sorted((cookie["name"], cookie["domain"]) for cookie in page.context.cookies())
    stay = ["_hjx", "candor_consent", "kept", "theirs"]
    assert {name for name, _domain in left} == set(stay)
    assert len(left) == 3 * len(stay)


def test_what_lies_in_storage_goes_and_others_stay(page: Page) -> None:
    stop(page)
    assert page.evaluate("[Object.keys(localStorage), Object.keys(sessionStorage)]") == [["mine"], ["mine"]]


def test_what_is_written_anew_goes_with_the_page(page: Page) -> None:
    stop(page)
    page.evaluate("document.cookie = 'count=9; path=/; domain=shop.example'")
    page.goto(f"https://{HOST}/next/")
    assert "count" not in {cookie["name"] for cookie in page.context.cookies()}
