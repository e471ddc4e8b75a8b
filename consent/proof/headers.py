"""What does a seal say, in bytes that anybody can check without us?

Its line is the canonical JSON (RFC 8785) of all it says; SHA-256 of the line is what the next seal calls `previous`.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from consent.models import Seal
from consent.proof import leaves

Header = dict[str, Any]
NONE_BEFORE = bytes(32)  # what the first seal calls `previous`
_NUMBERS = ("number", "first", "last", "up_to")
_HASHES = ("root", "previous", "signature")
NAMES = {*_NUMBERS, *_HASHES, "sealed_at", "key_id"}


def of(seal: Seal) -> Header:
    """Plain JSON: numbers, texts, and bytes as hexadecimal digits."""
    numbers = {name: getattr(seal, name) for name in _NUMBERS}
    hashes = {name: bytes(getattr(seal, name)).hex() for name in _HASHES}
    return numbers | hashes | {"sealed_at": instant(seal.sealed_at), "key_id": seal.key_id}


def instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def line(header: Mapping[str, Any]) -> bytes:
    return leaves.canonical(header)


def digest(header: Mapping[str, Any]) -> str:
    """SHA-256 of its line, as hexadecimal digits."""
    return hashlib.sha256(line(header)).hexdigest()


def signed_part(header: Mapping[str, Any]) -> bytes:
    """What the signature covers: everything but itself."""
    return leaves.canonical({name: value for name, value in header.items() if name != "signature"})


def is_signed_by(header: Mapping[str, Any], public_key: bytes) -> bool:
    """Does the Ed25519 signature (RFC 8032) hold under this raw public key of 32 bytes?"""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(bytes.fromhex(header["signature"]), signed_part(header))
    except InvalidSignature:
        return False
    return True
