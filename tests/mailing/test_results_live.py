"""The screens in a real browser: numbers that move by themselves, and colours that everybody can read. With
MAIL_SHOTS=directory in the environment it leaves pictures of what it saw there."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from mailing import setup
from mailing.models import Campaign, Delivery, MailingList, Slowdown
from tests import make, screens
from tests.journeys import axe
from tests.mailing.rows import rows, saw_pump
from tests.mailing.test_setup import zone
from tests.screens import Open

SHOTS = os.environ.get("MAIL_SHOTS", "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with screens.beside_tests() as launched:
        yield launched


@pytest.fixture
def spring(news: MailingList) -> Campaign:
    return make.campaign(news, state=Campaign.State.SENDING, queued_at=timezone.now(), test_share=20)


@pytest.fixture
def opened(browser: Browser, spring: Campaign) -> Iterator[Open]:
    client = Client()
    client.force_login(make.vera())
    with screens.opening(browser, client) as opens:
        yield opens


def results(campaign: Campaign) -> str:
    return f"/cms/mailing/campaigns/inspect/{campaign.pk}/"


def accept(campaign: Campaign, count: int, **fields: Any) -> None:
    rows(campaign, count, sent_at=timezone.now(), **fields)
    cache.clear()


def number(page: Page, label: str) -> Any:
    return page.locator(".mail-numbers div", has=page.get_by_text(label, exact=True)).locator("dd")


def test_numbers_move_and_nobody_loses_their_place(opened: Open, spring: Campaign) -> None:
    accept(spring, 2, provider="gmail")
    page = opened(results(spring))
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.locator("summary", has_text="The same as a table").click()
    refresh = page.get_by_role("link", name="Refresh")
    refresh.focus()
    button = page.get_by_role("button", name="Pause").element_handle()
    expect(number(page, "Accepted")).to_have_text("2")
    accept(spring, 3, provider="yahoo")
    expect(number(page, "Accepted")).to_have_text("5")
    expect(page.locator(".mail-details tbody td:last-child").last).to_have_text("5")
    expect(refresh).to_be_focused()
    assert button
    assert button.evaluate("button => button.isConnected")  # a click in this moment would have counted
    assert not errors


def test_what_has_the_focus_stays_as_it_is(opened: Open, spring: Campaign) -> None:
    accept(spring, 2)
    page = opened(results(spring))
    link = page.locator("#states ~ table a").first
    link.focus()
    accept(spring, 3)
    expect(number(page, "Accepted")).to_have_text("5")
    expect(link).to_be_focused()
    link.blur()
    expect(page.locator("#states ~ table tbody td").first).to_have_text("5")


def test_a_page_that_was_open_before_the_first_row_shows_all_of_it_later(opened: Open, spring: Campaign) -> None:
    page = opened(results(spring))
    expect(page.get_by_text("There are no rows yet")).to_be_visible()
    expect(page.locator(".mail-details")).to_be_hidden()
    accept(spring, 4)
    expect(page.locator("svg.mail-chart")).to_be_visible()
    expect(page.locator(".mail-details summary")).to_be_visible()


def test_it_stops_looking_when_all_is_done(opened: Open, spring: Campaign) -> None:
    accept(spring, 1)
    page = opened(results(spring))
    looks: list[str] = []
    page.on("request", lambda request: looks.append(request.url) if "/live/" in request.url else None)
    Campaign.objects.update(state=Campaign.State.SENT)
    expect(page.get_by_role("status").filter(has_text="Done: 1 message.")).to_be_visible()
    count = len(looks)
    page.wait_for_timeout(3000)  # milliseconds; the next look would have come after two seconds
    assert count == len(looks) == 1


def test_a_look_that_fails_is_made_again_later(opened: Open, spring: Campaign) -> None:
    accept(spring, 1)
    page = opened(results(spring))
    page.route("**/live/", lambda route: route.abort(), times=1)
    accept(spring, 1)
    expect(number(page, "Accepted")).to_have_text("2", timeout=15_000)  # milliseconds: the second look comes after six


def _everything(campaign: Campaign) -> None:
    """One of each that the screens can show."""
    now = timezone.now()
    for minute in range(14):
        for provider, count in (("gmail", 9), ("microsoft", 6), ("yahoo", 3), ("other", 5)):
            at = now - timedelta(minutes=minute)
            rows(campaign, count + minute % 4, provider=provider, sent_at=at, version="ab"[minute % 2], tracked=True)
    for state in Delivery.State:
        if state != "sent":
            answer = {"smtp_code": 451, "smtp_text": "4.7.1 try again later"} if state == "deferred" else {}
            rows(campaign, 6, state=state, sent_at=None, changed_at=now, not_before=now, **answer)
    rows(campaign, 1, state="failed", smtp_code=550, smtp_text="5.1.1 no such user", reason="refused")
    Delivery.objects.filter(state="unknown").update(reason="broken")
    Slowdown.objects.create(target="yahoo", level=2, until=now + timedelta(minutes=9))
    saw_pump(now)
    report = setup.check(
        setup.Configured(("quay.example", "boats.example"), ("s1",), "", False, False, None, "http://quay.example"),
        resolver=zone(silent={"_dmarc.boats.example"}),
        now=now,
    )
    setup.remember(report)


SCREENS = {
    "results": "/cms/mailing/campaigns/inspect/{}/",
    "rows": "/cms/mailing/results/{}/rows/",
    "again": "/cms/mailing/results/{}/again/",
    "queue": "/cms/mailing/queue/",
    "setup": "/cms/mailing/set-up/",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SCREENS)
def test_everybody_can_read_each_screen(
    opened: Open, spring: Campaign, settings: Settings, name: str, scheme: Any
) -> None:
    _everything(spring)
    page = opened(SCREENS[name].format(spring.pk), color_scheme=scheme)
    for closed in page.locator("main details.mail-details summary").all():
        if closed.is_visible():
            closed.click()
    if SHOTS:
        page.set_viewport_size({"width": 1280, "height": 2600})
        page.locator("main .nice-padding > *, main table").first.scroll_into_view_if_needed()
        page.screenshot(path=Path(SHOTS) / f"{name}-{scheme}.png")
    assert [line for line in axe.violations(page) if "mail" in line or "main" in line] == []
