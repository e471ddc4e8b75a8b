"""Which keys does a new owner need, and how do those of people travel? Under the archive's key, never as they are."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.translation import gettext as _

from records import cipher
from records.site_transfer.tables import Rewrite

_MARK = b"transfer"  # what stands in place of the master key's id in an archive
_NONCE = 12  # bytes


@dataclass(frozen=True)
class _Row:
    id: UUID
    wrapped: bytes
    master: str


def carried() -> dict[str, Any]:
    """The settings without which nothing of what is handed over is found or proven any more."""
    return {
        "RECORDS_INDEX_KEY": settings.RECORDS_INDEX_KEY,
        "MAIL_SUPPRESSION_KEY": settings.MAIL_SUPPRESSION_KEY,
        "CONSENT_PROOF_KEYS": dict(settings.CONSENT_PROOF_KEYS),
        "SECRET_KEY_FALLBACKS": [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)],
    }


def missing(wanted: Mapping[str, Any]) -> list[str]:
    """Which settings of this site are not those that the rows of an archive need."""
    known = carried()
    return [
        *(name for name in ("RECORDS_INDEX_KEY", "MAIL_SUPPRESSION_KEY") if wanted[name] != known[name]),
        *(
            ["CONSENT_PROOF_KEYS"]
            if not wanted["CONSENT_PROOF_KEYS"].items() <= known["CONSENT_PROOF_KEYS"].items()
            else []
        ),
        *(
            ["SECRET_KEY_FALLBACKS"]
            if not {*wanted["SECRET_KEY_FALLBACKS"]} <= {*known["SECRET_KEY_FALLBACKS"]}
            else []
        ),
    ]


def as_environment(wanted: Mapping[str, Any]) -> str:
    """The same as lines for the new site's environment, beside keys of its own."""
    proof = ",".join(f"{name}={key}" for name, key in wanted["CONSENT_PROOF_KEYS"].items())
    lines = {
        "RECORDS_INDEX_KEY": wanted["RECORDS_INDEX_KEY"],
        "MAIL_SUPPRESSION_KEY": wanted["MAIL_SUPPRESSION_KEY"],
        **({"CONSENT_PROOF_KEYS": proof} if proof else {}),
        "SECRET_KEY_FALLBACKS": ",".join(wanted["SECRET_KEY_FALLBACKS"]),
    }
    return "".join(f"{name}={value}\n" for name, value in lines.items())


def leaving(names: list[str], key: bytes) -> Rewrite:
    """Of lines with people's keys: unwrapped from the master key, wrapped under the archive's. One key is one text."""
    return _rewriting(names, lambda row: (_wrap(cipher.unwrap(row), row.id, key), _MARK))


def arriving(names: list[str], key: bytes) -> Rewrite:
    """Of lines of an archive: wrapped under this site's newest master key. Raises cipher.Damaged."""

    def wrapped(row: _Row) -> tuple[bytes, bytes]:
        return cipher.wrap(_unwrap(row, key), row.id), cipher.newest().encode()

    return _rewriting(names, wrapped)


def _rewriting(names: list[str], act: Any) -> Rewrite:
    identity, wrapped, master = (names.index(name) for name in ("id", "wrapped", "master"))

    def rewrite(cells: list[bytes]) -> list[bytes]:
        told = bytes.fromhex(cells[wrapped].decode().removeprefix("\\\\x"))  # COPY doubles the backslash
        now, by = act(_Row(UUID(cells[identity].decode()), told, cells[master].decode()))
        cells[wrapped], cells[master] = b"\\\\x" + now.hex().encode(), by
        return cells

    return rewrite


def _nonce(key_id: UUID, key: bytes) -> bytes:
    """Of the id: it wraps this one data key and no other, and equal rows stay equal."""
    return hmac.digest(key, key_id.bytes, "sha256")[:_NONCE]


def _wrap(data_key: bytes, key_id: UUID, key: bytes) -> bytes:
    nonce = _nonce(key_id, key)
    return nonce + AESGCM(key).encrypt(nonce, data_key, key_id.bytes)


def _unwrap(row: _Row, key: bytes) -> bytes:
    return AESGCM(key).decrypt(row.wrapped[:_NONCE], row.wrapped[_NONCE:], row.id.bytes)


def advice(names: list[str]) -> str:
    sentence = _(
        "The rows of this archive need other keys than this site has: %(names)s. Write them down with --keys-to FILE, "
        "put its lines into the environment of this site, and restore then."
    )
    return sentence % {"names": ", ".join(names)}
