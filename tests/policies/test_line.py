"""Every page says when a material change is near or new: once, to everybody alike, and not where it is said anyway."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller
from wagtail.models import Locale

from home.models import HomePage
from policies import freeze, notices
from policies.models import PolicyPage
from tests import make

SOON = make.NOW + timedelta(days=10)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    """Version 1 in force, version 2 announced and material."""
    return make.revise(make.policy(home, "Old."), "New.", at=SOON, material=True)


def line(client: Client, address: str = "/") -> Tag | None:
    found: Any = BeautifulSoup(client.get(address).content, "html.parser").find("policy-line")
    return found  # type: ignore[no-any-return]


def words(client: Client, address: str = "/") -> str:
    found = line(client, address)
    return " ".join(found.p.get_text().split()) if found and found.p else ""


def test_what_is_announced_is_said_with_its_day_and_what_it_changes(page: PolicyPage, client: Client) -> None:
    assert words(client) == "Version 2 of our privacy policy takes force on 11 March 2026. What changes"
    found = line(client)
    assert found
    assert found.a
    assert found.a["href"] == "/privacy/compare/1-2/"
    assert found["data-version"] == "2"


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (-MICROSECOND, "takes force on"),
        (timedelta(0), "Our privacy policy changed on 11 March 2026. What changed"),
        (notices.RECENT - MICROSECOND, "changed on"),
        (notices.RECENT, ""),
    ],
)
def test_it_is_news_until_two_weeks_after_its_instant(
    page: PolicyPage, client: Client, clock: Traveller, after: timedelta, said: str
) -> None:
    clock.move_to(SOON + after)
    assert said in words(client)
    assert bool(words(client)) is bool(said)


@pytest.mark.parametrize("case", ["first", "not material", "withdrawn"])
def test_nothing_is_said_of_what_changes_nothing_for_people(home: HomePage, client: Client, case: str) -> None:
    page = make.policy(home)
    if case != "first":
        page = make.revise(page, "New.", at=SOON, material=case == "withdrawn")
    if case == "withdrawn":
        freeze.withdraw(version=page.versions.get(number=2), now=make.NOW, reason="A mistake.")
    answer = client.get("/").content.decode()
    assert "policy-line" not in answer
    assert "line.js" not in answer


def test_of_two_announced_the_next_is_said_and_then_the_other(
    page: PolicyPage, client: Client, clock: Traveller
) -> None:
    make.revise(page, "Newer.", at=SOON + timedelta(days=5), material=True)
    assert "Version 2" in words(client)
    clock.move_to(SOON)
    assert "Version 3" in words(client)
    assert str(line(client)).count("compare/2-3/") == 1


def test_it_compares_with_what_is_in_force_before_and_not_with_the_number_before(
    page: PolicyPage, client: Client, clock: Traveller
) -> None:
    make.revise(page, "Fixed.")
    clock.move_to(SOON)
    assert "compare/3-2/" in str(line(client))


def test_the_end_of_the_policy_is_said(home: HomePage, client: Client, clock: Traveller) -> None:
    freeze.end(page=make.policy(home), effective_from=SOON, now=make.NOW, note="We close.")
    assert words(client) == "Our privacy policy ends on 11 March 2026. All versions"
    clock.move_to(SOON)
    assert words(client) == "Our privacy policy ended on 11 March 2026. All versions"


@pytest.mark.parametrize("address", ["/privacy/", "/privacy/history/", "/privacy/v/1/"])
def test_the_policys_own_pages_say_it_themselves(page: PolicyPage, client: Client, address: str) -> None:
    assert line(client, address) is None


@pytest.mark.parametrize("address", ["/consent/", "/mail/join/", "/nothing/"])
def test_every_other_page_says_it(page: PolicyPage, client: Client, address: str) -> None:
    assert line(client, address) is not None


def test_a_translated_site_says_it_in_its_language_and_links_its_page(page: PolicyPage, client: Client) -> None:
    russian = Locale.objects.get_or_create(language_code="ru")[0]
    page.get_parent().copy_for_translation(russian)
    page.copy_for_translation(russian).save_revision().publish()
    assert "/ru/privacy/compare/1-2/" in str(line(client, "/ru/consent/"))


def test_it_stays_with_everybody_without_a_cookie_and_says_the_same(page: PolicyPage, client: Client) -> None:
    first, second = client.get("/"), Client(HTTP_COOKIE="candor_consent=x").get("/")
    assert first.content == second.content
    assert not first.cookies


def test_it_costs_no_page_a_query(page: PolicyPage, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.get("/")
    with CaptureQueriesContext(connection) as with_line:
        assert line(client)
    monkeypatch.setattr(notices.Policy, "news", lambda policy, at: None)
    with CaptureQueriesContext(connection) as without:
        assert not line(client)
    assert len(with_line) == len(without)


def test_it_is_read_once_and_follows_the_clock(page: PolicyPage, client: Client, clock: Traveller) -> None:
    """Which change is news is judged at each look, by what was read a moment before."""
    with CaptureQueriesContext(connection) as asked:
        assert "takes force on" in words(client)
    clock.move_to(SOON)
    with CaptureQueriesContext(connection) as again:
        assert "changed on" in words(client)
    assert len(again) < len(asked)
