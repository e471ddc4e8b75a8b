"""Do the seals follow each other, each over just the entries it was made over, and as they were anchored outside?"""

import itertools
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator

from consent.proof import headers, keys, leaves, merkle
from consent.proof.anchors import Anchored
from consent.proof.faults import Kind, Report
from consent.proof.rows import Entry, Row

_END = sys.maxsize


class Walk:
    """Goes through seals and entries together, in their orders; what does not match becomes a fault, and it goes on.

    A seal is looked at when the next is known: where its own numbers were altered, its entries end where those begin.
    """

    def __init__(self, entries: Iterable[Entry], anchored: Iterable[Anchored], report: Report) -> None:
        self._entries = itertools.chain(entries)
        self._ahead: Entry | None = None
        self._anchored: defaultdict[int, set[str]] = defaultdict(set)
        for anchor in anchored:
            self._anchored[anchor.number].add(anchor.digest)
        self._report = report
        self._waiting: Row | None = None
        self._number, self._last, self._digest = 0, 0, headers.NONE_BEFORE.hex()
        self.up_to = 0  # of the sequence: every row up to here is under a seal

    def take(self, seal: Row) -> None:
        """The next seal by number."""
        if self._waiting:
            self._look_at(self._waiting, seal)
        self._waiting = seal

    def end(self) -> None:
        """There are no more."""
        if self._waiting:
            self._look_at(self._waiting, None)
        left = list(self._up_to(_END))
        lost = {entry.seal for entry in left if entry.seal > self._number}
        if lost:
            self._add(Kind.DELETED, f"seal {min(lost)}", f"is missing: {len(left)} entries are left without it.")
        elif left:
            self._add(Kind.INSERTED, f"entry {left[0].position}", f"lies under no seal ({len(left)} in all).")
        cut_off = [number for number in self._anchored if number > self._number]
        if cut_off:
            sentence = f"was anchored outside, and is missing: {len(cut_off)} anchored seals are cut off."
            self._add(Kind.TRUNCATED, f"seal {min(cut_off)}", sentence)

    def _look_at(self, seal: Row, following: Row | None) -> None:
        name = f"seal {seal['number']}"
        if seal["number"] < 1:
            self._add(Kind.EDITED, name, "has a number that comes before the first.")
            return
        is_next = seal["number"] == self._number + 1
        if not is_next:
            self._add(Kind.DELETED, f"seal {self._number + 1}", "is missing.")
        trusted = self._is_signed(seal, name)
        digest = headers.digest(seal)
        if self._anchored.get(seal["number"], {digest}) != {digest}:
            self._add(Kind.EDITED, name, "is not the one that was anchored outside.")
        if is_next and trusted and (seal["previous"], seal["first"]) != (self._digest, self._last + 1):
            self._add(Kind.BROKEN, name, "does not follow the seal before it.")
        first = seal["first"] if trusted else self._last + 1
        last = seal["last"] if trusted else following["first"] - 1 if following else _END
        list(self._up_to(first - 1))  # those of a seal that is missing
        self._compare(seal if trusted else None, first, last, list(self._up_to(last)))
        self._number, self._last, self._digest = seal["number"], last, digest
        self.up_to = seal["up_to"]
        self._report.seals += 1

    def _compare(self, seal: Row | None, first: int, last: int, entries: list[Entry]) -> None:
        """With `seal` None, altered as it is, only the places are compared."""
        missing = last - first + 1 - len(entries) if last != _END else 0
        if missing > 0:
            self._add(Kind.DELETED, f"entry {_gap(first, entries)}", f"is missing ({missing} in all).")
        elif seal:
            self._in_order(seal, entries)
            made = merkle.root([leaves.entry(row.leaf, row.decision, row.seq, row.kind) for row in entries])
            if made.hex() != seal["root"]:
                name = f"seal {seal['number']}"
                self._add(Kind.BROKEN, name, f"was made over other entries than {first} to {last}.")

    def _in_order(self, seal: Row, entries: list[Entry]) -> None:
        after = self.up_to
        for entry in entries:
            name = f"entry {entry.position}"
            if entry.seal != seal["number"]:
                self._add(Kind.EDITED, name, f"names seal {entry.seal}, and lies under {seal['number']}.")
            if not after < entry.seq <= seal["up_to"]:
                self._add(Kind.MOVED, name, f"has number {entry.seq}, which is not its place in the order of arrival.")
            else:
                after = entry.seq

    def _is_signed(self, seal: Row, name: str) -> bool:
        """By the key it names; with a key that is not known its numbers are taken as they are, and that is a fault."""
        try:
            signed = headers.is_signed_by(seal, keys.public(seal["key_id"]))
        except keys.UnknownKey as unknown:
            self._add(Kind.UNKNOWN_KEY, name, f"cannot be checked: {unknown}")
            return True
        if not signed:
            self._add(Kind.FORGED, name, "does not bear our signature: it was altered, or not made here.")
        return signed

    def _up_to(self, position: int) -> Iterator[Entry]:
        """The next entries that lie there or before."""
        while (entry := self._ahead or next(self._entries, None)) and entry.position <= position:
            self._ahead = None
            yield entry
        self._ahead = entry

    def _add(self, kind: Kind, row: str, sentence: str) -> None:
        self._report.add(kind, row, sentence)


def _gap(first: int, entries: list[Entry]) -> int:
    """The first position at which none of these lies."""
    expected = itertools.count(first)
    return next((place for entry, place in zip(entries, expected, strict=False) if entry.position != place), 0) or (
        first + len(entries)
    )
