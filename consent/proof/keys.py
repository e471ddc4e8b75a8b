"""Which keys make and check the proof? Each has an id, so that an earlier one goes on checking what it made."""

import hashlib
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import receiver


class UnknownKey(LookupError):
    """A row names a key that is not configured: it can be neither confirmed nor called altered."""


def newest() -> str:
    """The id of the key that makes what is new."""
    return next(iter(_secrets()))


def leaf_key(key_id: str) -> bytes:
    """32 bytes for HMAC-SHA256. Raises UnknownKey."""
    return _derived(_secret(key_id), "leaf")


def signer(key_id: str) -> Ed25519PrivateKey:
    """Signs seals (RFC 8032); whoever has its public key checks them without asking us. Raises UnknownKey."""
    return Ed25519PrivateKey.from_private_bytes(_derived(_secret(key_id), "seal"))


def public(key_id: str) -> bytes:
    """The signer's raw public key, 32 bytes. Raises UnknownKey."""
    return _public(_secret(key_id))


def known() -> list[str]:
    """The ids of every configured key, the newest first."""
    return list(_secrets())


def _secret(key_id: str) -> bytes:
    try:
        return _secrets()[key_id]
    except KeyError:
        sentence = f"The key {key_id} is not configured: add it to CONSENT_PROOF_KEYS."
        raise UnknownKey(sentence) from None


@lru_cache(maxsize=1)
def _secrets() -> dict[str, bytes]:
    """By id: those of CONSENT_PROOF_KEYS, the newest first, then the ones made from Django's secret keys."""
    configured = {key_id: bytes.fromhex(key) for key_id, key in settings.CONSENT_PROOF_KEYS.items()}
    own: list[str] = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    return configured | {_name(key): key.encode() for key in own}


@receiver(setting_changed)
def _read_anew(**kwargs: object) -> None:
    """Settings change in tests alone; every decision asks for its key twice."""
    _secrets.cache_clear()


def _name(key: str) -> str:
    return f"s-{hashlib.sha256(b'candor key id' + key.encode()).hexdigest()[:8]}"


@lru_cache(maxsize=64)
def _public(secret: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(_derived(secret, "seal")).public_key().public_bytes_raw()


@lru_cache(maxsize=64)
def _derived(secret: bytes, use: str) -> bytes:
    """RFC 5869: one key for each use."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"candor.consent.{use}".encode()).derive(secret)
