"""Beside a video or map: “always allow” is a choice about that service alone; “load once” goes on record and stands for
nothing else."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from consent.catalogue import Published
from consent.models import Decision
from policies.models import PolicyPage
from tests import make
from tests.consent import catalogues

JSON = {"CONTENT_TYPE": "application/json", "headers": {"Sec-Fetch-Site": "same-origin"}}


@pytest.fixture
def published(policy: PolicyPage) -> Published:
    return catalogues.of_three()


def say(client: Client, published: Published, to: str = "decide", **said: Any) -> Any:
    whole = {"snapshot": published.sha256, "key": str(uuid.uuid4())} | said
    return client.generic("POST", f"/consent/{to}/", json.dumps(whole), **JSON)


def always(client: Client, published: Published, *services: str, **said: Any) -> Any:
    choice = {"choices": {}, "services": dict.fromkeys(services, True), "source": "embed"}
    return say(client, published, **choice | said)


def test_always_decides_about_its_group_alone(client: Client, published: Published) -> None:
    answer = always(client, published, "streets")
    assert answer.status_code == 201
    assert answer.json()["choices"] == {"maps": False}
    assert answer.json()["services"] == {"streets": True, "tides": False}
    assert Decision.objects.get().source == "embed"
    page = client.get("/consent/").content.decode()
    assert 'name="service" value="streets" checked' in page


def test_all_of_a_group_is_the_group(client: Client, published: Published) -> None:
    always(client, published, "streets")
    assert always(client, published, "tides").json()["choices"] == {"maps": True}


def test_what_was_chosen_about_others_stands(client: Client, published: Published) -> None:
    client.post("/consent/", {"snapshot": published.sha256, "choice": "save", "group": ["analytics"]}, **make.HERE)
    answer = always(client, published, "tides").json()
    assert answer["choices"] == {"analytics": True, "maps": False, "marketing": False}
    assert answer["services"] == {
        "tally": True,
        "streets": False,
        "tides": True,
        "billboard": False,
        "beacon": False,
    }


def test_by_its_name_it_goes_before_a_browsers_signal(published: Published) -> None:
    client = Client(headers={"Sec-GPC": "1"})
    assert always(client, published, "beacon").json()["services"] == {"billboard": False, "beacon": True}


@pytest.mark.parametrize(
    "said",
    [
        {"services": {}},
        {"services": {"nobody": True}},
        {"services": {"tides": "yes"}},
        {"choices": {"maps": True}},
    ],
)
def test_what_is_no_answer_beside_an_embed_is_refused(
    client: Client, published: Published, said: dict[str, Any]
) -> None:
    assert always(client, published, "tides", **said).status_code == 422
    assert not Decision.objects.exists()


def test_once_is_on_record_with_the_words_that_were_shown(client: Client, published: Published) -> None:
    answer = say(client, published, "once", service="streets")
    assert answer.status_code == 201
    decision = Decision.objects.get(pk=answer.json()["receipt"])
    assert (decision.choices, decision.source) == ({"once:streets": True}, "embed")
    assert decision.statement.startswith("Streets comes from Streets Works.")
    assert decision.policy_version is not None
    assert answer.cookies.output() == ""


def test_once_stands_for_nothing_else(client: Client, published: Published) -> None:
    say(client, published, "once", service="streets")
    assert "checked" not in client.get("/consent/").content.decode().partition('value="streets"')[2][:9]
    header = client.get("/")["Content-Security-Policy"]
    client.post("/consent/", {"snapshot": published.sha256, "choice": "refuse"}, **make.HERE)
    say(client, published, "once", service="streets")
    assert "127.0.0.1:9" in header
    assert "127.0.0.1:9" not in client.get("/")["Content-Security-Policy"]


def test_once_twice_with_one_key_is_once(client: Client, published: Published) -> None:
    key = str(uuid.uuid4())
    first, second = (say(client, published, "once", service="streets", key=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert say(client, published, "once", service="tides", key=key).status_code == 422


def test_a_receipt_says_what_was_loaded_once(client: Client, published: Published) -> None:
    number = say(client, published, "once", service="streets").json()["receipt"]
    page = client.get(f"/consent/receipt/{number}/").content.decode()
    assert "Loaded once" in page
    assert "Streets comes from Streets Works." in page


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"service": "nobody"}, 422),
        ({"service": None}, 422),
        ({"service": ["streets"]}, 422),
        ({"service": "streets", "more": 1}, 422),
        ({"service": "streets", "key": "7"}, 422),
        ({"service": "streets", "snapshot": "f" * 64}, 409),
    ],
)
def test_once_with_something_else_is_refused(
    client: Client, published: Published, said: dict[str, Any], status: int
) -> None:
    answer = say(client, published, "once", **said)
    assert answer.status_code == status
    assert answer.json()["error"]
    assert not Decision.objects.exists()


def test_a_button_of_the_panel_for_everything_is_no_answer_to_a_signal(published: Published) -> None:
    client = Client(headers={"Sec-GPC": "1"})
    everything = {"analytics": True, "maps": True, "marketing": True}
    at_once = say(client, published, choices=everything, source="panel", at_once=True).json()["choices"]
    assert at_once == {"analytics": True, "maps": True, "marketing": False}
    assert say(client, published, choices=everything, source="panel").json()["choices"] == everything
    assert say(client, published, choices=everything, at_once="yes").status_code == 422
