"""The policy in Russian: read as what it is, a translation, and corrected by an editor without a new version."""

import re
import uuid
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import desk
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)


def test_a_visitor_reads_a_translation_and_finds_the_text_that_counts(visitor: Page, demo: Demo) -> None:
    visitor.goto(f"{demo.site}/privacy/v/1/")
    visitor.get_by_role("article").get_by_role("link", name="Русский").click()
    visitor.wait_for_url("**/ru/privacy/v/1/")
    expect(visitor.locator("html")).to_have_attribute("lang", "ru")
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Политика конфиденциальности")
    notice = visitor.locator(".notice").filter(has_text=re.compile("английский", re.IGNORECASE))
    notice.get_by_role("link").click()
    visitor.wait_for_url(f"{demo.site}/privacy/v/1/")


def test_an_editor_corrects_a_translation_and_the_version_keeps_its_number(
    vera: Page, visitor: Page, demo: Demo
) -> None:
    kept, better = record(visitor, f"{demo.site}/privacy/v/2/json/"), f"Правка {uuid.uuid4().hex[:8]}."
    before = record(visitor, f"{demo.site}/ru/privacy/v/2/json/")
    vera.goto(f"{demo.site}/cms/pages/{russian_policy(vera, demo)}/edit/")
    vera.get_by_role("combobox", name="Translation of version").select_option("2")
    desk.revise(vera, better)
    desk.press(vera, re.compile("^Publish translation of version"))

    visitor.goto(f"{demo.site}/ru/privacy/v/2/")
    expect(visitor.get_by_text(better)).to_be_visible()
    after = record(visitor, f"{demo.site}/ru/privacy/v/2/json/")
    assert (after["version"], after["rendition"]) == (2, before["rendition"] + 1)
    assert after["sha256"] != before["sha256"]
    assert record(visitor, f"{demo.site}/privacy/v/2/json/") == kept


def record(page: Page, address: str) -> dict[str, Any]:
    return dict(page.request.get(address).json())


def russian_policy(vera: Page, demo: Demo) -> int:
    pages = vera.request.get(f"{demo.site}/cms/api/main/pages/?slug=privacy&locale=ru").json()
    return int(pages["items"][0]["id"])
