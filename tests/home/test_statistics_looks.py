"""The screen of statistics in a real browser: everybody can read it, light and dark, wide and narrow, from either side.
With STATISTICS_SHOTS=directory in the environment it leaves pictures of what it saw there."""

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, Page
from wagtail.users.models import UserProfile

from home.models import Tally
from tests import make, screens
from tests.home.tallies import TODAY, sums
from tests.journeys import axe
from tests.screens import Open

SHOTS = os.environ.get("STATISTICS_SHOTS", "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with screens.beside_tests() as launched:
        yield launched


@pytest.fixture
def opened(browser: Browser, db: None, clock: time_machine.Traveller) -> Iterator[Open]:
    client, vera = Client(), make.vera()
    make.policy(make.site())
    client.force_login(vera)
    with screens.opening(browser, client) as opens:
        yield opens


def fill() -> None:
    """Sixty days, each with its own number; one of too few."""
    Tally.objects.bulk_create(
        Tally(day=TODAY - timedelta(days=ago), of="all", visitors=90 - ago % 7 * 9, views=200 - ago, final=True)
        for ago in range(1, 60)
    )
    Tally.objects.filter(day=TODAY - timedelta(days=9)).update(visitors=None, views=None)
    for place, path in enumerate(("/privacy/", "/", "/contact/", "/mail/confirm/<token>/")):
        sums("page", path, visitors=60 - 15 * place, views=80 - 15 * place)
    sums("page", "*", visitors=10, views=25)
    for place, device in enumerate(("computer", "phone", "tablet")):
        sums("device", device, visitors=50 - 20 * place)


def own_violations(page: Page) -> list[str]:
    """Without those of Wagtail's own side bar and header."""
    return [line for line in axe.violations(page) if "stat-" in line or "period_" in line or "heading-order" in line]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("section", ["visits", "pages", "inquiries"])
def test_everybody_can_read_each_part(opened: Open, section: str, width: int, scheme: str) -> None:
    fill()
    if section == "inquiries":
        make.inquiry()
    page = opened(f"/cms/statistics/{section}/", width=width, color_scheme=scheme)
    assert not own_violations(page)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    _picture(page, f"{section}-{width}-{scheme}")


def test_from_right_to_left_as_well(opened: Open) -> None:
    fill()
    UserProfile.objects.create(user=User.objects.get(username="vera"), preferred_language="ar")
    page = opened("/cms/statistics/pages/")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert not own_violations(page)
    _picture(page, "pages-rtl")
    _picture(opened("/cms/statistics/"), "visits-rtl")


def test_what_is_wrong_is_said_beside_the_field(opened: Open) -> None:
    page = opened("/cms/statistics/?since=2026-03-09")
    assert page.get_by_role("alert").first.inner_text() == (
        "Nothing is known of days to come: begin with today or before."
    )
    assert not own_violations(page)
    _picture(page, "wrong")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_panel_of_the_first_page(opened: Open, scheme: str) -> None:
    fill()
    page = opened("/cms/", color_scheme=scheme)
    assert not own_violations(page)
    _picture(page, f"panel-{scheme}")


def test_by_keyboard_and_on_paper(opened: Open) -> None:
    fill()
    page = opened("/cms/statistics/")
    page.get_by_role("link", name="Pages", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Where people enter").wait_for()
    page.emulate_media(media="print")
    assert page.locator(".stat-period").is_hidden()
    _picture(page, "print")


def _picture(page: Page, name: str) -> None:
    if SHOTS:
        page.set_viewport_size({"width": (page.viewport_size or {"width": 1280})["width"], "height": 1900})
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)
