"""A visit that saw the banner is counted once, by day, configuration and language, and nothing else is kept of it."""

import json
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from consent import statistics
from consent.catalogue import Published
from consent.models import Decision, Showing
from tests import make
from tests.committed import together

HERE = {"Sec-Fetch-Site": "same-origin"}


def say(client: Client, said: Any, *, to: str = "/consent/shown/", headers: dict[str, str] | None = None) -> Any:
    body = said if isinstance(said, bytes) else json.dumps(said)
    return client.generic("POST", to, body, headers=headers or HERE, CONTENT_TYPE="application/json")


def test_a_showing_is_one_more_on_its_day(client: Client, published: Published) -> None:
    for _ in range(3):
        answer = say(client, {"snapshot": published.sha256})
    assert (answer.status_code, answer.content, answer.cookies.output()) == (204, b"", "")
    assert "no-store" in answer["Cache-Control"]
    row = Showing.objects.get()
    assert (row.day, row.snapshot_id, row.locale, row.count) == (make.NOW.date(), published.pk, "en", 3)


def test_languages_are_counted_apart(client: Client, published: Published) -> None:
    say(client, {"snapshot": published.sha256})
    say(client, {"snapshot": published.sha256}, to="/ru/consent/shown/")
    assert dict(Showing.objects.values_list("locale", "count")) == {"en": 1, "ru": 1}


@override_settings(TIME_ZONE="Pacific/Auckland")
def test_the_day_is_the_sites_own(client: Client, published: Published, clock: time_machine.Traveller) -> None:
    say(client, {"snapshot": published.sha256})
    assert Showing.objects.get().day.isoformat() == "2026-03-02"


def test_it_is_one_statement(published: Published) -> None:
    with CaptureQueriesContext(connection) as queries:
        statistics.count_showing(snapshot=published.pk, language="en", now=make.NOW)
    assert len(queries) == 1


def test_visits_at_the_same_moment_are_all_counted(committed: None) -> None:
    make.site()
    snapshot = make.catalogue_of_one().pk

    def see() -> None:
        statistics.count_showing(snapshot=snapshot, language="en", now=make.NOW)

    together(*[see] * 8)
    assert Showing.objects.get().count == 8


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"snapshot": "0" * 64}, 409),
        ({"snapshot": "\0"}, 409),
        ({"snapshot": "\ud800"}, 409),
        ({"snapshot": ["0" * 64]}, 422),
        ({}, 422),
        ([], 400),
        (b"{", 400),
        (b"\xff", 400),
        (b'{"snapshot": "' + b"0" * 300 + b'"}', 413),
    ],
)
def test_what_says_nothing_is_refused_with_a_sentence(
    client: Client, published: Published, said: Any, status: int
) -> None:
    answer = say(client, said)
    assert (answer.status_code, answer.json()["error"][-1]) == (status, ".")
    assert not Showing.objects.exists()


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}, {"X": "y"}])
def test_another_sites_page_counts_nothing(client: Client, published: Published, headers: dict[str, str]) -> None:
    assert say(client, {"snapshot": published.sha256}, headers=headers).status_code == 403
    assert not Showing.objects.exists()


def test_it_is_asked_with_a_post_alone(client: Client, published: Published) -> None:
    assert client.get("/consent/shown/").status_code == 405


def test_one_address_cannot_count_without_end(client: Client, published: Published) -> None:
    statuses = [say(client, {"snapshot": published.sha256}).status_code for _ in range(61)]
    assert (statuses[0], statuses[-1]) == (204, 429)


def test_nothing_but_the_count_is_written(client: Client, published: Published) -> None:
    say(client, {"snapshot": published.sha256, "who": "me"})
    assert {field.name for field in Showing._meta.fields} == {"id", "day", "snapshot", "locale", "count"}
    assert not Decision.objects.exists()
