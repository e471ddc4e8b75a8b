"""What shows a person that their decision lies under a seal, and how do they check it themselves?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from consent.models import LedgerEntry
from consent.proof import headers, keys, leaves, merkle
from consent.proof.headers import Header


@dataclass(frozen=True)
class Inclusion:
    """One entry, the way from it to the root of its tree (RFC 9162, 2.1.3), and the seal that signs the root.

    `public_key` are the 32 raw bytes of an Ed25519 key, or None where the seal's key is not configured any more.
    """

    entry: bytes
    position: int
    index: int
    size: int
    path: tuple[bytes, ...]
    root: bytes
    seal: Header
    public_key: bytes | None

    def plain(self) -> dict[str, Any]:
        """The same as JSON; bytes are hexadecimal digits."""
        return {
            "entry": self.entry.hex(),
            "position": self.position,
            "index": self.index,
            "size": self.size,
            "path": [step.hex() for step in self.path],
            "root": self.root.hex(),
            "seal": self.seal,
            "public_key": self.public_key.hex() if self.public_key else None,
        }


def of(decision_id: UUID) -> Inclusion | None:
    """None until the decision is sealed: about a minute. An erased decision has one too."""
    kind = LedgerEntry.Kind.DECISION
    mine = LedgerEntry.objects.select_related("seal").filter(decision=decision_id, kind=kind).first()
    if mine is None:
        return None
    among = LedgerEntry.objects.filter(position__range=(mine.seal.first, mine.seal.last)).order_by("position")
    rows = among.values_list("leaf", "decision", "seq", "kind")
    entries = [leaves.entry(bytes(leaf), decision, seq, kind) for leaf, decision, seq, kind in rows]
    index = mine.position - mine.seal.first
    return Inclusion(
        entry=leaves.entry(bytes(mine.leaf), mine.decision, mine.seq, mine.kind),
        position=mine.position,
        index=index,
        size=len(entries),
        path=tuple(merkle.audit_path(entries, index)),
        root=bytes(mine.seal.root),
        seal=headers.of(mine.seal),
        public_key=_public_key(mine.seal.key_id),
    )


def check(entry: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Does the entry lie at `index` in the tree of `size` entries with this root?"""
    return merkle.verify_inclusion(entry, index=index, size=size, path=path, root=root)


def _public_key(key_id: str) -> bytes | None:
    try:
        return keys.public(key_id)
    except keys.UnknownKey:
        return None
