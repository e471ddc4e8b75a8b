"""Do the rows of this site still say what a downloaded receipt says?"""

import uuid
from typing import Any

from consent.models import Decision, Redaction
from consent.proof import keys, leaves
from consent.receipts import reading, record
from consent.receipts.files import Document
from consent.receipts.proof import proof_of


def faults(said: Document) -> list[str]:
    """A sentence for each disagreement between a receipt and the database."""
    pk = uuid.UUID(said["receipt_id"])
    decision = reading.stored(pk)
    if decision is None:
        return _faults_of_what_is_left(said, pk)
    ours = record.plain(record.record(reading.shown(decision), record.Places("", "", "")))
    checks = (
        (_leaf_of(decision) is not None, f"The key {decision.key_id} is not configured: the leaf cannot be checked."),
        (_leaf_of(decision) in {None, bytes(decision.leaf)}, "The row was altered: it no longer makes its leaf."),
        (bytes(decision.leaf).hex() == said["proof"]["leaf"], "The row has another leaf than the receipt."),
        (proof_of(pk, leaf=decision.leaf).agrees, "The row has another leaf than the one that was sealed."),
        (_essence(ours) == _essence(said.get("record", {})), "The row says something else than the receipt."),
    )
    return [sentence for holds, sentence in checks if not holds]


def _faults_of_what_is_left(said: Document, pk: uuid.UUID) -> list[str]:
    redaction = Redaction.objects.filter(decision=pk).first()
    if redaction is None:
        return ["There is no such decision here, and no record that it was erased."]
    if bytes(redaction.decision_leaf).hex() != said["proof"]["leaf"]:
        return ["The decision was erased, and what is left has another leaf than the receipt."]
    return []


def _leaf_of(decision: Decision) -> bytes | None:
    """Made anew from all the row says; None where its key is gone."""
    row = {field.attname: getattr(decision, field.attname) for field in Decision._meta.concrete_fields}
    behind = {"snapshot": decision.snapshot, "policy_version": decision.policy_version, "rendition": decision.rendition}
    try:
        return leaves.of_decision(row | {name: text.sha256 if text else None for name, text in behind.items()})
    except keys.UnknownKey:
        return None


def _essence(said: Any) -> Any:
    """A record without its addresses: a site may move."""
    if isinstance(said, dict):
        return {name: _essence(value) for name, value in said.items() if name not in {"@id", "url"}}
    return [_essence(value) for value in said] if isinstance(said, list) else said
