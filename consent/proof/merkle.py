"""What is the root of a Merkle tree, and does an entry lie in it? RFC 9162, 2.1, with SHA-256."""

from collections.abc import Sequence
from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"  # RFC 9162, 2.1.1: no entry can pass for a node


def root(entries: Sequence[bytes]) -> bytes:
    """The hash of the whole tree; of no entries that of nothing."""
    level = _leaves(entries)
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else sha256().digest()


def audit_path(entries: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes that lead from the entry at `index` to the root, from the bottom up. Raises IndexError."""
    if not 0 <= index < len(entries):
        sentence = f"There is no entry {index} among {len(entries)}."
        raise IndexError(sentence)
    path, level = [], _leaves(entries)
    while len(level) > 1:
        if (index ^ 1) < len(level):
            path.append(level[index ^ 1])
        index, level = index >> 1, _above(level)
    return path


def verify_inclusion(entry: bytes, *, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2: does `path` lead from `entry`, at `index` among `size`, to `root`?"""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, sha256(LEAF + entry).digest()
    for step in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = sha256(NODE + step + found).digest()
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = sha256(NODE + found + step).digest()
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def _leaves(entries: Sequence[bytes]) -> list[bytes]:
    return [sha256(LEAF + entry).digest() for entry in entries]


def _above(level: list[bytes]) -> list[bytes]:
    """One level up; a node without a neighbour rises as it is, so that each left half is as large as it can be."""
    pairs = zip(level[::2], level[1::2], strict=False)
    return [sha256(NODE + left + right).digest() for left, right in pairs] + level[len(level) & ~1 :]
