"""Which key makes what is new, and does an earlier one go on checking what it made?"""

from typing import Any

import pytest

from consent.catalogue import Published
from consent.proof import headers, keys, seal, verify
from consent.proof.faults import Kind
from tests import make

OLD, NEW = "0a" * 32, "0b" * 32


def test_without_keys_of_its_own_the_proof_rests_on_the_secret_key(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "now", ["before", "long before"]
    one, two, three = keys.known()
    assert (keys.newest(), len({one, two, three})) == (one, 3)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "later", ["now"]
    assert keys.known()[1] == one, "the id goes with the key"
    assert "now" not in one


def test_the_first_of_the_configured_keys_is_the_newest(settings: Any) -> None:
    settings.CONSENT_PROOF_KEYS = {"2026": NEW, "2025": OLD}
    assert keys.known()[:2] == ["2026", "2025"]
    assert keys.newest() == "2026"


def test_leaves_and_seals_have_keys_of_their_own(settings: Any) -> None:
    settings.CONSENT_PROOF_KEYS = {"2026": NEW}
    assert keys.leaf_key("2026") not in (bytes.fromhex(NEW), keys.signer("2026").private_bytes_raw())
    assert keys.signer("2026").public_key().public_bytes_raw() == keys.public("2026")


@pytest.mark.parametrize("fallback", ["CONSENT_PROOF_KEYS", "SECRET_KEY_FALLBACKS"])
def test_what_an_earlier_key_made_verifies_while_it_is_configured(
    published: Published, settings: Any, fallback: str
) -> None:
    if fallback == "CONSENT_PROOF_KEYS":
        settings.CONSENT_PROOF_KEYS = {"2025": OLD}
    make.decision(published)
    seal.seal(now=make.NOW)
    if fallback == "CONSENT_PROOF_KEYS":
        settings.CONSENT_PROOF_KEYS = {"2026": NEW, "2025": OLD}
    else:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]
    make.decision(published)
    seal.seal(now=make.NOW)
    assert len({row.key_id for row in headers.Seal.objects.all()}) == 2
    assert verify.verify().first == []


def test_a_key_that_is_gone_is_a_verdict_of_its_own(published: Published, settings: Any) -> None:
    settings.CONSENT_PROOF_KEYS = {"2025": OLD}
    decision = make.decision(published)
    seal.seal(now=make.NOW)
    settings.CONSENT_PROOF_KEYS = {"2026": NEW}
    report = verify.verify()
    assert {fault.kind for fault in report.first} == {Kind.UNKNOWN_KEY}
    assert {str(fault) for fault in report.first} == {
        f"{row}: cannot be checked: The key 2025 is not configured: add it to CONSENT_PROOF_KEYS."
        for row in (f"decision {decision.pk}", "seal 1")
    }
