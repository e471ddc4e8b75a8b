"""Does a client that speaks Memento (RFC 7089) find the policy as it was?"""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.http import http_date
from time_machine import Traveller

from home.models import HomePage
from policies import freeze
from policies.models import PolicyPage
from tests import make

SOON, LATER = make.NOW + timedelta(days=10), make.NOW + timedelta(days=20)
MICROSECOND = timedelta(microseconds=1)
HERE = "http://testserver/privacy/"


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    """Versions 1 to 3, announced at once, in force from NOW, SOON and LATER."""
    page = make.revise(make.policy(home, "One."), "Two.", at=SOON)
    return make.revise(page, "Three.", at=LATER)


def header(at: datetime) -> str:
    return http_date(at.timestamp())


def ask(client: Client, at: datetime | str) -> Any:
    return client.get("/privacy/", headers={"Accept-Datetime": at if isinstance(at, str) else header(at)})


def links(text: str) -> dict[str, str]:
    """Relations by address below the policy."""
    return {link[1].removeprefix(HERE): link[2] for link in re.finditer(r'<([^>]*)>; rel="([^"]*)"', text)}


@pytest.mark.parametrize(
    ("at", "number"),
    [
        (make.NOW - timedelta(days=400), 1),
        (make.NOW, 1),
        (SOON - timedelta(seconds=1), 1),
        (SOON, 2),
        (LATER - timedelta(seconds=1), 2),
        (LATER, 3),
        (LATER + timedelta(days=400), 3),
    ],
)
def test_a_date_leads_to_the_version_of_that_date(
    page: PolicyPage, clock: Traveller, client: Client, at: datetime, number: int
) -> None:
    clock.move_to(LATER + timedelta(days=1))
    response = ask(client, at)
    assert (response.status_code, response["Location"]) == (302, f"{HERE}v/{number}/")
    assert response["Vary"] == "Accept-Datetime"
    assert links(response["Link"])[""] == "original timegate"


def test_an_archive_holds_no_future(page: PolicyPage, client: Client) -> None:
    assert ask(client, LATER)["Location"] == f"{HERE}v/1/"


def test_what_a_version_says_of_its_date_leads_back_to_it(home: HomePage, clock: Traveller, client: Client) -> None:
    clock.move_to(make.NOW + timedelta(seconds=0.7))  # a header knows whole seconds only
    page = make.policy(home)
    clock.shift(timedelta(days=1))
    make.revise(page, "Two.")
    for number in (1, 2):
        assert ask(client, client.get(f"/privacy/v/{number}/")["Memento-Datetime"])["Location"] == f"{HERE}v/{number}/"


@pytest.mark.parametrize("date", ["", "yesterday", "2026-03-01T12:00:00Z", "Sun, 32 Mar 2026 12:00:00 GMT"])
def test_what_is_no_date_is_refused(page: PolicyPage, client: Client, date: str) -> None:
    response = ask(client, date)
    assert (response.status_code, response["Vary"]) == (400, "Accept-Datetime")
    assert b"Write Accept-Datetime like this" in response.content


@pytest.mark.parametrize("query", ["", "?on=2026-03-01", "?on=x", "?on=1999-01-01"])
def test_every_answer_at_the_policy_may_vary(page: PolicyPage, client: Client, query: str) -> None:
    assert client.get(f"/privacy/{query}")["Vary"] == "Accept-Datetime"


def test_a_version_names_its_neighbours(page: PolicyPage, clock: Traveller, client: Client) -> None:
    clock.move_to(LATER)
    response = client.get("/privacy/v/2/")
    assert response["Memento-Datetime"] == header(SOON)
    assert "Vary" not in response
    assert links(response["Link"]) == {
        "": "original timegate",
        "timemap/": "timemap",
        "v/1/": "first prev memento",
        "v/2/": "memento",
        "v/3/": "last next memento",
    }
    assert f'rel="memento"; datetime="{header(SOON)}"' in response["Link"]


def test_the_policy_names_the_state_it_is_in(page: PolicyPage, clock: Traveller, client: Client) -> None:
    assert links(client.get("/privacy/")["Link"])["v/1/"] == "last memento"
    clock.move_to(LATER)
    response = client.get("/privacy/")
    assert "Memento-Datetime" not in response
    assert links(response["Link"]) == {"": "original timegate", "timemap/": "timemap", "v/3/": "last memento"}


def test_only_what_was_in_force_is_a_state_of_the_past(page: PolicyPage, clock: Traveller, client: Client) -> None:
    make.revise(page, "Instead of three.", at=LATER)
    freeze.withdraw(version=page.versions.get(number=2), now=make.NOW, reason="A mistake.")
    pending = [client.get(f"/privacy/v/{number}/") for number in (2, 3, 4)]
    assert not any("Memento-Datetime" in response for response in pending)
    assert {*links(pending[0]["Link"])} == {"", "timemap/"}
    clock.move_to(LATER)
    marked = [number for number in (1, 2, 3, 4) if "Memento-Datetime" in client.get(f"/privacy/v/{number}/")]
    assert marked == [1, 4]
    assert [*links(client.get("/privacy/timemap/").text)] == ["", "timemap/", "v/1/", "v/4/"]


@pytest.mark.parametrize(
    ("moment", "versions"),
    [
        (SOON - MICROSECOND, {"v/1/": "first last memento"}),
        (SOON, {"v/1/": "first memento", "v/2/": "last memento"}),
        (SOON + MICROSECOND, {"v/1/": "first memento", "v/2/": "last memento"}),
    ],
)
def test_the_time_map_lists_what_took_force_by_the_instant(
    page: PolicyPage, clock: Traveller, client: Client, moment: datetime, versions: dict[str, str]
) -> None:
    clock.move_to(moment)
    response = client.get("/privacy/timemap/")
    assert response["Content-Type"] == "application/link-format"
    assert links(response.text) == {"": "original timegate", "timemap/": "self", **versions}
    last = SOON if moment >= SOON else make.NOW
    assert f'from="{header(make.NOW)}"; until="{header(last)}"' in response.text
