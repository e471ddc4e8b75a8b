"""How is a value sealed so that one person's key opens it, and how is it found without being opened?

AES-256-GCM (NIST SP 800-38D) under a data key for each person, wrapped by a master key of RECORDS_KEYS; look-ups go by
HMAC-SHA256 under RECORDS_INDEX_KEY, cut to 16 bytes.
"""

import hmac
import os
import re
import unicodedata
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE = 12  # bytes
_FORM = b"\x01"  # of a sealed value; a later form gets another number
INDEX_BYTES = 16


class UnknownKey(LookupError):
    """What is stored names a master key that RECORDS_KEYS does not have."""


class Damaged(ValueError):
    """What is stored was altered, moved to another place, or sealed under another key."""


class DataKey(Protocol):
    """A row that holds a person's data key, wrapped."""

    id: UUID
    wrapped: bytes | memoryview
    master: str


def newest() -> str:
    """The id of the master key that wraps what is new: the first of RECORDS_KEYS."""
    return next(iter(settings.RECORDS_KEYS))


def new_key(key_id: UUID) -> tuple[bytes, str]:
    """A fresh data key, wrapped, and the id of the master key it is wrapped under."""
    return wrap(AESGCM.generate_key(bit_length=256), key_id), newest()


def wrap(key: bytes, key_id: UUID) -> bytes:
    return _seal(_master(newest()), key, key_id.bytes)


def unwrap(key: DataKey) -> bytes:
    """Raises UnknownKey, Damaged."""
    return _open(_master(key.master), bytes(key.wrapped), key.id.bytes)


def seal(value: bytes, key: DataKey, place: str) -> bytes:
    """`place` is where it is stored, "app.Model.column:12": it opens nowhere else. Raises UnknownKey, Damaged."""
    return _FORM + _seal(AESGCM(unwrap(key)), value, place.encode() + key.id.bytes)


def open_sealed(sealed: bytes, key: DataKey, place: str) -> bytes:
    """Raises UnknownKey, Damaged."""
    if sealed[:1] != _FORM:
        raise Damaged(f"{place} holds no sealed value.")
    return _open(AESGCM(unwrap(key)), sealed[1:], place.encode() + key.id.bytes)


def blind(kind: str, value: str) -> bytes:
    """The blind index of a value: equal for two spellings of one address or number, and tells neither. Empty for a
    value with nothing to look up, such as a telephone number without a digit: no row has that index.

    `kind` is "email", "phone" or "name"; each has an index of its own.
    """
    normal = _NORMAL[kind](unicodedata.normalize("NFKC", value))
    if not normal:
        return b""
    said = f"{kind}\0{normal}".encode()
    return hmac.digest(bytes.fromhex(settings.RECORDS_INDEX_KEY), said, "sha256")[:INDEX_BYTES]


def digest(kind: str, value: bytes) -> bytes:
    """A keyed hash of anything, 32 bytes: whoever has the database alone cannot try out what was hashed."""
    return hmac.digest(bytes.fromhex(settings.RECORDS_INDEX_KEY), f"digest:{kind}\0".encode() + value, "sha256")


def _email(value: str) -> str:
    """In small letters, its domain as DNS has it: "Ana@Müller.example" is "ana@xn--mller-kva.example"."""
    mailbox, at, domain = value.strip().lower().rpartition("@")
    try:
        return f"{mailbox}{at}{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return f"{mailbox}{at}{domain}"


def _phone(value: str) -> str:
    """Its digits: "+44 (0)20 7946 0018", "0044 20 79460018" and "+442079460018" are one number."""
    digits = re.sub(r"\D", "", value.replace("(0)", ""))
    if not digits.isascii():
        digits = "".join(str(unicodedata.decimal(digit)) for digit in digits)
    return digits.removeprefix("00")


def _name(value: str) -> str:
    return " ".join(value.casefold().split())


_NORMAL = {"email": _email, "phone": _phone, "name": _name}


def _master(key_id: str) -> AESGCM:
    try:
        return _prepared(settings.RECORDS_KEYS[key_id])
    except KeyError:
        raise UnknownKey(f"The master key {key_id} is not configured: add it to RECORDS_KEYS.") from None


@lru_cache(maxsize=16)  # master keys alone: what is kept of a person's key would outlive its erasure
def _prepared(key: str) -> AESGCM:
    return AESGCM(bytes.fromhex(key))


def _seal(key: AESGCM, value: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + key.encrypt(nonce, value, bound)


def _open(key: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    try:
        return key.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound)
    except (InvalidTag, ValueError) as error:
        raise Damaged("A sealed value does not open: it was altered, moved, or sealed under another key.") from error
