"""What is in the file that a person downloads? The record, its proof, and the site's signature under both."""

import uuid
from typing import Any, NamedTuple

import rfc8785

from consent.models import Redaction
from consent.proof import keys
from consent.receipts import record
from consent.receipts.context import CONTEXT, RECEIPT
from consent.receipts.proof import Proof
from consent.receipts.reading import Shown
from consent.receipts.record import Places

Document = dict[str, Any]
# A seal's signature covers JSON alone, so neither can pass for the other.
_PURPOSE = b"candor receipt\n"


class Addresses(NamedTuple):
    """Of one receipt, absolute: its page, the policy and the configuration it names, where consent is withdrawn."""

    receipt: str
    notice: str
    configuration: str
    withdrawal: str


def document(shown: Shown, proof: Proof, addresses: Addresses) -> Document:
    """The receipt as JSON-LD with the fields of ISO/IEC TS 27560, signed."""
    places = Places(addresses.notice, addresses.configuration, addresses.withdrawal)
    said = record.plain({"record": record.record(shown, places)})
    return _signed(_head(shown.decision.pk, addresses.receipt) | said | {"proof": proof.plain()})


def erased_document(redaction: Redaction, proof: Proof, address: str) -> Document:
    """What is left of an erased decision: that it was erased, and that its leaf is still where it was."""
    erased = {"at": record.utc(redaction.redacted_at), "why": str(redaction.why)}
    return _signed(_head(redaction.decision, address) | {"erased": erased, "proof": proof.plain()})


def _head(pk: uuid.UUID, address: str) -> Document:
    return {
        "@context": CONTEXT,
        "@id": address,
        "@type": "dpv:ConsentReceipt",
        "schema_version": RECEIPT,
        "receipt_id": str(pk),
    }


def _signed(said: Document) -> Document:
    """With the newest key: a receipt is read anew each time, and says what was so when it was read."""
    key_id = keys.newest()
    value = keys.signer(key_id).sign(signed_part(said)).hex()
    signature = {"algorithm": "Ed25519", "key_id": key_id, "public_key": keys.public(key_id).hex(), "value": value}
    return said | {"signature": signature}


def signed_part(said: Document) -> bytes:
    """Everything but the signature, as canonical JSON (RFC 8785). Raises ValueError for what has no such form."""
    return _PURPOSE + rfc8785.dumps({name: value for name, value in said.items() if name != "signature"})
