"""An editor builds a form, and visitors send it: by keyboard, without scripts, with and without publishing."""

import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import axe, desk, remains
from tests.journeys.demo import Demo
from tests.journeys.test_accessible_choices import fits
from tests.journeys.test_my_data import seen
from tests.journeys.test_preferences import WIDE, tab_to

pytestmark = pytest.mark.timeout(600)
PDF = {"name": "list.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}


@pytest.fixture
def address() -> str:
    return f"mara-{uuid.uuid4().hex[:8]}@mail.example"


def rows(demo: Demo, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(remains.address_of(demo, "DATABASE_URL")) as connection:
        return connection.execute(query, values).fetchall()  # type: ignore[call-overload]


def inquiries(demo: Demo) -> int:
    """Those of the last hours: meanwhile beat deletes what is due."""
    return int(rows(demo, "SELECT count(*) FROM home_inquiry WHERE received_at > now() - interval '1 day'")[0][0])


def send(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def thanked(page: Page) -> None:
    expect(page.get_by_role("status")).to_be_visible()
    assert "?sent" in page.url


def test_an_editor_builds_a_form_that_a_visitor_sends_by_keyboard(
    vera: Page, visitor: Page, demo: Demo, address: str
) -> None:
    slug = f"call-{uuid.uuid4().hex[:8]}"
    vera.goto(f"{demo.site}/cms/pages/add/home/formpage/{desk.home(vera, demo.site)}/")
    vera.get_by_role("textbox", name="Title").first.fill(f"Call us {slug}")
    expect(vera.locator("#id_fields-3-label")).to_have_value("Your message")
    vera.locator("#id_fields-ADD").click()
    vera.locator("#id_fields-4-label").fill("Best hour")
    vera.locator("#id_fields-4-kind").select_option("radio")
    vera.locator("#id_fields-4-options").fill("Morning\nAfternoon")
    vera.locator("#id_thanks").fill("We call you.")
    vera.locator("#id_slug").evaluate("(place, slug) => { place.value = slug; }", slug)
    desk.press(vera, "Publish")
    expect(vera.get_by_text("created and published")).to_be_visible()

    before = inquiries(demo)
    visitor.goto(f"{demo.site}/{slug}/")
    for label, words in (
        ("Your name (required)", "Mara"),
        ("Your e-mail address (required)", address),
        ("Your message (required)", "Please call me."),
    ):
        tab_to(visitor, label)
        visitor.keyboard.type(words)
    tab_to(visitor, "Morning")
    visitor.keyboard.press("ArrowDown")
    expect(visitor.get_by_label("Afternoon")).to_be_checked()
    tab_to(visitor, "Send")
    visitor.keyboard.press("Enter")
    thanked(visitor)
    expect(visitor.get_by_role("status")).to_have_text("We call you.")
    assert inquiries(demo) == before + 1


@pytest.mark.parametrize("scripts", [True, False])
def test_a_quote_is_asked_for_with_a_file(
    somebody: Callable[..., BrowserContext], demo: Demo, address: str, scripts: bool
) -> None:
    page, before = somebody(java_script_enabled=scripts).new_page(), inquiries(demo)
    page.goto(f"{demo.site}/quote/")
    send(page, "Ask for the price")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Nothing was sent yet")
    expect(alert).to_be_focused()
    page.get_by_role("link", name="Your e-mail address").click()
    page.get_by_label("Your name").fill("Mara")
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_label("What is it").select_option("Part of a load")
    page.get_by_label("To the ship").check()
    page.get_by_label("Storage", exact=True).check()
    page.get_by_label("Weight").fill("120.5")
    page.get_by_label("Packing list").set_input_files(PDF)  # type: ignore[arg-type]
    page.get_by_label("may send me “Harbour Lane News”").check()
    send(page, "Ask for the price")
    thanked(page)
    assert inquiries(demo) == before + 1
    assert demo.next_mail(address, "Your message has arrived: Request a quote")
    assert demo.next_mail(address, "confirm")
    [(state, files)] = rows(
        demo,
        "SELECT state, (SELECT count(*) FROM home_attachment a WHERE a.inquiry_id = i.id) FROM home_inquiry i "
        "ORDER BY id DESC LIMIT 1",
    )
    assert (state, files) == ("new", 1)


def test_what_is_published_is_for_the_visitor_to_say(visitor: Page, demo: Demo, address: str) -> None:
    entries = "SELECT count(*) FROM home_publicentry"
    before = rows(demo, entries)
    for publish in (False, True):
        visitor.goto(f"{demo.site}/how-it-went/")
        visitor.get_by_label("Your e-mail address").fill(address)
        visitor.get_by_label("In your words (optional)").fill(f"All went well: {publish}.")
        if publish:
            visitor.get_by_label("may show what I write under “In your words”").check()
        send(visitor, "Send")
        thanked(visitor)
        assert rows(demo, entries)[0][0] == before[0][0] + publish
    [(content,)] = rows(demo, "SELECT content FROM home_publicentry ORDER BY id DESC LIMIT 1")
    assert [each["key"] for each in content] == ["in-your-words"]


def test_what_was_typed_survives_a_cookie_choice_and_the_way_to_another_language(visitor: Page, demo: Demo) -> None:
    visitor.goto(f"{demo.site}/quote/")
    visitor.get_by_label("Your name").fill("Mara")
    expect(visitor.locator("input[name=token]")).not_to_have_value("")
    visitor.get_by_label("To the ship").check()
    visitor.locator(".consent-banner button[value=accept]").click()
    expect(visitor.get_by_label("Your name")).to_have_value("Mara")
    visitor.reload()
    expect(visitor.get_by_label("Your name")).to_have_value("Mara")
    expect(visitor.get_by_label("To the ship")).to_be_checked()
    visitor.get_by_role("link", name="Русский").click()
    expect(visitor.get_by_label("Ваше имя")).to_have_value("Mara")
    assert visitor.evaluate("sessionStorage.getItem('candor_draft')") is None
    visitor.get_by_label("Ваше имя").fill("")
    visitor.reload()
    expect(visitor.get_by_label("Ваше имя")).to_have_value("")


def test_consent_and_files_are_in_no_draft(visitor: Page, demo: Demo) -> None:
    visitor.goto(f"{demo.site}/how-it-went/")
    visitor.get_by_label("In your words (optional)").fill("Well.")
    tick = visitor.get_by_label("may show what I write under “In your words”")
    tick.check()
    visitor.goto(f"{demo.site}/contact/")
    kept = visitor.evaluate("sessionStorage.getItem('candor_draft')")
    assert "Well." in kept
    assert "public" not in kept
    visitor.goto(f"{demo.site}/how-it-went/")
    expect(visitor.get_by_label("In your words (optional)")).to_have_value("Well.")
    expect(tick).not_to_be_checked()


@pytest.mark.parametrize("name", ["quote", "how-it-went"])
def test_a_form_and_its_mistakes_can_be_used_by_all(visitor: Page, demo: Demo, name: str) -> None:
    for language in ("", "/ar", "/ru"):
        response = visitor.goto(f"{demo.site}{language}/{name}/")
        if response and response.status == 404:
            continue
        seen(visitor)
        visitor.locator("form.form button:not([type=button])").last.click()
        expect(visitor.get_by_role("alert")).to_be_visible()
        seen(visitor)
    visitor.goto(f"{demo.site}/{name}/")
    visitor.evaluate("document.documentElement.dir = 'rtl'")
    visitor.set_viewport_size(WIDE)  # type: ignore[arg-type]
    assert axe.violations(visitor) == []
    assert fits(visitor)
