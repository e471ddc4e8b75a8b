"""What does a visitor's browser get at each address of a policy?"""

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client
from time_machine import Traveller
from wagtail.models import Revision

from home.models import HomePage
from policies import freeze
from policies.models import PolicyPage
from tests import make
from tests.policies import reading

SOON = make.NOW + timedelta(days=10)
MICROSECOND = timedelta(microseconds=1)


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
    assert [client.get(f"/privacy/{path}").status_code for path in ("", "v/1/", "history/")] == [status] * 3


def test_the_page_shows_its_version_and_what_is_announced(page: PolicyPage, client: Client) -> None:
    response = client.get("/privacy/")
    assert "Version 1 · in force from 1 March 2026, 12:00 UTC" in " ".join(reading.article(response).text.split())
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


@pytest.mark.parametrize("day", ["2026-02-28", "1901-01-01"])
def test_no_version_was_in_force_before_the_first(page: PolicyPage, client: Client, day: str) -> None:
    assert client.get("/privacy/", {"on": day}).status_code == 404


@pytest.mark.parametrize(
    "day",
    ["", "soon", "2026-02-30", "2026-13-01", "1899-12-31", "9999-12-31", "0000-01-01", "-1", "\0", "2026-03-01T10:00"],
)
def test_what_is_no_day_is_refused_with_a_sentence(page: PolicyPage, client: Client, day: str) -> None:
    response = client.get("/privacy/", {"on": day}, headers={"Accept": "text/html"})
    assert response.status_code == 400
    assert "Write the day as ?on=2026-03-01." in response.text
    assert response["Cache-Control"] == "no-store"


def test_the_farthest_day_is_answered(page: PolicyPage, client: Client) -> None:
    assert reading.text_of(client.get("/privacy/", {"on": "9998-12-31"})) == "Privacy policy 1 New."


def test_every_version_keeps_its_own_address(page: PolicyPage, clock: Traveller, client: Client) -> None:
    def shown() -> list[tuple[str, str]]:
        pages = [client.get(f"/privacy/v/{number}/") for number in (1, 2)]
        return [(reading.text_of(page).split()[-1], reading.notices(page)) for page in pages]

    assert [words for words, _notice in shown()] == ["Old.", "New."]
    assert [bool(notice) for _words, notice in shown()] == [False, True]
    assert "announced and not in force yet" in shown()[1][1]
    clock.move_to(SOON)
    assert "A newer version has replaced this one." in shown()[0][1]
    assert shown()[1] == ("New.", "")


def test_a_withdrawn_version_says_so_at_its_address(page: PolicyPage, client: Client) -> None:
    freeze.cancel(revision=page.versions.get(number=2).revision, now=make.NOW, reason="A mistake.")
    assert "This version was withdrawn before it took force." in reading.notices(client.get("/privacy/v/2/"))


@pytest.mark.parametrize(
    "address",
    ["/privacy/v/999/", "/privacy/v/0/", f"/privacy/v/{10**30}/", "/privacy/v/x/", "/privacy/nothing/", "/no/"],
)
def test_there_is_nothing_at_other_addresses(page: PolicyPage, client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_the_history_lists_every_version_with_its_state(page: PolicyPage, client: Client) -> None:
    page = make.revise(page, "An urgent fix.")
    page = make.revise(page, "Of a far day.", at=SOON + timedelta(days=1))
    freeze.cancel(revision=page.versions.get(number=4).revision, now=make.NOW, reason="A mistake.")
    rows = BeautifulSoup(client.get("/privacy/history/").content, "html.parser").select("tbody tr")
    states = [(row.select("th")[0].text.strip(), row.select("td")[1].text.strip()) for row in rows]
    assert states == [("4", "withdrawn"), ("2", "announced"), ("3", "in force"), ("1", "superseded")]


@pytest.mark.parametrize(
    ("before", "seconds"), [(timedelta(days=1), 300), (timedelta(seconds=90), 90), (timedelta(seconds=0.5), 0)]
)
@pytest.mark.parametrize("path", ["", "?on=2026-03-02", "v/1/", "history/"])
def test_a_cache_may_keep_a_page_until_the_next_instant_at_most(
    page: PolicyPage, clock: Traveller, client: Client, path: str, before: timedelta, seconds: int
) -> None:
    clock.move_to(SOON - before)
    assert max_age(client.get(f"/privacy/{path}")) == seconds


def test_pages_are_the_same_for_everybody(page: PolicyPage, client: Client) -> None:
    response = client.get("/privacy/")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_a_page_that_did_not_change_is_not_sent_again(page: PolicyPage, client: Client) -> None:
    known = client.get("/privacy/")["ETag"]
    assert client.get("/privacy/", headers={"If-None-Match": known}).status_code == 304


@pytest.mark.parametrize("path", ["", "v/1/", "history/", "?on=2026-03-02"])
def test_head_answers_like_get_without_the_text(page: PolicyPage, client: Client, path: str) -> None:
    got, head = client.get(f"/privacy/{path}"), client.head(f"/privacy/{path}")
    assert (head.status_code, head["Cache-Control"], head.content) == (200, got["Cache-Control"], b"")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["", "v/1/", "history/"])
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


def test_clauses_are_numbered_linked_and_escaped(home: HomePage, client: Client) -> None:
    page = make.policy(home, live=False)
    page.body = [
        {"type": "section", "value": {"title": "Data & <b>use</b>", "numbered": True, "anchor": "data"}, "id": "a"},
        make.text('Write to <a href="https://quay.example/">us</a> &lt;now&gt;.', anchor="writing"),
        {"type": "subclause", "value": {"text": "<p>Or call.</p>", "anchor": ""}, "id": "0123456789"},
        {"type": "text", "value": {"text": "<ul><li>At <i>noon</i></li></ul>", "anchor": ""}, "id": "abcdefghij"},
    ]
    page.save_revision().publish()
    article = reading.article(client.get("/privacy/"))
    assert reading.text_of(client.get("/privacy/")).startswith(
        "Privacy policy 1. Data & <b>use</b> 1.1 Write to us <now>"
    )
    assert [link["href"] for link in article.select("a.clause-number")] == ["#data", "#writing", "#c-01234567"]
    assert {tag["id"] for tag in article.select(".clause")} == {"data", "writing", "c-01234567", "c-abcdefgh"}
    assert [heading.get_text(" ", strip=True) for heading in article.select("h2.clause")] == ["1. Data & <b>use</b>"]
    assert [entry.text for entry in article.select("nav li a")] == ["1. Data & <b>use</b>"]
    assert article.select_one(".clause-text > ul > li > i")
