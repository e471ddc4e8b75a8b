"""The CMS's first page alarms whoever may see it, in words, with the way to where it is mended; and shows deadlines."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from records import alarms, keys, promises
from records.models import SubjectRequest
from records.promises import Promise, State, checks
from tests import desk, make

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, db: None, clock: Any) -> dict[str, Promise]:
    """What the only check finds, by key."""
    said: dict[str, Promise] = {}
    monkeypatch.setattr(checks, "_checks", {})
    promises.register("mail", lambda now: list(said.values()))
    return said


def promise(state: State = State.BROKEN, key: str = "mail", **more: Any) -> Promise:
    usual = {"evidence": "Sent without: fewer than 5.", "details": "row 7", "mend": "data_map:index"}
    return Promise(key, f"Mail {key}", "only with consent", "", state, **usual | more)


def panel(cms: Client, name: str) -> Any:
    return BeautifulSoup(cms.get("/cms/").content, "html.parser").find(id=f"{name}-section")


def lines(cms: Client, name: str = "promises") -> list[str]:
    shown = panel(cms, name)
    return [" ".join(line.get_text(" ").split()) for line in shown.select("li")] if shown else []


def test_one_calm_line_while_all_is_kept(found: dict[str, Promise]) -> None:
    found["mail"] = promise(State.KEPT)
    alarms.watch(now=make.NOW)
    assert lines(desk.signed_in("view_promisecheck")) == ["Every promise is kept. Checked on 1 March 2026, 12:00 UTC."]


def test_a_broken_promise_is_named_with_what_shows_it_and_where_it_is_mended(found: dict[str, Promise]) -> None:
    found["mail"] = promise()
    alarms.watch(now=make.NOW - HOUR)
    cms = desk.signed_in("view_promisecheck")
    assert lines(cms) == [
        "Broken: Mail mail Sent without: fewer than 5. row 7 for 1 hour",
        "What everybody can see",
    ]
    shown = panel(cms, "promises")
    assert [link["href"] for link in shown.select("li a")] == ["/cms/data-map/", "/promises/"]
    assert shown.select("svg.icon-warning"), "not by its colour alone"


def test_those_broken_longest_come_first(found: dict[str, Promise]) -> None:
    found["young"], found["old"] = promise(State.KEPT, "young"), promise(key="old")
    alarms.watch(now=make.NOW - 5 * HOUR)
    found["young"] = promise(key="young")
    alarms.watch(now=make.NOW - HOUR)
    assert [line.split()[2] for line in lines(desk.signed_in("view_promisecheck"))[:2]] == ["old", "young"]


def test_a_screen_that_this_site_does_not_have_is_no_link(found: dict[str, Promise]) -> None:
    found["mail"] = promise(mend="nowhere:index")
    alarms.watch(now=make.NOW)
    assert [link["href"] for link in panel(desk.signed_in("view_promisecheck"), "promises").select("li a")] == [
        "/promises/"
    ]


def test_a_worker_that_is_away_is_missed(found: dict[str, Promise], clock: Any) -> None:
    cms = desk.signed_in("view_promisecheck")
    assert "No promise has been checked yet." in lines(cms)[0]
    found["mail"] = promise(State.KEPT)
    alarms.watch(now=make.NOW - 3 * HOUR)
    assert lines(cms) == ["To do: The promises have not been checked for 3 hours. Is a worker running?"]


def test_whoever_has_no_right_to_it_sees_nothing(found: dict[str, Promise]) -> None:
    found["mail"] = promise()
    alarms.watch(now=make.NOW)
    request(make.NOW)
    cms = desk.signed_in("view_inquiry")
    assert lines(cms) == lines(cms, "subject-requests") == []


def request(due_at: Any, **fields: Any) -> SubjectRequest:
    values = {"kind": "access", "state": "open", "locale": "en", "asked_at": make.NOW, "verified_at": make.NOW}
    key = keys.of_person(make.CLEO, now=make.NOW)
    return SubjectRequest.objects.create(subject_key=key, email=make.CLEO, due_at=due_at, **values | fields)


@pytest.mark.usefixtures("found")
def test_open_requests_stand_there_by_deadline_and_name_nobody() -> None:
    request(make.NOW + 20 * DAY, kind="correction")
    late = request(make.NOW - 2 * DAY)
    request(make.NOW + 3 * DAY, kind="erasure")
    request(make.NOW - DAY, kind="objection", state="stopped")
    request(make.NOW - DAY, state="done")
    cms = desk.signed_in("handle_subjectrequest")
    assert lines(cms, "subject-requests") == [
        "Late: access: a copy of my data: late by 2 days, it was due on 27 February 2026",
        "objection to a use of my data: its clock stands still until the person answers",
        "Soon due: erasure of my data: due in 3 days, on 4 March 2026",
        "correction of what is wrong: due in 2 weeks, 6 days, on 21 March 2026",
    ]
    shown = panel(cms, "subject-requests")
    assert make.CLEO not in str(shown)
    assert shown.select("li a")[0]["href"] == f"/cms/data-requests/{late.pk}/"


@pytest.mark.usefixtures("found")
def test_of_many_requests_the_first_ten_stand_there() -> None:
    for days in range(13):
        request(make.NOW + days * DAY)
    shown = lines(desk.signed_in("handle_subjectrequest"), "subject-requests")
    assert (len(shown), shown[-1]) == (11, "and 3 more")


@pytest.mark.usefixtures("found")
def test_while_none_is_open_one_calm_line_stands_there() -> None:
    request(make.NOW, state="done")
    assert lines(desk.signed_in("handle_subjectrequest"), "subject-requests") == ["No request is open. All requests"]
