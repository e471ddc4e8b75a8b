"""Visitors list what they decided on this device, take it with them, and withdraw."""

import json
import re
import sys
from typing import Any

import pytest
from django.test import Client
from time_machine import Traveller

from consent.catalogue import Published
from consent.models import Decision
from consent.proof import redact
from tests import make

SHOWN = {"Accept": "text/html"}


def press(client: Client, published: Published, choice: str) -> Decision:
    form = {"snapshot": published.sha256, "choice": choice}
    assert client.post("/consent/", form, headers=SHOWN, **make.HERE).status_code == 303
    return Decision.objects.latest("seq")


def listed(client: Client, page: int = 1) -> str:
    answer = client.get("/consent/decisions/", {"page": page})
    assert answer.status_code == 200
    return str(answer.content.decode().partition("<main")[2])


@pytest.fixture
def three(client: Client, published: Published, clock: Traveller) -> list[Decision]:
    """A visitor who accepts, refuses, and accepts again."""
    made = []
    for choice in ("accept", "refuse", "accept"):
        clock.shift(60)
        made.append(press(client, published, choice))
    return made


def test_somebody_who_decided_nothing_is_told_so(client: Client, published: Published) -> None:
    assert "This browser has made no decision here" in listed(client)
    assert "<form" not in listed(client)
    assert client.get("/consent/decisions.json").json() == {"decisions": 0, "receipts": [], "next": None}


def test_decisions_are_listed_the_newest_first_with_their_receipts(client: Client, three: list[Decision]) -> None:
    said = listed(client)
    places = [said.index(f"/consent/receipt/{decision.pk}/") for decision in reversed(three)]
    assert places == sorted(places)
    assert said.count("Allowed:") == 2
    assert "You withdrew your consent." in said
    for decision in three:
        assert f'href="/consent/receipt/{decision.pk}.json" download=' in said
        assert client.get(f"/consent/receipt/{decision.pk}/").status_code == 200


def test_nobody_sees_what_another_decided(client: Client, published: Published, three: list[Decision]) -> None:
    other = Client()
    press(other, published, "refuse")
    assert not any(str(decision.pk) in listed(other) for decision in three)
    assert other.get("/consent/decisions.json").json()["decisions"] == 1


def test_a_forged_cookie_lists_nothing(client: Client, three: list[Decision]) -> None:
    value = client.cookies["candor_consent"].value
    client.cookies["candor_consent"] = value[:-1] + ("A" if value[-1] != "A" else "B")
    assert "This browser has made no decision here" in listed(client)


def test_all_of_them_are_one_file_of_receipts(client: Client, three: list[Decision]) -> None:
    said = client.get("/consent/decisions.json").json()
    assert [row["receipt_id"] for row in said["receipts"]] == [str(row.pk) for row in reversed(three)]
    for row in said["receipts"]:
        assert row == json.loads(client.get(f"/consent/receipt/{row['receipt_id']}.json").content)


def test_a_long_list_has_pages(client: Client, published: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    first = press(client, published, "accept")
    for _ in range(4):
        make.decision(published, consent_id=first.consent_id)
    monkeypatch.setattr(sys.modules["consent.views.decisions"], "ON_A_PAGE", 2)
    assert "page 1 of 3" in listed(client)
    assert str(first.pk) in listed(client, 3)
    assert str(first.pk) in listed(client, 99)
    said = client.get("/consent/decisions.json").json()
    while said["next"]:
        said = client.get(said["next"]).json()
    assert said["receipts"][-1]["receipt_id"] == str(first.pk)


def test_one_press_withdraws_everything(client: Client, published: Published) -> None:
    given = press(client, published, "accept")
    form = button(listed(client))
    assert (form["action"], form["choice"]) == ("/consent/", "refuse")
    answer = client.post(form.pop("action"), form, headers=SHOWN, **make.HERE)
    assert answer.status_code == 303
    decision = Decision.objects.latest("seq")
    assert (decision.action, decision.source) == ("withdraw", "no_js")
    assert decision.choices == {"analytics": False}
    assert decision.services == {"tally": False}
    assert decision.consent_id == given.consent_id
    assert "You withdrew your consent." in listed(client)


def test_where_nothing_is_allowed_there_is_nothing_to_withdraw(client: Client, published: Published) -> None:
    press(client, published, "refuse")
    assert "<form" not in listed(client)


def test_another_site_cannot_withdraw_for_a_visitor(client: Client, published: Published) -> None:
    press(client, published, "accept")
    form = button(listed(client))
    answer = client.post(form.pop("action"), form, headers=SHOWN | {"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert Decision.objects.count() == 1


def button(page: str) -> dict[str, str]:
    """What a browser without scripts sends when the form's one button is pressed."""
    [form] = re.findall(r"<form.*?</form>", page, re.DOTALL)
    [action] = re.findall(r'action="([^"]+)"', form)
    fields = dict(re.findall(r'<(?:input type="hidden"|button) name="(\w+)" value="([^"]+)"', form))
    return {"action": action, **fields}


def test_the_list_is_kept_by_no_cache_and_no_index(client: Client, three: list[Decision]) -> None:
    for address in ("/consent/decisions/", "/consent/decisions.json"):
        answer = client.get(address)
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex"


def test_the_form_of_the_list_names_its_origin(client: Client, three: list[Decision]) -> None:
    """Under no-referrer a browser would send Origin: null, and be refused."""
    assert client.get("/consent/decisions/")["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ["/consent/decisions/", "/consent/decisions.json"])
def test_the_list_takes_no_post(client: Client, published: Published, address: str) -> None:
    assert client.post(address, **make.HERE).status_code == 405


def test_a_redacted_decision_is_no_longer_listed(client: Client, published: Published, three: list[Decision]) -> None:
    redact.redact([three[0].pk], why=redact.Why.ERASURE, now=make.NOW)
    assert str(three[0].pk) not in listed(client)
    assert str(three[1].pk) in listed(client)


def test_no_query_grows_with_the_list(client: Client, published: Published, django_assert_max_num_queries: Any) -> None:
    first = press(client, published, "accept")
    for _ in range(20):
        make.decision(published, consent_id=first.consent_id)
    listed(client)
    with django_assert_max_num_queries(20):
        listed(client)
