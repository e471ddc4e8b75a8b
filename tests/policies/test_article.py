"""What stands on a policy's page around the frozen text: contents, links, proof, what has changed since, an end?"""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client, RequestFactory
from time_machine import Traveller

from home.models import HomePage
from policies import freeze
from policies.models import PolicyPage
from policies.views import in_force
from records.models import Controller
from tests import make
from tests.policies import reading

CSS = Path(__file__).resolve().parents[2] / "cms" / "static" / "cms" / "site.css"
SOON = make.NOW + timedelta(days=10)


def preview(page: PolicyPage) -> str:
    request = RequestFactory().get("/", headers={"Host": "testserver"})
    request.is_preview = True  # type: ignore[attr-defined]
    return " ".join(reading.article(in_force(request, page).render()).get_text(" ").split())  # type: ignore[attr-defined]


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


def test_each_clause_has_a_link_with_a_name_of_its_own(home: HomePage, client: Client) -> None:
    make.policy(home)
    response = client.get("/privacy/")
    link = reading.article(response).select_one("a.clause-number")
    assert link
    named = [re.search(rf'id="{name}"[^>]*>([^<]*)<', response.text) for name in str(link["aria-labelledby"]).split()]
    assert " ".join(found[1] for found in named if found) == "Link to clause 1"


@pytest.mark.parametrize(("count", "entries"), [(8, 0), (9, 9)])
def test_many_clauses_without_sections_are_listed(home: HomePage, client: Client, count: int, entries: int) -> None:
    page = make.policy(home, live=False)
    page.body = [make.text(f"We keep <b>nothing</b> &amp; we say so in clause {place}.") for place in range(count)]
    page.save_revision().publish()
    listed = [entry.text for entry in reading.article(client.get("/privacy/")).select("nav.contents a")]
    assert len(listed) == entries
    assert listed[:1] in ([], ["1. We keep nothing & we say so…"])


def test_the_page_ends_with_what_proves_it(home: HomePage, client: Client) -> None:
    version = make.policy(home).versions.get()
    proof = reading.article(client.get("/privacy/")).select_one(".policy-proof")
    assert proof
    shown = {version.content_sha256, version.sha256, "http://testserver/privacy/v/1/"}
    assert shown <= set(proof.get_text(" ").split())


def test_the_head_names_the_feed_and_the_other_forms(home: HomePage, client: Client) -> None:
    make.policy(home)
    alternates = reading.links(client.get("/privacy/"), "head link[rel=alternate][type]")
    assert alternates == ["/privacy/feed/", "/privacy/v/1/text/", "/privacy/v/1/json/"]


@pytest.mark.parametrize("path", ["", "v/1/"])
def test_what_has_changed_since_stands_beside_the_frozen_text(home: HomePage, client: Client, path: str) -> None:
    make.policy(home, "Call {phone}, write to {email}.")
    assert "have changed" not in reading.notices(client.get(f"/privacy/{path}"))
    Controller.objects.update(phone="+44 1", name="Another Ltd")
    response = client.get(f"/privacy/{path}")
    assert "Since this version was frozen, these have changed: telephone. A new" in reading.notices(response)
    assert "Call +44 20 7946 0018," in reading.text_of(response)


def test_what_has_changed_since_is_of_no_interest_to_the_past(home: HomePage, clock: Traveller, client: Client) -> None:
    page = make.policy(home, "Call {phone}.")
    clock.shift(timedelta(days=1))
    make.revise(page, "Do not call.")
    Controller.objects.update(phone="+44 1")
    paths = ("", "v/1/", "?on=2026-03-01")
    assert "have changed" not in "".join(client.get(f"/privacy/{path}").text for path in paths)


def test_a_policy_that_ended_says_since_when_and_why(home: HomePage, clock: Traveller, client: Client) -> None:
    page = make.policy(home)
    freeze.end(page=page, effective_from=SOON, now=make.NOW, note="The shop is closed.")
    assert "This policy ends on 11 March 2026, 12:00 UTC." in reading.notices(client.get("/privacy/"))
    assert "This policy ends on" in client.get("/privacy/upcoming/").text
    clock.move_to(SOON)
    response = client.get("/privacy/")
    assert response.status_code == 200
    assert "has not been in force since 11 March 2026, 12:00 UTC. Why: The shop is closed." in reading.notices(response)
    assert reading.links(response, ".notice a") == ["/privacy/history/"]
    assert {client.get(f"/privacy/{path}").status_code for path in ("upcoming/", "history/", "feed/", "timemap/")} == {
        200
    }


@pytest.mark.parametrize("path", ["", "v/2/", "upcoming/"])
def test_a_page_asks_as_much_of_300_versions_as_of_3(
    home: HomePage, clock: Traveller, client: Client, path: str
) -> None:
    page = make.policy(home, "Version 1.")
    for number in range(2, 4):
        clock.shift(timedelta(minutes=1))
        page = make.revise(page, f"Version {number}.")
    few = reading.queries(client, f"/privacy/{path}")
    reading.grow(page, 300)
    clock.shift(timedelta(hours=1))
    assert reading.queries(client, f"/privacy/{path}") == few < 15


def test_a_draft_that_cannot_be_filled_is_shown_with_the_reason(home: HomePage) -> None:
    page = make.policy(home, "Call {phone} or {fax}.", live=False)
    shown = preview(page)
    assert "It cannot be published yet: {fax} is no placeholder." in shown
    assert shown.endswith("1 Call {phone} or {fax}.")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("retention", {"holding": "", "number": None, "unit": "year", "then": "delete"}),
        ("retention", {"holding": "home.Inquiry", "number": 1, "unit": "", "then": ""}),
        ("purposes", {"items": [{"type": "item", "id": "1", "value": {"purpose": "", "words": "", "basis": ""}}]}),
        ("grounds", {"items": [{"type": "item", "id": "1", "value": {"ground": "", "words": ""}}]}),
        ("data", {"subjects": []}),
        ("definitions", {"items": [{"type": "item", "id": "1", "value": {"term": "", "meaning": ""}}]}),
    ],
)
def test_a_draft_with_a_half_filled_clause_is_shown(home: HomePage, kind: str, value: dict[str, object]) -> None:
    page = make.policy(home, live=False)
    page.body = [{"type": kind, "value": value | {"text": "<p>So be it.</p>", "anchor": ""}, "id": "0123456789"}]
    assert "1 So be it." in preview(page)


def test_a_draft_is_shown_as_it_would_be_frozen(home: HomePage) -> None:
    assert preview(make.policy(home, "Call {phone}.", live=False)).endswith("1 Call +44 20 7946 0018.")


def test_print_leaves_out_what_paper_cannot_use() -> None:
    print_rules = CSS.read_text(encoding="utf-8").partition("@media print")[2]
    for gone in (".site-header", ".consent-banner", ".contents", ".policy-neighbours"):
        assert gone in print_rules
