"""Does a downloaded receipt hold, where there is no database? Signature, way to the root, seal, published seals."""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from consent.proof import anchors, headers, inclusion
from consent.receipts.files import Document, signed_part
from consent.receipts.proof import entry_of


class NoReceipt(ValueError):
    """The file is no receipt of this kind; the message says why."""


@dataclass(frozen=True)
class Published:
    """What is known from elsewhere: public keys by id, and by number SHA-256 of each seal's line. Empty: only what the
    receipt itself says."""

    keys: Mapping[str, str] = field(default_factory=dict)
    seals: Mapping[int, str] = field(default_factory=dict)


def read(text: str) -> Document:
    """Raises NoReceipt."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        sentence = f"It is no JSON: {error}."
        raise NoReceipt(sentence) from None
    missing = (
        [name for name in ("receipt_id", "proof", "signature") if name not in said] if _is_object(said) else ["{}"]
    )
    if missing:
        sentence = f"It is no receipt: {', '.join(missing)} is missing."
        raise NoReceipt(sentence)
    return dict(said)


def read_published(path: Path) -> Published:
    """From a copy of /consent/seals.json; or from an anchor's file or mail, which say seals alone. Raises OSError."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        known = {row["key_id"]: row["public_key"] for row in said["keys"]}
        return Published(known, {row["number"]: headers.digest(row) for row in said["seals"]})
    except (KeyError, TypeError, ValueError):
        return Published({}, {found.number: found.digest for found in anchors.read(str(path))})


def faults(said: Document, published: Published) -> list[str]:
    """A sentence for each thing that does not hold; none when all does. Raises NoReceipt for what cannot be read."""
    checks: tuple[Callable[[Document, Published], str], ...] = (_signature, _place, _way, _seal, _known_seal)
    try:
        return [fault for check in checks if (fault := check(said, published))]
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        sentence = f"It cannot be read: {type(error).__name__}: {error}."
        raise NoReceipt(sentence) from None


def is_sealed(said: Document) -> bool:
    return bool(said["proof"].get("state") == "sealed")


def _signature(said: Document, published: Published) -> str:
    mark = said["signature"]
    known = published.keys.get(mark["key_id"])
    if published.keys and known is None:
        return f"Its key {mark['key_id']} is not among the published ones."
    if known is not None and known != mark["public_key"]:
        return f"Its key {mark['key_id']} is not the one that was published."
    try:
        _key(mark["public_key"]).verify(bytes.fromhex(mark["value"]), signed_part(said))
    except InvalidSignature:
        return "It was altered after the site signed it."
    return ""


def _place(said: Document, _published: Published) -> str:
    """The leaf and the number of the receipt must be those of the entry that the way starts from."""
    record_id = said["record"]["header"]["record_id"] if "record" in said else said["receipt_id"]
    if record_id != said["receipt_id"]:
        return "Its record is another decision's."
    ours = entry_of(bytes.fromhex(said["proof"]["leaf"]), uuid.UUID(said["receipt_id"]))
    if not is_sealed(said) or bytes.fromhex(said["proof"]["entry"]).startswith(ours):
        return ""
    return "Its entry is another decision's."


def _way(said: Document, _published: Published) -> str:
    if not is_sealed(said):
        return ""
    proof = said["proof"]
    path = [bytes.fromhex(step) for step in proof["path"]]
    root = bytes.fromhex(proof["seal"]["root"])
    if inclusion.check(bytes.fromhex(proof["entry"]), proof["index"], proof["size"], path, root):
        return ""
    return f"It does not lie under seal {proof['seal']['number']}."


def _seal(said: Document, published: Published) -> str:
    if not is_sealed(said):
        return ""
    seal = said["proof"]["seal"]
    known = published.keys.get(seal["key_id"]) or said["proof"].get("public_key")
    if not known:
        return f"Seal {seal['number']} cannot be checked: its key {seal['key_id']} is not known."
    if headers.is_signed_by(seal, bytes.fromhex(known)):
        return ""
    return f"Seal {seal['number']} was not signed with the key {seal['key_id']}."


def _known_seal(said: Document, published: Published) -> str:
    if not is_sealed(said) or not published.seals:
        return ""
    seal = said["proof"]["seal"]
    known = published.seals.get(seal["number"])
    if known is None:
        return f"Seal {seal['number']} is not among the published ones."
    return "" if headers.digest(seal) == known else f"Seal {seal['number']} is not the one that was published."


def _key(public_key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)
