"""Who reads a receipt: whoever holds its number, and no cache, no index, no third party; sealed or erased."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from consent.catalogue import Published
from consent.models import Decision
from consent.proof import redact, seal
from tests import make
from tests.consent.receipts import file, page

DAY = timedelta(days=1)


@pytest.fixture
def decision(published: Published) -> Decision:
    return make.decision(published, "analytics")


def test_before_it_is_sealed_a_receipt_says_so_and_then_how(client: Client, decision: Decision) -> None:
    assert "This decision is not sealed yet." in page(client, decision)
    assert file(client, decision)["proof"]["state"] == "waiting"
    seal.seal(now=make.NOW)
    assert "under seal 1" in page(client, decision)
    proof = file(client, decision)["proof"]
    assert (proof["state"], proof["leaf"]) == ("sealed", bytes(decision.leaf).hex())
    assert {"entry", "path", "index", "size", "root", "seal", "public_key"} <= set(proof)


def test_an_erased_decision_is_gone_with_a_reason_and_its_proof_stays(client: Client, decision: Decision) -> None:
    seal.seal(now=make.NOW)
    redact.redact([decision.pk], why=redact.Why.ERASURE, now=make.NOW + DAY)
    answer = client.get(f"/consent/receipt/{decision.pk}/")
    said = answer.content.decode()
    assert answer.status_code == 410
    assert "2 March 2026" in said
    assert "the person asked for it (GDPR Art. 17)" in said
    assert bytes(decision.leaf).hex() in said
    assert "under seal 1" in said
    assert str(decision.consent_id) not in said
    file_ = client.get(f"/consent/receipt/{decision.pk}.json")
    assert file_.status_code == 410
    assert file_.json()["erased"] == {"at": "2026-03-02T12:00:00.000000Z", "why": "erasure"}
    assert file_.json()["proof"]["state"] == "sealed"


@pytest.mark.parametrize("form", ["/", ".json"])
def test_a_number_nobody_gave_is_not_found(client: Client, published: Published, form: str) -> None:
    answer = client.get(f"/consent/receipt/{uuid.uuid4()}{form}")
    assert answer.status_code == 404
    assert "There is no receipt with this number." in answer.content.decode()
    assert client.get(f"/consent/receipt/seven{form}").status_code == 404


@pytest.mark.parametrize("form", ["/", ".json"])
def test_a_receipt_is_kept_by_no_cache_no_index_and_no_referrer(client: Client, decision: Decision, form: str) -> None:
    for number in (decision.pk, uuid.uuid4()):
        answer = client.get(f"/consent/receipt/{number}{form}")
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"].startswith("noindex")
        assert answer["Referrer-Policy"] == "no-referrer"


def test_no_third_party_reads_the_address_of_a_receipt(client: Client, decision: Decision) -> None:
    assert "<template data-consent-gate" in client.get("/").content.decode()
    for address in (f"/consent/receipt/{decision.pk}/", "/consent/decisions/"):
        assert "<template data-consent-gate" not in client.get(address).content.decode()


def test_guessing_is_slowed_down(client: Client, decision: Decision) -> None:
    answers = [client.get(f"/consent/receipt/{uuid.uuid4()}.json").status_code for _ in range(61)]
    assert (answers[59], answers[60]) == (404, 429)
    refused = client.get(f"/consent/receipt/{decision.pk}.json")
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")
    assert refused["Referrer-Policy"] == "no-referrer"


def test_a_receipt_cannot_be_written_to(client: Client, decision: Decision) -> None:
    assert client.post(f"/consent/receipt/{decision.pk}/", **make.HERE).status_code == 405
