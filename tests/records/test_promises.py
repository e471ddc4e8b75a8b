"""Each promise is kept, broken, or covered by no version; anybody can see which."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from home import inquiries
from records import promises, retention, terms
from records.promises import Promise, State, checks
from records.terms import Kind, Statement
from tests import make
from tests.records.promised import command, one

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PRIVACY = uuid.uuid4()


@pytest.fixture
def write():
    page = make.contact(make.site())

    def write(received_at):
        return inquiries.receive(page=page, name="Ben", email=make.BEN, phone="", message="Hello", now=received_at)

    return write


def state(number: int, at, *said: Statement) -> None:
    label = f"Privacy policy, version {number}"
    terms.write(policy=PRIVACY, number=number, label=label, effective_from=at, statements=said)


def kept(iso: str) -> Statement:
    return Statement(Kind.RETENTION, "home.Inquiry", {"period": iso, "then": "delete"})


def inquiry(now) -> Promise:
    return one("home.Inquiry", now)


def test_a_promise_is_kept_while_nothing_is_overdue(write) -> None:
    state(1, make.NOW - 400 * DAY, kept("P6M"))
    write(make.NOW - 12 * DAY)
    retention.expire(now=make.NOW)
    found = inquiry(make.NOW)
    assert (found.state, found.promised) == (State.KEPT, "6 months from the day they arrive")
    assert found.stated_by == "Privacy policy, version 1"
    assert found.evidence == "The oldest is 12 days old. Expiry last ran on 2026-03-01 12:00 UTC."
    assert found.measured == {"oldest_days": 12, "last_run_at": make.NOW}


def test_it_is_broken_when_a_row_outlives_its_period_by_more_than_a_day(write) -> None:
    state(1, make.NOW - 400 * DAY, kept("P1W"))
    retention.expire(now=make.NOW)
    write(make.NOW - 8 * DAY - HOUR)
    assert inquiry(make.NOW).state == State.BROKEN


def test_it_is_kept_while_the_worker_has_its_day(write) -> None:
    state(1, make.NOW - 400 * DAY, kept("P1W"))
    retention.expire(now=make.NOW - HOUR)
    write(make.NOW - 7 * DAY - HOUR)
    assert inquiry(make.NOW).state == State.KEPT


def test_it_is_broken_when_something_is_due_and_nobody_has_looked_for_a_day(write) -> None:
    state(1, make.NOW - 400 * DAY, kept("P1W"))
    retention.expire(now=make.NOW - DAY - HOUR)
    write(make.NOW - 7 * DAY - HOUR)
    found = inquiry(make.NOW)
    assert found.state == State.BROKEN
    assert "nobody has looked" in found.evidence


def test_a_shorter_period_starts_a_day_of_its_own(write) -> None:
    state(1, make.NOW - 400 * DAY, kept("P1Y"))
    state(2, make.NOW, kept("P6M"))
    write(make.NOW - 300 * DAY)
    retention.expire(now=make.NOW - HOUR)
    assert inquiry(make.NOW).state == State.KEPT, "the next run deletes it"
    assert inquiry(make.NOW + DAY).state == State.BROKEN


def test_a_longer_period_forgives_what_was_due(write) -> None:
    state(1, make.NOW - 400 * DAY, kept("P6M"))
    state(2, make.NOW, kept("P1Y"))
    write(make.NOW - 300 * DAY)
    assert inquiry(make.NOW).state == State.KEPT


def test_what_no_version_covers_is_neither_kept_nor_broken(write) -> None:
    write(make.NOW - 3 * 365 * DAY)
    found = inquiry(make.NOW)
    assert (found.state, found.stated_by, found.promised) == (
        State.UNCOVERED,
        "",
        "365 days from the day they arrive",
    )


def test_what_goes_at_once_is_promised_in_words(db: None) -> None:
    found = {promise.key: promise.promised for promise in promises.examine(make.NOW)}
    assert found["sessions.Session"] == "not a day from the moment they expire"


@pytest.fixture
def broken_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A floor above whose promise does not hold."""
    monkeypatch.setattr(checks, "_checks", {})
    mail = Promise("mail", "Promotional mail", "only with consent", "Privacy policy, version 1", State.BROKEN, "None.")
    promises.register("mail", lambda now: [mail])


def test_the_command_passes_while_nothing_is_broken() -> None:
    status, said = command()
    assert status == 0
    assert "no version covers it: Inquiries from forms: 365 days from the day they arrive" in said


def test_the_command_fails_for_a_broken_promise_of_any_floor(broken_elsewhere: None) -> None:
    status, said = command()
    assert status == 1
    assert "broken: Promotional mail: only with consent (Privacy policy, version 1). None." in said


def test_the_command_speaks_json(broken_elsewhere: None) -> None:
    state(1, make.NOW, Statement(Kind.PURPOSE, "dpv:ServiceProvision", {}))
    status, said = command("--json")
    report = json.loads(said)
    assert (status, report["broken"]) == (1, 1)
    assert {entry["state"] for entry in report["promises"]} == {"broken"}
    [term] = report["terms"]
    assert (term["key"], term["title"], term["stated_by"]) == (
        "dpv:ServiceProvision",
        "running the site",
        "Privacy policy, version 1",
    )


def read(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=60"
    return response


def test_anybody_reads_the_promises(client: Client, write) -> None:
    state(1, make.NOW - 400 * DAY, kept("P6M"), Statement(Kind.GROUND, "authority", {}))
    page = read(client, "/promises/").content.decode()
    assert "6 months from the day they arrive" in page
    assert "a court or a state body" in page
    assert "no version covers it" in page


def test_a_program_reads_the_same(client: Client, write) -> None:
    state(1, make.NOW - 400 * DAY, kept("P6M"))
    report = read(client, "/promises.json").json()
    [entry] = [entry for entry in report["promises"] if entry["key"] == "home.Inquiry"]
    assert entry["stated_by"] == "Privacy policy, version 1"


def test_the_page_names_nobody_and_counts_nobody(client: Client, write, clock) -> None:
    for _ in range(37):
        write(make.NOW)
    for address in ("/promises/", "/promises.json"):
        page = read(client, address).content.decode().replace("privacy@quay.example", "")
        assert make.BEN not in page
        assert "37" not in page.replace(str(PRIVACY), "")


def test_whoever_asks_again_reads_no_data_set(client: Client, write) -> None:
    read(client, "/promises.json")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read(client, "/promises.json?again")
    assert not [query for query in queries if "home_inquiry" in query["sql"]]


def test_the_page_speaks_the_language_of_its_address(client: Client, write) -> None:
    read(client, "/promises/")
    assert 'lang="ru"' in read(client, "/ru/promises/").content.decode()


def test_nobody_posts_to_it(client: Client, db: None) -> None:
    make.site()
    assert client.post("/promises/").status_code == 405
