"""What do the history, the announcements and the feed of a policy list?"""

from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from time_machine import Traveller

from home.models import HomePage
from policies import freeze
from policies.models import PolicyPage
from policies.wording import time_left
from tests import make
from tests.policies import reading

SOON, LATER = make.NOW + timedelta(days=10), make.NOW + timedelta(days=20)
MICROSECOND = timedelta(microseconds=1)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    """Version 1 in force, version 2 announced."""
    return make.revise(make.policy(home, "Old."), "New.", at=SOON, note="All is new.", material=True)


def rows(response: Any) -> list[Tag]:
    return BeautifulSoup(response.content, "html.parser").select("tbody tr")


def cells(row: Tag) -> list[str]:
    return [" ".join(cell.get_text().split()) for cell in row.select("th, td")]


def states(client: Client) -> list[tuple[str, str]]:
    return [(cells(row)[0], cells(row)[2]) for row in rows(client.get("/privacy/history/"))]


def announced(client: Client) -> list[str]:
    return reading.links(client.get("/privacy/upcoming/"), ".announced h2 a")


def entries(client: Client, path: str = "/privacy/feed/") -> list[ElementTree.Element]:
    return ElementTree.fromstring(client.get(path).content).findall(f"{ATOM}entry")  # noqa: S314 - our own answer


def said(entry: ElementTree.Element, name: str) -> str:
    return entry.findtext(f"{ATOM}{name}", "")


def test_the_history_lists_every_version_with_its_state(page: PolicyPage, client: Client) -> None:
    page = make.revise(page, "An urgent fix.")
    page = make.revise(page, "Of a far day.", at=SOON + timedelta(days=1))
    freeze.cancel(revision=page.versions.get(number=4).revision, now=make.NOW, reason="A mistake.")
    assert states(client) == [("4", "withdrawn"), ("2", "announced"), ("3", "in force"), ("1", "superseded")]
    assert cells(rows(client.get("/privacy/history/"))[0])[3] == (
        "Withdrawn on 1 March 2026, 12:00 UTC. A mistake. Compare with version 2"
    )


def test_the_history_says_what_changed_and_how_that_is_proved(page: PolicyPage, client: Client) -> None:
    newest, _first = rows(client.get("/privacy/history/"))
    _number, period, _state, change, languages, record = cells(newest)
    assert (period, languages) == ("in force from 11 March 2026, 12:00 UTC", "English")
    assert change == "All is new. material change Compare with version 1"
    sha256 = page.versions.get(number=2).sha256
    code = newest.select_one("code")
    assert code
    assert (record, code["title"]) == (sha256[:10], f"SHA-256: {sha256}")


@pytest.mark.parametrize(
    ("moment", "newest"),
    [(SOON - MICROSECOND, "announced"), (SOON, "in force"), (SOON + MICROSECOND, "in force")],
)
def test_the_history_switches_at_the_very_instant(
    page: PolicyPage, clock: Traveller, client: Client, moment: datetime, newest: str
) -> None:
    clock.move_to(moment)
    before = {"announced": "in force", "in force": "superseded"}[newest]
    assert states(client) == [("2", newest), ("1", before)]


@pytest.mark.parametrize(
    ("moment", "links"), [(SOON - MICROSECOND, ["/privacy/v/2/"]), (SOON, []), (SOON + MICROSECOND, [])]
)
def test_an_announcement_ends_at_the_very_instant(
    page: PolicyPage, clock: Traveller, client: Client, moment: datetime, links: list[str]
) -> None:
    clock.move_to(moment)
    assert announced(client) == links


def test_announcements_come_in_the_order_of_force(page: PolicyPage, client: Client) -> None:
    make.revise(page, "Sooner.", at=SOON - timedelta(days=1))
    assert announced(client) == ["/privacy/v/3/", "/privacy/v/2/"]


def test_an_announcement_says_how_long_there_is(page: PolicyPage, client: Client) -> None:
    found = BeautifulSoup(client.get("/privacy/upcoming/").content, "html.parser").select_one(".announced li")
    assert found
    assert " ".join(found.get_text(" ").split()) == (
        "Version 2 Takes force on 11 March 2026, 12:00 UTC . in 10 days All is new. material change "
        "Compare with version 1"
    )


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=9, hours=23), "in 9 days"),
        (timedelta(hours=47, minutes=59), "in 47 hours"),
        (timedelta(minutes=60), "in 1 hour"),
        (timedelta(minutes=59, seconds=59), "in 59 minutes"),
        (timedelta(seconds=59), "in less than a minute"),
    ],
)
def test_the_time_left_is_rounded_down(left: timedelta, words: str) -> None:
    assert time_left(make.NOW + left, make.NOW) == words


def test_nothing_announced_is_said(home: HomePage, client: Client) -> None:
    make.policy(home)
    response = client.get("/privacy/upcoming/")
    assert "No other version is announced." in response.text
    assert "countdown.js" not in response.text


def test_a_thousand_versions_are_listed_in_pages(page: PolicyPage, clock: Traveller, client: Client) -> None:
    clock.move_to(LATER)
    few = reading.queries(client, "/privacy/history/")
    reading.grow(page, 1000)
    assert reading.queries(client, "/privacy/history/") == few < 15
    response = client.get("/privacy/history/")
    assert [cells(row)[0] for row in rows(response)[:2]] == ["1000", "999"]
    last = client.get("/privacy/history/?page=10")
    assert (len(rows(response)), cells(rows(last)[-1])[0]) == (100, "1")
    assert "Page 10 of 10" in last.text


@pytest.mark.parametrize("leaf", ["0", "2", "-1", "x", "", str(10**30)])
def test_a_page_of_the_history_that_is_not_there(page: PolicyPage, client: Client, leaf: str) -> None:
    assert client.get("/privacy/history/", {"page": leaf}).status_code == 404


def test_the_feed_has_an_entry_for_each_version(page: PolicyPage, client: Client) -> None:
    response = client.get("/privacy/feed/")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert [(said(entry, "title"), said(entry, "summary")) for entry in entries(client)] == [
        ("Version 2, in force from 11 March 2026, 12:00 UTC", "All is new."),
        ("Version 1, in force from 1 March 2026, 12:00 UTC", ""),
    ]
    feed = ElementTree.fromstring(response.content)  # noqa: S314 - our own answer
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {"alternate": "http://testserver/privacy/", "self": "http://testserver/privacy/feed/"}
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_an_entry_keeps_its_id_when_the_page_moves(page: PolicyPage, client: Client) -> None:
    before = [said(entry, "id") for entry in entries(client)]
    page.slug = "data"
    page.save()
    assert [said(entry, "id") for entry in entries(client, "/data/feed/")] == before
    assert len({*before}) == 2


def test_a_withdrawal_is_news_in_the_feed(page: PolicyPage, clock: Traveller, client: Client) -> None:
    known = said(entries(client)[0], "id")
    clock.shift(timedelta(hours=1))
    withdrawn_at = make.NOW + timedelta(hours=1)
    freeze.withdraw(version=page.versions.get(number=2), now=withdrawn_at, reason="A mistake.")
    entry = entries(client)[0]
    shown = [said(entry, name) for name in ("id", "title", "summary", "updated")]
    assert shown == [known, "Version 2, withdrawn", "A mistake.", "2026-03-01T13:00:00+00:00"]
