"""What exactly does the HMAC of one row cover? Everything that the row says, in one form and no other."""

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

from consent.proof import keys

_DECISION = (
    "id",
    "consent_id",
    "key",
    "snapshot",
    "policy_version",
    "rendition",
    "statement",
    "choices",
    "services",
    "source",
    "action",
    "locale",
    "path",
    "gpc",
    "decided_at",
    "expires_at",
    "key_id",
)
_REDACTION = ("decision", "decision_leaf", "why", "redacted_at", "key_id")
_KINDS = {"decision": b"\x00", "redaction": b"\x01"}
_encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Canonical(str):
    """Canonical JSON of a value, in place of the value."""

    __slots__ = ()


def of_decision(row: Mapping[str, Any]) -> bytes:
    """The leaf of a decision. `snapshot`, `policy_version` and `rendition` are the SHA-256 of what was shown, or None:
    so a leaf also covers the text behind the row. Raises keys.UnknownKey."""
    return _leaf("decision", row, _DECISION_MEMBERS)


def of_redaction(row: Mapping[str, Any]) -> bytes:
    """The leaf of a redaction. Raises keys.UnknownKey."""
    return _leaf("redaction", row, _REDACTION_MEMBERS)


def entry(leaf: bytes, decision: UUID, seq: int, kind: str) -> bytes:
    """What a Merkle tree covers of one row: its leaf, whose it is, its place in the order of arrival, and its kind."""
    return leaf + decision.bytes + seq.to_bytes(8, "big", signed=True) + _KINDS.get(kind, b"\xff")


def canonical(value: Mapping[str, Any]) -> bytes:
    """RFC 8785 for objects of texts, whole numbers, booleans, nulls and such objects, with ASCII keys: the same bytes
    as the `rfc8785` package gives, a dozen times faster, which counts where a million rows are checked."""
    return _encoder.encode(value).encode()


def _members(columns: tuple[str, ...]) -> list[tuple[str, str]]:
    """The members of the object in the order of RFC 8785, each with what stands before its value."""
    return [(name, f'"{name}":') for name in sorted((*columns, "kind"))]


_DECISION_MEMBERS, _REDACTION_MEMBERS = _members(_DECISION), _members(_REDACTION)


def _leaf(kind: str, row: Mapping[str, Any], members: list[tuple[str, str]]) -> bytes:
    said = [before + _json(kind if name == "kind" else row[name]) for name, before in members]
    return hmac.digest(keys.leaf_key(row["key_id"]), f"{{{','.join(said)}}}".encode(), "sha256")


def _json(value: Any) -> str:
    return _FORMS.get(type(value), _other)(value)


def _other(value: Any) -> str:
    """Enumerated texts are texts; what has no form of its own is written as one."""
    return _instant(value) if isinstance(value, datetime) else encode_basestring(str(value))


def _object(value: dict[str, Any]) -> str:
    """Answers by name, written without the encoder's preparations: a third of the time."""
    if not all(answer is True or answer is False for answer in value.values()):
        return _encoder.encode(value)
    return f"{{{','.join([encode_basestring(name) + _ANSWERS[value[name]] for name in sorted(value)])}}}"


def _instant(value: datetime) -> str:
    utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return f'"{utc.isoformat(timespec="microseconds")}"'


def _bytes(value: bytes | memoryview) -> str:
    return f'"{value.hex()}"'


_ANSWERS = {True: ":true", False: ":false"}
_FORMS: dict[type, Callable[[Any], str]] = {
    str: encode_basestring,
    Canonical: str,
    type(None): lambda none: "null",
    bool: lambda answer: "true" if answer else "false",
    dict: _object,
    datetime: _instant,
    UUID: lambda value: f'"{value}"',
    bytes: _bytes,
    memoryview: _bytes,
}
