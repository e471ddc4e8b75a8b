"""Does a leaf cover everything a row says, and does it change with each word of it?"""

import json
import uuid
from datetime import timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.catalogue import Published
from consent.models import Decision, Redaction
from consent.proof import keys, leaves, redact, rows
from policies.models import PolicyPage
from tests import make

NOT_COVERED = {"seq", "leaf"}  # the place is the seal's to prove
names = st.text(st.characters(max_codepoint=126, min_codepoint=32), max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.text(max_size=20), lambda inner: st.dictionaries(names, inner, max_size=4)
)
ROW: dict[str, Any] = {
    "id": uuid.UUID(int=1),
    "consent_id": uuid.UUID(int=2),
    "key": uuid.UUID(int=3),
    "snapshot": "a" * 64,
    "policy_version": None,
    "rendition": None,
    "statement": "",
    "choices": {"analytics": True},
    "services": {"tally": True},
    "source": "banner",
    "action": "give",
    "locale": "en",
    "path": "/",
    "gpc": None,
    "decided_at": make.NOW,
    "expires_at": None,
}


@pytest.fixture(autouse=True)
def _a_key(settings: Any) -> None:
    settings.CONSENT_PROOF_KEYS = {"2026": "ab" * 32}


def leaf(**changes: Any) -> bytes:
    return leaves.of_decision(ROW | {"key_id": "2026"} | changes)


def test_every_column_is_covered() -> None:
    columns = {field.name for field in Decision._meta.concrete_fields}
    assert {*leaves._DECISION} == columns - NOT_COVERED
    assert {*leaves._REDACTION} == {field.name for field in Redaction._meta.concrete_fields} - NOT_COVERED


@pytest.mark.parametrize(
    "change",
    [
        {"consent_id": uuid.UUID(int=9)},
        {"snapshot": "b" * 64},
        {"snapshot": None},
        {"choices": {"analytics": False}},
        {"choices": {}},
        {"services": {}},
        {"gpc": False},
        {"path": ""},
        {"decided_at": make.NOW + timedelta(microseconds=1)},
        {"expires_at": make.NOW},
        {"statement": "Yes."},
    ],
)
def test_another_row_has_another_leaf(change: dict[str, Any]) -> None:
    assert leaf(**change) != leaf()


def test_the_leaf_of_a_known_row_stays_what_it_is() -> None:
    assert leaf().hex() == "878c294493437713d4c3cbe7511ad91462ca899fcbd0a22cbad45be283347d88"


def test_an_instant_is_the_same_in_every_zone() -> None:
    there = make.NOW.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert leaf(decided_at=there) == leaf()


def test_a_redaction_is_no_decision() -> None:
    said = {"decision": ROW["id"], "decision_leaf": leaf(), "why": "erasure", "redacted_at": make.NOW, "key_id": "2026"}
    assert leaves.of_redaction(said) != leaves.of_redaction(said | {"why": "retention"})
    assert leaves.of_redaction(said) != leaves.of_redaction(said | {"decision_leaf": bytes(32)})


@settings(max_examples=50)
@given(st.dictionaries(names, values, max_size=8))
def test_the_form_is_that_of_rfc_8785(value: dict[str, Any]) -> None:
    assert leaves.canonical(value) == rfc8785.dumps(value)
    assert json.loads(leaves.canonical(value)) == value


def test_a_row_read_for_checking_has_the_leaf_it_was_written_with(published: Published, policy: PolicyPage) -> None:
    told = make.Told(policy.versions.get())
    written = make.decision(published, "analytics", told=told, path="/где/", gpc=True, now=make.NOW)
    read = rows.decisions([written.pk], rows.texts())[written.pk]
    assert leaves.of_decision(read) == bytes(written.leaf) == bytes(read["leaf"])
    redact.redact([written.pk], why=Redaction.Why.ERASURE, now=make.NOW)
    gone = rows.redactions([written.pk])[written.pk]
    assert leaves.of_redaction(gone) == bytes(gone["leaf"])


def test_a_row_of_a_key_that_is_not_known_is_not_called_altered() -> None:
    with pytest.raises(keys.UnknownKey, match=r"The key 2019 is not configured: add it to CONSENT_PROOF_KEYS\."):
        leaf(key_id="2019")
