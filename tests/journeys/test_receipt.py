"""Somebody accepts, reads and keeps the receipt, and withdraws; no third party ever learns where a receipt lies."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from consent.receipts import checking
from tests.journeys import axe
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)
NARROW = {"width": 320, "height": 640}


def accept_everything(page: Page, demo: Demo, language: str = "") -> None:
    page.goto(f"{demo.site}{language}/consent/")
    page.locator('main button[value="accept"]').click()
    page.wait_for_url("**/consent/?saved*")


def open_newest_receipt(page: Page, demo: Demo, language: str = "") -> None:
    page.goto(f"{demo.site}{language}/consent/decisions/")
    page.locator(".decisions a").first.click()
    page.wait_for_url("**/consent/receipt/*/")


def test_a_visitor_keeps_the_receipt_of_a_choice(visitor: Page, demo: Demo, tmp_path: Path) -> None:
    accept_everything(visitor, demo)
    open_newest_receipt(visitor, demo)
    expect(visitor.get_by_text("You gave your consent.")).to_be_visible()
    expect(visitor.get_by_text("Tally Works (NL)")).to_be_visible()
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name="Download this receipt").click()
    download.value.save_as(tmp_path / "receipt.json")
    kept = checking.read((tmp_path / "receipt.json").read_text(encoding="utf-8"))
    assert visitor.url.rstrip("/").endswith(kept["receipt_id"])
    published = json.loads(visitor.request.get(f"{demo.site}/consent/seals.json").body())
    known = {row["key_id"]: row["public_key"] for row in published["keys"]}
    assert checking.faults(kept, checking.Published(known)) == []


def test_no_third_party_hears_of_a_receipt(visitor: Page, demo: Demo) -> None:
    accept_everything(visitor, demo)
    visitor.goto(demo.site, wait_until="networkidle")
    elsewhere: list[str] = []
    visitor.on("request", lambda sent: elsewhere.append(sent.url) if not sent.url.startswith(demo.site) else None)
    visitor.goto(f"{demo.site}/consent/decisions/", wait_until="networkidle")
    visitor.locator(".decisions a").first.click()
    visitor.wait_for_url("**/consent/receipt/*/")
    visitor.wait_for_load_state("networkidle")
    assert elsewhere == []


def test_withdrawing_takes_one_press_and_no_script(somebody: Callable[..., BrowserContext], demo: Demo) -> None:
    page = somebody(java_script_enabled=False).new_page()
    accept_everything(page, demo)
    page.goto(f"{demo.site}/consent/decisions/")
    page.get_by_role("button", name="Withdraw everything").click()
    page.goto(f"{demo.site}/consent/decisions/")
    expect(page.locator(".decisions li").first).to_contain_text("You withdrew your consent.")
    expect(page.get_by_role("button", name="Withdraw everything")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/ru"], ids=["en", "ru"])
def test_a_receipt_is_for_everybody_to_read(
    somebody: Callable[..., BrowserContext], demo: Demo, scheme: str, language: str
) -> None:
    page = somebody(viewport=NARROW, color_scheme=scheme).new_page()
    accept_everything(page, demo, language)
    page.goto(f"{demo.site}{language}/consent/decisions/")
    assert axe.violations(page) == []
    open_newest_receipt(page, demo, language)
    assert axe.violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
