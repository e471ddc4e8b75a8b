"""What does a visitor's browser get at each address of a policy?"""

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from time_machine import Traveller
from wagtail.models import Revision

from home.models import HomePage
from policies import freeze
from policies.models import PolicyPage
from tests import make
from tests.policies import reading

SOON = make.NOW + timedelta(days=10)
MICROSECOND = timedelta(microseconds=1)
PATHS = ["", "?on=2026-03-02", "v/1/", "history/", "upcoming/", "feed/", "timemap/"]


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    """Version 1 in force, version 2 announced."""
    return make.revise(make.policy(home, "Old."), "New.", at=SOON)


def max_age(response: object) -> int:
    directives = response["Cache-Control"].split(", ")  # type: ignore[index]
    assert {"public", "must-revalidate"} <= set(directives)
    return int(next(value for value in directives if value.startswith("max-age=")).partition("=")[2])


@pytest.mark.parametrize(
    ("moment", "text"), [(SOON - MICROSECOND, "Old."), (SOON, "New."), (SOON + MICROSECOND, "New.")]
)
def test_the_page_switches_at_its_instant_without_any_task(
    page: PolicyPage, clock: Traveller, client: Client, moment: datetime, text: str
) -> None:
    clock.move_to(moment)
    assert reading.text_of(client.get("/privacy/")) == f"Privacy policy 1 {text}"


@pytest.mark.parametrize(("moment", "status"), [(SOON - MICROSECOND, 404), (SOON, 200), (SOON + MICROSECOND, 200)])
def test_a_first_version_is_served_from_its_instant_though_wagtail_says_draft(
    home: HomePage, clock: Traveller, client: Client, moment: datetime, status: int
) -> None:
    page = make.revise(make.policy(home, live=False), "First.", at=SOON)
    clock.move_to(moment)
    assert not PolicyPage.objects.get(pk=page.pk).live
    paths = ("", "v/1/", "v/1/text/", "v/1/json/", "history/", "upcoming/", "feed/", "timemap/")
    assert {client.get(f"/privacy/{path}").status_code for path in paths} == {status}


def test_the_page_shows_its_version_and_what_is_announced(page: PolicyPage, client: Client) -> None:
    response = client.get("/privacy/")
    assert reading.meta(response).startswith(
        "Version 1 · in force from 1 March 2026, 12:00 UTC to 11 March 2026, 12:00 UTC"
    )
    assert "Version 2 takes force on 11 March 2026, 12:00 UTC." in reading.notices(response)


@pytest.mark.parametrize(("day", "text"), [("2026-03-01", "Old."), ("2026-03-10", "Old."), ("2026-03-11", "New.")])
def test_a_day_asked_for_is_answered_as_of_its_end(page: PolicyPage, client: Client, day: str, text: str) -> None:
    assert reading.text_of(client.get("/privacy/", {"on": day})) == f"Privacy policy 1 {text}"


@pytest.mark.parametrize(
    ("day", "notice"),
    [
        ("2026-03-01", "will be in force at the end of 1 March 2026"),
        ("2026-03-02", "was in force at the end of 2 March"),
    ],
)
def test_an_answer_as_of_a_day_says_so(
    page: PolicyPage, clock: Traveller, client: Client, day: str, notice: str
) -> None:
    if "was" in notice:
        clock.move_to(make.NOW + timedelta(days=5))
    assert notice in reading.notices(client.get("/privacy/", {"on": day}))


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        ("2026-03-11T13:59:59.999999+02:00", "Old."),
        ("2026-03-11T14:00:00+02:00", "New."),
        ("2026-03-11T14:00:00 02:00", "New."),  # a "+" that nobody wrote as %2B
        ("2026-03-11T12:00Z", "New."),
        ("2026-03-11 12:00:00+00:00", "New."),
    ],
)
def test_an_instant_asked_for_is_answered_exactly(page: PolicyPage, client: Client, instant: str, text: str) -> None:
    assert reading.text_of(client.get("/privacy/", {"on": instant})) == f"Privacy policy 1 {text}"


def test_a_day_ends_where_the_site_is(page: PolicyPage, client: Client) -> None:
    with override_settings(TIME_ZONE="America/New_York"):
        response = client.get("/privacy/", {"on": "2026-03-10"})
    assert "at the end of 10 March 2026 (EDT)" in reading.notices(response)


@pytest.mark.parametrize("moment", [make.NOW, SOON - MICROSECOND, SOON, SOON + MICROSECOND])
def test_what_is_said_of_an_instant_later_is_what_the_page_said_then(
    page: PolicyPage, clock: Traveller, client: Client, moment: datetime
) -> None:
    clock.move_to(moment)
    said_then = reading.text_of(client.get("/privacy/"))
    clock.move_to(SOON + timedelta(days=30))
    assert reading.text_of(client.get("/privacy/", {"on": moment.isoformat()})) == said_then


@pytest.mark.parametrize("day", ["2026-02-28", "1901-01-01", "2026-03-01T11:59:59Z"])
def test_no_version_was_in_force_before_the_first(page: PolicyPage, client: Client, day: str) -> None:
    response = client.get("/privacy/", {"on": day}, headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert "No version of this policy was in force then." in response.text


@pytest.mark.parametrize(
    "day",
    [
        *("", "soon", "2026-02-30", "2026-13-01", "1899-12-31", "9999-12-31", "0000-01-01", "-1", "\0"),
        *(
            "2026-03-01T10:00",
            "2026-03-01 10:00",
            "2026-03-01T25:00Z",
            "0001-01-01T00:00+14:00",
            "9999-12-31T23:59-14:00",
        ),
    ],
)
def test_what_is_no_day_is_refused_with_a_sentence(page: PolicyPage, client: Client, day: str) -> None:
    response = client.get("/privacy/", {"on": day}, headers={"Accept": "text/html"})
    assert response.status_code == 400
    assert "Write a day as ?on=2026-03-01, or an instant" in response.text
    assert response["Cache-Control"] == "no-store"


def test_the_farthest_day_is_answered(page: PolicyPage, client: Client) -> None:
    assert reading.text_of(client.get("/privacy/", {"on": "9998-12-31"})) == "Privacy policy 1 New."


def test_every_version_keeps_its_own_address(page: PolicyPage, clock: Traveller, client: Client) -> None:
    def shown() -> list[tuple[str, str]]:
        pages = [client.get(f"/privacy/v/{number}/") for number in (1, 2)]
        return [(reading.text_of(page).split()[-1], reading.notices(page)) for page in pages]

    assert [words for words, _notice in shown()] == ["Old.", "New."]
    assert [notice.split(".")[0] for _words, notice in shown()] == [
        "This version is in force",
        "This version is announced and not in force yet",
    ]
    clock.move_to(SOON)
    assert "Version 2 replaced this one on 11 March 2026, 12:00 UTC." in shown()[0][1]
    assert shown()[1] == ("New.", "This version is in force.")


def test_a_withdrawn_version_says_so_at_its_address(page: PolicyPage, client: Client) -> None:
    freeze.cancel(revision=page.versions.get(number=2).revision, now=make.NOW, reason="A mistake.")
    response = client.get("/privacy/v/2/")
    assert "withdrawn on 1 March 2026, 12:00 UTC, before it took force. Reason: A mistake." in reading.notices(response)
    assert "was to take force on 11 March 2026, 12:00 UTC" in reading.meta(response)


def test_a_version_superseded_at_its_very_instant_says_so(page: PolicyPage, client: Client) -> None:
    make.revise(page, "Newer.", at=SOON)
    response = client.get("/privacy/v/2/")
    assert "Version 3 takes its place at the same instant." in reading.notices(response)
    assert "superseded on 11 March 2026, 12:00 UTC, its own instant" in reading.meta(response)


def test_a_version_links_the_ones_around_it_in_the_order_of_force(
    page: PolicyPage, clock: Traveller, client: Client
) -> None:
    clock.shift(timedelta(days=1))
    make.revise(page, "An urgent fix.")
    links = {number: reading.links(client.get(f"/privacy/v/{number}/"), ".policy-neighbours a") for number in (1, 2, 3)}
    assert links == {
        1: ["/privacy/v/3/"],
        2: ["/privacy/v/3/", "/privacy/compare/3-2/"],
        3: ["/privacy/v/1/", "/privacy/v/2/", "/privacy/compare/1-3/"],
    }


@pytest.mark.parametrize(
    "address",
    ["/privacy/v/999/", "/privacy/v/0/", f"/privacy/v/{10**30}/", "/privacy/v/x/", "/privacy/nothing/", "/no/"],
)
def test_there_is_nothing_at_other_addresses(page: PolicyPage, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("before", "seconds"), [(timedelta(days=1), 300), (timedelta(seconds=90), 90), (timedelta(seconds=0.5), 0)]
)
@pytest.mark.parametrize("path", PATHS)
def test_a_cache_may_keep_a_page_until_the_next_instant_at_most(
    page: PolicyPage, clock: Traveller, client: Client, path: str, before: timedelta, seconds: int
) -> None:
    clock.move_to(SOON - before)
    assert max_age(client.get(f"/privacy/{path}")) == seconds


def test_pages_are_the_same_for_everybody(page: PolicyPage, client: Client) -> None:
    response = client.get("/privacy/")
    assert not response.cookies
    assert response["Vary"] == "Accept-Datetime"


@pytest.mark.parametrize("path", PATHS)
def test_a_page_that_did_not_change_is_not_sent_again(page: PolicyPage, client: Client, path: str) -> None:
    known = client.get(f"/privacy/{path}")["ETag"]
    assert client.get(f"/privacy/{path}", headers={"If-None-Match": known}).status_code == 304


@pytest.mark.parametrize("path", PATHS)
def test_head_answers_like_get_without_the_text(page: PolicyPage, client: Client, path: str) -> None:
    got, head = client.get(f"/privacy/{path}"), client.head(f"/privacy/{path}")
    assert (head.status_code, head["Cache-Control"], head.content) == (200, got["Cache-Control"], b"")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["", "v/1/", "v/1/text/", "history/"])
def test_a_policy_is_only_read(page: PolicyPage, client: Client, path: str, method: str) -> None:
    response = getattr(client, method)(f"/privacy/{path}")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_unpublishing_the_page_takes_nothing_from_readers(page: PolicyPage, client: Client) -> None:
    page.unpublish()
    assert reading.text_of(client.get("/privacy/")) == "Privacy policy 1 Old."


def test_an_expiry_set_behind_the_editor_takes_nothing_away(page: PolicyPage, clock: Traveller, client: Client) -> None:
    PolicyPage.objects.filter(pk=page.pk).update(expire_at=make.NOW + timedelta(days=1))
    clock.move_to(SOON)
    call_command("publish_scheduled")
    assert reading.text_of(client.get("/privacy/")) == "Privacy policy 1 New."


def test_a_rewritten_revision_changes_nothing_for_readers(page: PolicyPage, client: Client) -> None:
    Revision.objects.update(content={})
    assert reading.text_of(client.get("/privacy/")) == "Privacy policy 1 Old."


def test_the_footer_links_the_policy_and_never_a_draft(home: HomePage, client: Client) -> None:
    make.policy(home, live=False).save_revision()
    assert 'href="/privacy/"' not in client.get("/").text
    PolicyPage.objects.get().get_latest_revision().publish()
    assert 'href="/privacy/"' in client.get("/").text
