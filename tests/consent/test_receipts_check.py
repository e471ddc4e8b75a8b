"""A downloaded receipt is checked without the site; whatever is changed in it is found, and so is a row that was."""

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from consent.catalogue import Published
from consent.models import Decision
from consent.proof import redact, seal
from consent.receipts import checking
from tests import make
from tests.consent.receipts import Document, changed, file, published_seals, signed_anew

NOTHING = checking.Published()


@pytest.fixture
def decision(published: Published) -> Decision:
    """The third of five under one seal."""
    made = [make.decision(published, "analytics") for _ in range(5)]
    seal.seal(now=make.NOW)
    return made[2]


@pytest.fixture
def said(client: Client, decision: Decision) -> Document:
    return file(client, decision)


def test_a_receipt_holds_by_itself(said: Document) -> None:
    assert len(said["proof"]["path"]) >= 2
    assert checking.faults(said, NOTHING) == []


def test_every_change_of_any_field_is_found(said: Document) -> None:
    """Each value in the file, one after another."""
    places = list(values(said, ()))
    assert len(places) > 100
    missed = [place for place in places if not found(altered(said, place))]
    assert missed == []


def found(said: Document) -> bool:
    try:
        return bool(checking.faults(said, NOTHING))
    except checking.NoReceipt:
        return True


def values(said: Any, above: tuple[Any, ...]) -> Any:
    rows = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else None
    if rows is None:
        return [above]
    # The key that a receipt names itself is compared with what is known from elsewhere: the next test.
    return [place for key, row in rows if (*above, key) not in KNOWN_ELSEWHERE for place in values(row, (*above, key))]


KNOWN_ELSEWHERE = {("signature", "key_id"), ("signature", "algorithm")}


def altered(said: Document, place: tuple[Any, ...]) -> Document:
    other = copy.deepcopy(said)
    row: Any = other
    for key in place[:-1]:
        row = row[key]
    old = row[place[-1]]
    row[place[-1]] = old + 1 if isinstance(old, int | float) else f"{old}0"
    return other


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda said: said["proof"].update(leaf="00" * 32), "Its entry is another decision's."),
        (lambda said: said["proof"].update(index=3), "It does not lie under seal 1."),
        (lambda said: said["proof"]["path"].pop(), "It does not lie under seal 1."),
        (lambda said: said["proof"]["seal"].update(root="00" * 32), "It does not lie under seal 1."),
        (lambda said: said["proof"]["seal"].update(number=2), "Seal 2 was not signed with the key"),
        (lambda said: said["record"]["header"].update(record_id="x"), "Its record is another decision's."),
    ],
)
def test_even_a_forger_with_the_key_of_receipts_must_fit_the_ledger(
    said: Document, change: Callable[[Document], Any], sentence: str
) -> None:
    faults = checking.faults(signed_anew(changed(said, change)), NOTHING)
    assert any(fault.startswith(sentence) for fault in faults), faults


def test_a_forgery_under_another_key_is_found_by_the_published_keys(said: Document, client: Client) -> None:
    public = checking.Published({row["key_id"]: row["public_key"] for row in published_seals(client)["keys"]})
    assert checking.faults(said, public) == []
    forged = changed(said, lambda other: other["signature"].update(public_key="00" * 32))
    assert "is not the one that was published" in checking.faults(forged, public)[0]
    unknown = changed(said, lambda other: other["signature"].update(key_id="mine"))
    assert "is not among the published ones" in checking.faults(unknown, public)[0]


def test_a_receipt_that_is_not_sealed_yet_holds_as_far_as_it_goes(client: Client, published: Published) -> None:
    said = file(client, make.decision(published, "analytics"))
    assert checking.faults(said, NOTHING) == []
    assert checking.faults(changed(said, lambda other: other["proof"].update(leaf="00" * 32)), NOTHING)


def test_the_receipt_of_an_erased_decision_holds(client: Client, decision: Decision) -> None:
    redact.redact([decision.pk], why=redact.Why.ERASURE, now=make.NOW)
    said = json.loads(client.get(f"/consent/receipt/{decision.pk}.json").content)
    assert checking.faults(said, NOTHING) == []


@pytest.mark.parametrize(
    "text", ["", "no", "[]", "7", "null", "{}", '{"receipt_id": 1}', "[" * 100_000, '{"proof": {}, "signature": {}}']
)
def test_what_is_no_receipt_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(checking.NoReceipt, match=r"It is no .*\."):
        checking.read(text)


def nested(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.update(receipt_id=7),
        lambda said: said.update(receipt_id="seven"),
        lambda said: said.update(proof=[]),
        lambda said: said["proof"].update(path=7),
        lambda said: said["proof"].update(leaf="no"),
        lambda said: said["proof"].update(index="0"),
        lambda said: said["signature"].clear(),
        lambda said: said["signature"].update(public_key="00"),
        lambda said: said.update(more=10**30),
        lambda said: said.update(more=nested(900)),
        lambda said: said.update(record=[]),
    ],
)
@pytest.mark.parametrize("sealed", [True, False])
def test_a_receipt_of_another_shape_is_refused_and_never_a_crash(
    client: Client, published: Published, change: Callable[[Document], Any], sealed: bool
) -> None:
    made = make.decision(published, "analytics")
    if sealed:
        seal.seal(now=make.NOW)
    other = changed(file(client, made), change)
    assert found(other)


def test_time_passes_and_the_receipt_still_holds(client: Client, said: Document, published: Published) -> None:
    make.decision(published, "analytics", now=make.NOW + timedelta(days=1))
    seal.seal(now=make.NOW + timedelta(days=1))
    assert checking.faults(said, NOTHING) == []
    again = json.loads(client.get(f"/consent/receipt/{said['receipt_id']}.json").content)
    assert again["proof"] == said["proof"]
