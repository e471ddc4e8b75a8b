"""What does a pending text say once a fix of the text in force is carried into it? Three ways, by block id."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from typing import Any

Block = dict[str, Any]  # type, value, id, as a stream keeps it
TITLE = "title"
FIX, PENDING = "fix", "pending"  # whose words a conflict is settled with
_EDITOR_KEY = re.compile(r'(<\w+) data-block-key="[^"]*"')


@dataclass(frozen=True)
class Wording:
    """A title and its blocks: all that people read of a policy."""

    title: str
    blocks: list[Block]

    @property
    def keyed(self) -> dict[str, Block]:
        """The blocks in their order by id. Ids that are alike are told apart by their place among each other."""
        seen: Counter[str] = Counter()
        keyed = {}
        for block in self.blocks:
            seen[block["id"]] += 1
            keyed[_key(block["id"], seen[block["id"]])] = block
        return keyed

    def says_the_same(self, other: "Wording") -> bool:
        return self.title == other.title and [plain(block) for block in self.blocks] == [
            plain(block) for block in other.blocks
        ]


class What(Enum):
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True)
class Change:
    """One thing the fix does to the text in force, or, as a conflict, that the pending text undoes or does otherwise.

    A side is None where the block is not in that text; for the title the sides are words.
    """

    key: str
    what: What
    fix: Any
    pending: Any


@dataclass(frozen=True)
class Merged:
    text: Wording
    changes: list[Change]  # of the fix, as they are carried into the pending text
    conflicts: list[Change]  # of the fix, where the pending text says something else there


def plain(value: Any) -> Any:
    """Without what the editor's form changes by itself: the keys that it gives to paragraphs, and the order in which
    the boxes of a multiple choice were ticked."""
    if isinstance(value, str):
        return _EDITOR_KEY.sub(r"\1", value)
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    if not isinstance(value, list | tuple):
        return value
    parts = [plain(part) for part in value]
    return sorted(parts) if all(isinstance(part, str) for part in parts) else parts


def merge(*, base: Wording, fix: Wording, pending: Wording, settled: Mapping[str, str] | None = None) -> Merged:
    """`pending` with what `fix` changes in `base`. `settled` says by key whose side a conflict takes; without a word
    it is the pending text's."""
    took = settled or {}
    title, *title_change = _title(base, fix, pending, took)
    sides = _Sides(base.keyed, fix.keyed, pending.keyed)
    kept = {key: block for key in sides.keys if (block := sides.merged(key, took)) is not None}
    order = sides.order(set(kept), took)
    found = [*title_change, *sides.changes()]
    return Merged(
        Wording(title, [kept[key] for key in order]),
        changes=[change for change, disputed in found if not disputed],
        conflicts=[change for change, disputed in found if disputed],
    )


def _key(block_id: str, nth: int) -> str:
    return block_id if nth == 1 else f"{block_id}#{nth}"


def _title(base: Wording, fix: Wording, pending: Wording, took: Mapping[str, str]) -> tuple[Any, ...]:
    if fix.title in (base.title, pending.title):
        return (pending.title,)
    disputed = pending.title != base.title
    title = fix.title if not disputed or took.get(TITLE) == FIX else pending.title
    return title, (Change(TITLE, What.CHANGED, fix.title, pending.title), disputed)


class _Sides:
    """The three texts side by side, each block by its key."""

    def __init__(self, base: dict[str, Block], fix: dict[str, Block], pending: dict[str, Block]) -> None:
        self.base, self.fix, self.pending = base, fix, pending
        self.keys = list(dict.fromkeys([*base, *fix, *pending]))
        self.moved_by_fix = _moved(base, fix)
        self.moved_by_pending = _moved(base, pending)

    def _three(self, key: str) -> tuple[Any, Any, Any]:
        return plain(self.base.get(key)), plain(self.fix.get(key)), plain(self.pending.get(key))

    def _disputed(self, key: str) -> bool:
        base, fix, pending = self._three(key)
        return (fix != base and pending not in (base, fix)) or self._moved_apart(key)

    def _moved_apart(self, key: str) -> bool:
        """Both texts moved the block, each to another neighbour."""
        moved = key in self.moved_by_fix and key in self.moved_by_pending
        return moved and _before(key, self.fix) != _before(key, self.pending)

    def merged(self, key: str, took: Mapping[str, str]) -> Block | None:
        base, fix, pending = self._three(key)
        if fix in (base, pending) or (self._disputed(key) and took.get(key) != FIX):
            return self.pending.get(key)
        return self.fix.get(key)

    def order(self, kept: set[str], took: Mapping[str, str]) -> list[str]:
        """The pending text's order; what the fix adds or moves goes after the neighbour it has there."""
        carried = self.moved_by_fix - self.moved_by_pending
        carried |= {key for key in self.moved_by_fix if self._moved_apart(key) and took.get(key) == FIX}
        order = [key for key in self.pending if key in kept and key not in carried]
        placed, neighbour = set(order), None
        for key in self.fix:
            if key in kept and key not in placed:
                order.insert(order.index(neighbour) + 1 if neighbour else 0, key)
                placed.add(key)
            neighbour = key if key in placed else neighbour
        return order

    def changes(self) -> list[tuple[Change, bool]]:
        """What the fix did and the pending text did not do alike, each with: is it disputed?"""
        found = ((key, self._what(key)) for key in self.keys)
        return [(self._change(key, what), self._disputed(key)) for key, what in found if what]

    def _change(self, key: str, what: What) -> Change:
        return Change(key, what, self.fix.get(key), self.pending.get(key))

    def _what(self, key: str) -> What | None:
        base, fix, pending = self._three(key)
        if fix in (base, pending):
            moved = key in self.moved_by_fix and pending is not None
            alike = key in self.moved_by_pending and not self._moved_apart(key)
            return What.MOVED if moved and not alike else None
        if base is None:
            return What.ADDED
        return What.REMOVED if fix is None else What.CHANGED


def _moved(base: Iterable[str], text: Iterable[str]) -> set[str]:
    """The keys of both that do not stand in the common order."""
    before, after = list(base), list(text)
    both = set(before) & set(after)
    before, after = [key for key in before if key in both], [key for key in after if key in both]
    matches = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    in_order = {key for start, _, size in matches for key in before[start : start + size]}
    return both - in_order


def _before(key: str, text: Iterable[str]) -> str | None:
    keys = list(text)
    place = keys.index(key)
    return keys[place - 1] if place else None
