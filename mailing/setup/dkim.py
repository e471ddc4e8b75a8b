"""Can receivers check the signature that the mail server puts on a message (DKIM, RFC 6376)?"""

import base64
import binascii
import re
from collections.abc import Iterator

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from mailing.lookups import Resolver
from mailing.setup.shapes import Check, Finding, Said, Status

LEAST, ADVISED = 1024, 2048  # bits of an RSA key (RFC 8301)
ED25519 = 32  # bytes (RFC 8463)
Judged = tuple[Status, str, dict[str, int]]
UNREADABLE: Judged = (Status.WRONG, "dkim_unreadable", {})


def tags(record: str) -> dict[str, str]:
    """ "v=DKIM1; p=…" by its names; white space inside values is no part of them."""
    parts = [part.partition("=") for part in record.split(";") if "=" in part]
    return {name.strip().lower(): re.sub(r"\s+", "", value) for name, _sign, value in parts}


def dkim(domain: str, *, selectors: tuple[str, ...], resolver: Resolver) -> Finding:
    """The keys of the domain under each selector: one good one is enough, none may be weak. Raises Unanswered."""
    if not selectors:
        return Finding(Check.DKIM, domain, Status.UNKNOWN, (Said("dkim_no_selector", {}),))
    judged = list(_keys(domain, selectors, resolver))
    said = tuple(said for _status, said, _seen in judged)
    seen = tuple(record for _status, _said, record in judged if record)
    statuses = [status for status, _said, _seen in judged]
    status = next((each for each in (Status.WRONG, Status.OK) if each in statuses), Status.MISSING)
    record = "" if status == Status.OK else f'{selectors[0]}._domainkey.{domain}. TXT "v=DKIM1; k=rsa; p=…"'
    return Finding(Check.DKIM, domain, status, said, seen, record)


def has_key(domain: str, *, selectors: tuple[str, ...], resolver: Resolver) -> bool:
    """Is there a key that a signature of this domain could be checked with? Raises Unanswered."""
    return any(status == Status.OK for status, _said, _seen in _keys(domain, selectors, resolver))


def _keys(domain: str, selectors: tuple[str, ...], resolver: Resolver) -> Iterator[tuple[Status, Said, str]]:
    for selector in selectors:
        name = f"{selector}._domainkey.{domain}"
        records = [text for text in resolver.texts(name) if "p" in tags(text)]
        if len(records) == 1:
            status, key, words = _judged(tags(records[0]))
            yield status, Said(key, {"name": name} | words), records[0]
        elif records:
            yield Status.WRONG, Said("dkim_several", {"name": name}), records[0]
        else:
            yield Status.MISSING, Said("dkim_missing", {"name": name}), ""


def _judged(found: dict[str, str]) -> Judged:
    if found.get("v", "DKIM1") != "DKIM1":
        return UNREADABLE
    if not found["p"]:
        return Status.MISSING, "dkim_revoked", {}
    try:
        raw = base64.b64decode(found["p"], validate=True)
        if found.get("k", "rsa").lower() == "ed25519":
            return (
                (Status.OK, "dkim_ok", {"bits": 256}) if len(raw) == ED25519 else (Status.WRONG, "dkim_unreadable", {})
            )
        key = load_der_public_key(raw)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return UNREADABLE
    if not isinstance(key, RSAPublicKey):
        return UNREADABLE
    if key.key_size < LEAST:
        return Status.WRONG, "dkim_weak", {"bits": key.key_size}
    if "y" in found.get("t", "").split(":"):
        return Status.OK, "dkim_testing", {"bits": key.key_size}
    return Status.OK, "dkim_ok" if key.key_size >= ADVISED else "dkim_short", {"bits": key.key_size}
