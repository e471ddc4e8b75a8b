"""Mails in a real browser: on a desk and on a phone, by day and by night, from the left and from the right, without
pictures. With MAIL_SHOTS=directory in the environment it leaves pictures of what it saw there."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, BrowserContext, Page, Route
from pytest_django import DjangoDbBlocker

from tests import browser as chromium
from tests.journeys import axe, mails

DESK, PHONE = {"width": 1000, "height": 900}, {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
KINDS = pytest.mark.parametrize("kind", mails.KINDS)
TONGUES = pytest.mark.parametrize("language", mails.LANGUAGES)
OF_A_PAGE = "landmark-one-main", "page-has-heading-one", "region"  # a mail is shown inside a page that has them
SHOTS = os.environ.get("MAIL_SHOTS", "")
ADDRESS = "http://testserver/mail"
Written = tuple[dict[tuple[str, str], str], dict[str, bytes]]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def written(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Written:
    with django_db_blocker.unblock(), _test_database(), transaction.atomic():
        found = mails.written()
        transaction.set_rollback(True)
    return found


@contextmanager
def _test_database() -> Iterator[None]:
    """pytest-django makes none where no test of the run asks for one by `db`, as when this file runs alone."""
    if connection.settings_dict["NAME"].startswith("test_"):
        yield
        return
    made = setup_databases(verbosity=0, interactive=False)
    yield
    teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def browser(written: Written) -> Iterator[Browser]:
    """Started once all is written: Django's database layer refuses to work beside Playwright."""
    with chromium.launched() as launched:
        yield launched


@pytest.fixture
def opened(written: Written, somebody: Callable[..., BrowserContext]) -> Open:
    made, pictures = written

    def open_mail(
        kind: str, language: str, size: dict[str, int], scheme: str = "light", *, with_pictures: bool = True
    ) -> Page:
        def answer(route: Route) -> None:
            name = route.request.url.rpartition("/")[2]
            if route.request.url == ADDRESS:
                route.fulfill(body=made[kind, language], content_type="text/html; charset=utf-8")
            elif with_pictures and name in pictures:
                route.fulfill(body=pictures[name], content_type="image/jpeg")
            else:
                route.abort()

        page = somebody(viewport=size, color_scheme=scheme).new_page()
        page.route("**/*", answer)
        page.goto(ADDRESS, wait_until="networkidle")
        if SHOTS:
            blocked = "" if with_pictures else "-blocked"
            name = f"{kind}-{language}-{size['width']}-{scheme}{blocked}.png"
            page.screenshot(path=Path(SHOTS) / name, full_page=True)
        return page

    return open_mail


@SIZES
@SCHEMES
@TONGUES
@KINDS
def test_a_mail_fits_and_can_be_read(opened: Open, kind: str, language: str, size: dict[str, int], scheme: str) -> None:
    page = opened(kind, language, size, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert [found for found in axe.violations(page) if not found.startswith(OF_A_PAGE)] == []  # contrast among others


@SIZES
@TONGUES
def test_without_pictures_nothing_is_missing(opened: Open, language: str, size: dict[str, int]) -> None:
    page = opened("campaign", language, size, with_pictures=False)
    said = mails.SAID[language]
    for words in (said["heading"], said["button"]):
        assert page.get_by_text(words, exact=True).first.is_visible()
    for image in page.get_by_role("img").all():
        assert image.get_attribute("alt") == said["alt"]
        assert image.evaluate("image => image.getBoundingClientRect().height") >= 24
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


@SIZES
@KINDS
def test_a_finger_hits_every_link(opened: Open, kind: str, size: dict[str, int]) -> None:
    """At least 24 pixels either way, 44 for a button; a link inside a sentence may be as high as its line (WCAG 2.2,
    2.5.8 and 2.5.5)."""
    page = opened(kind, "en", size)
    for link in page.get_by_role("link").all():
        box: Any = link.bounding_box()
        in_a_sentence = link.evaluate("link => getComputedStyle(link).display === 'inline'")
        assert in_a_sentence or (box["height"] >= 24 and box["width"] >= 24), link.inner_text()
    for button in page.locator(".go a").all():
        box = button.bounding_box()
        assert box["height"] >= 44


def test_two_columns_stand_side_by_side_on_a_desk_and_one_above_the_other_on_a_phone(opened: Open) -> None:
    for size, is_beside in ((DESK, True), (PHONE, False)):
        left, right = opened("campaign", "en", size).locator("h2").all()[:2]
        tops = [each.evaluate("each => each.getBoundingClientRect().top") for each in (left, right)]
        assert (tops[0] == tops[1]) is is_beside


def test_arabic_runs_from_the_right(opened: Open) -> None:
    page = opened("campaign", "ar", DESK)
    assert page.locator("html").get_attribute("dir") == "rtl"
    for words in page.locator("h1, .prose p, .foot p").all():
        style = words.evaluate("each => [getComputedStyle(each).direction, getComputedStyle(each).textAlign]")
        assert style == ["rtl", "right"]
    first, second = page.locator("h2").all()[:2]
    lefts = [each.evaluate("each => each.getBoundingClientRect().left") for each in (first, second)]
    assert lefts[0] > lefts[1]


@KINDS
def test_nothing_is_fetched_from_anybody_else(
    written: Written, somebody: Callable[..., BrowserContext], kind: str
) -> None:
    asked: list[str] = []
    page = somebody().new_page()
    page.route("**/*", lambda route: (asked.append(route.request.url), route.abort())[1])
    page.set_content(written[0][kind, "en"])
    page.wait_for_timeout(200)
    assert [url for url in asked if not url.startswith("http://testserver/")] == []


def test_a_picture_has_twice_the_pixels_it_is_shown_with(opened: Open) -> None:
    page = opened("campaign", "en", DESK)
    for image in page.get_by_role("img").all():
        shown, kept = image.evaluate("image => [image.getBoundingClientRect().width, image.naturalWidth]")
        assert kept == 2 * shown


def test_the_preview_line_is_there_and_nobody_sees_it(opened: Open) -> None:
    page = opened("campaign", "en", DESK)
    line = page.get_by_text(mails.SAID["en"]["preheader"])
    assert line.count() == 1
    assert not line.is_visible()
