"""What shows that a decision was not changed since? Its leaf, its place under a seal, and the way to its root."""

import uuid
from dataclasses import dataclass
from typing import Any

from consent.proof import inclusion, leaves
from consent.proof.inclusion import Inclusion


@dataclass(frozen=True)
class Proof:
    """`inclusion` is None until the decision is sealed; `key_id` is empty once the decision is erased."""

    leaf: bytes
    key_id: str
    inclusion: Inclusion | None

    @property
    def agrees(self) -> bool:
        """Is the leaf at hand the one that was sealed?"""
        return self.inclusion is None or self.inclusion.entry.startswith(self.leaf)

    def plain(self) -> dict[str, Any]:
        """As JSON; bytes are hexadecimal digits."""
        said = {"state": "sealed" if self.inclusion else "waiting", "leaf": self.leaf.hex(), "key_id": self.key_id}
        return said | {"hash": "SHA-256", "tree": "RFC 9162, 2.1"} | (self.inclusion.plain() if self.inclusion else {})


def proof_of(pk: uuid.UUID, *, leaf: bytes | memoryview, key_id: str = "") -> Proof:
    return Proof(bytes(leaf), key_id, inclusion.of(pk))


def entry_of(leaf: bytes, pk: uuid.UUID) -> bytes:
    """What the entry of a decision begins with, whatever its place in the order of arrival."""
    return leaves.entry(leaf, pk, 0, "decision")[: len(leaf) + len(pk.bytes)]
