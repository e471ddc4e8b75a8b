"""What was published is there for anybody: configurations for ever, seals and keys as they come."""

import hashlib
from typing import Any

import pytest
from django.test import Client

from consent.catalogue import Published
from consent.models import Seal, Service
from consent.proof import headers, keys, seal
from consent.views import evidence
from tests import make

FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def three_seals(published: Published) -> None:
    for _ in range(3):
        make.decision(published, "analytics")
    assert seal.seal(now=make.NOW, most=1) == 3


def seals(client: Client, **query: Any) -> dict[str, Any]:
    answer = client.get("/consent/seals.json", query)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_a_configuration_is_the_very_bytes_that_were_hashed(client: Client, published: Published) -> None:
    answer = client.get(f"/consent/snapshot/{published.sha256}.json")
    assert hashlib.sha256(answer.content).hexdigest() == published.sha256
    assert answer["Cache-Control"] == FOR_EVER


def test_the_module_of_a_service_is_that_of_its_configuration(client: Client, published: Published) -> None:
    Service.objects.update(module="count();")
    newer = make.publish()
    answer = client.get(f"/consent/module/{newer.sha256}/tally.js")
    assert (answer.content, answer["Content-Type"]) == (b"count();", "text/javascript; charset=utf-8")
    assert answer["Cache-Control"] == FOR_EVER
    assert client.get(f"/consent/module/{published.sha256}/tally.js").status_code == 404


@pytest.mark.parametrize("name", ["snapshot/{}.json", "module/{}/tally.js"])
def test_what_nobody_published_is_not_found(client: Client, published: Published, name: str) -> None:
    assert client.get("/consent/" + name.format("0" * 64)).status_code == 404


def test_seals_are_published_whole_and_in_order(client: Client, three_seals: None) -> None:
    said = seals(client)
    assert said["seals"] == [headers.of(row) for row in Seal.objects.order_by("number")]
    assert said["next"] is None
    for before, after in zip(said["seals"], said["seals"][1:], strict=False):
        assert after["previous"] == headers.digest(before)


def test_each_seal_is_checked_with_a_key_that_is_published(client: Client, three_seals: None) -> None:
    said = seals(client)
    public = {row["key_id"]: bytes.fromhex(row["public_key"]) for row in said["keys"]}
    assert all(headers.is_signed_by(row, public[row["key_id"]]) for row in said["seals"])


def test_earlier_keys_are_published_too(client: Client, db: None, settings: Any) -> None:
    settings.CONSENT_PROOF_KEYS = {"new": "11" * 32, "old": "22" * 32}
    assert [row["key_id"] for row in seals(client)["keys"]][:2] == ["new", "old"]


def test_a_long_ledger_has_pages(client: Client, three_seals: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "ON_A_PAGE", 2)
    said = seals(client)
    assert said["next"] == "http://testserver/consent/seals.json?after=2"
    rest = client.get(said["next"]).json()
    assert [row["number"] for row in said["seals"] + rest["seals"]] == [1, 2, 3]
    assert rest["next"] is None


def test_seals_are_kept_for_a_minute_by_anybody(client: Client, three_seals: None) -> None:
    answer = client.get("/consent/seals.json")
    assert answer["Cache-Control"] == "public, max-age=60"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize("after", ["-1", "x", "", "1.5", "٣", "9" * 19, "9" * 5000, "1\0"])
def test_what_is_no_number_of_a_seal_is_refused(client: Client, three_seals: None, after: str) -> None:
    assert client.get("/consent/seals.json", {"after": after}).status_code == 400


def test_no_secret_is_published(client: Client, three_seals: None, settings: Any) -> None:
    said = client.get("/consent/seals.json").content.decode()
    for key_id in keys.known():
        assert keys.leaf_key(key_id).hex() not in said
        assert keys.signer(key_id).private_bytes_raw().hex() not in said
    assert settings.SECRET_KEY not in said
