"""Which words of a line stayed, and where do others stand in their place?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel

from policies.compare.markup import Word

REWRITTEN = 0.3  # below it what two lines share is chance: the one is shown whole, then the other
ISLAND = 2  # words that stayed between larger changes are easier to read as part of them
SEA = 4  # times as many words changed on each side


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words from `old[was:was_end]` and `new[now:now_end]`: the same ones, or those that took the others' place."""

    same: bool
    was: int
    was_end: int
    now: int
    now_end: int

    @property
    def size(self) -> int:
        return self.was_end - self.was + self.now_end - self.now

    def join(self, other: "Stretch") -> "Stretch":
        return Stretch(False, self.was, other.was_end, self.now, other.now_end)


def stretches(old: Sequence[Word], new: Sequence[Word]) -> list[Stretch]:
    """In their order; between two that changed there is always one that stayed."""
    before, after = [word.text for word in old], [word.text for word in new]
    if before and after and Indel.normalized_similarity(before, after) < REWRITTEN:
        return [Stretch(False, 0, len(old), 0, len(new))]
    return _without_islands(_joined(_found(before, after)))


def _found(before: list[str], after: list[str]) -> Iterator[Stretch]:
    for step in Indel.opcodes(before, after):
        yield Stretch(step.tag == "equal", step.src_start, step.src_end, step.dest_start, step.dest_end)


def _joined(found: Iterator[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for stretch in found:
        if joined and not joined[-1].same and not stretch.same:
            joined[-1] = joined[-1].join(stretch)
        else:
            joined.append(stretch)
    return joined


def _without_islands(found: list[Stretch]) -> list[Stretch]:
    left: list[Stretch] = []
    for place, stretch in enumerate(found):
        after = found[place + 1 : place + 2]
        if left and not left[-1].same and (not stretch.same or _is_island(stretch, left[-1], after)):
            left[-1] = left[-1].join(stretch)
        else:
            left.append(stretch)
    return left


def _is_island(stretch: Stretch, before: Stretch, after: list[Stretch]) -> bool:
    words = stretch.was_end - stretch.was
    around = [before.size, *(next_one.size for next_one in after)]
    return words <= ISLAND and len(around) == 2 and min(around) >= SEA * words
