"""Which clause of the old text is which of the new one, and which of them stand in another place?"""

from bisect import bisect_left
from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import Indel

from policies.compare.markup import read

ALIKE = 0.6  # of the words of both: above it a clause with a new id is the old one, reworded

Pairs = dict[int, int]  # place in the new text: place in the old one


def pair(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Pairs:
    """Pairs clauses, each given by its id and HTML: those with the same id, then those left over that read alike."""
    places = {block: place for place, (block, _html) in enumerate(old)}
    pairs = {place: places.pop(block) for place, (block, _html) in enumerate(new) if block in places}
    lost = {place: read(old[place][1]).texts() for place in sorted(places.values())}
    found = {place: read(html).texts() for place, (_block, html) in enumerate(new) if place not in pairs}
    return pairs | _alike(lost, found)


def _alike(lost: dict[int, list[str]], found: dict[int, list[str]]) -> Pairs:
    """The most alike first; of equals, those that moved least."""
    coded: dict[str, str] = {}
    before = {place: _coded(words, coded) for place, words in lost.items() if words}
    scores = [
        (-score, abs(was - place), was, place)
        for place, words in found.items()
        if words
        for _text, score, was in process.extract(
            _coded(words, coded), before, scorer=Indel.normalized_similarity, score_cutoff=ALIKE, limit=None
        )
        if score > ALIKE
    ]
    pairs: Pairs = {}
    for _score, _distance, was, place in sorted(scores):
        if place not in pairs and was not in pairs.values():
            pairs[place] = was
    return pairs


def _coded(words: list[str], codes: dict[str, str]) -> str:
    """One character for each word: strings are compared many times faster than lists."""
    return "".join(codes.setdefault(word, chr(0x10000 + len(codes))) for word in words)


def kept_in_order(pairs: Pairs) -> Pairs:
    """The most pairs that stand in the same order in both texts; the others were moved."""
    lowest: list[int] = []  # the lowest old place that a run of each length can end with
    last: list[int] = []  # the new place of it
    before: dict[int, int | None] = {}  # the new place that stands before each in its run
    for place in sorted(pairs):
        length = bisect_left(lowest, pairs[place])
        before[place] = last[length - 1] if length else None
        lowest[length : length + 1] = [pairs[place]]
        last[length : length + 1] = [place]
    kept: Pairs = {}
    step = last[-1] if last else None
    while step is not None:
        kept[step] = pairs[step]
        step = before[step]
    return dict(sorted(kept.items()))
