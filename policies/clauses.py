"""What does a policy's text look like, clause by clause, with numbers from their places and lasting anchors?"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from html import unescape
from itertools import chain, count
from typing import Any

from django.utils.html import escape, strip_tags
from wagtail.blocks import StreamValue
from wagtail.rich_text import expand_db_html

LEVELS = {"section": 1, "clause": 2, "subclause": 3}
_EDITOR_KEY = re.compile(r'(?<=<)(\w+) data-block-key="[^"]*"')
_LINE_ENDS = re.compile(r"</?(?:p|ul|ol|li|br)\b[^>]*>")


@dataclass(frozen=True)
class Clause:
    """One clause as it is frozen: `number` is "", "1", "1.2" or "1.2.3"; `html` is ready for the page."""

    id: str
    kind: str
    number: str
    anchor: str
    html: str

    @property
    def text(self) -> str:
        words = unescape(strip_tags(_LINE_ENDS.sub(" ", self.html)))
        return " ".join(f"{self.number} {words}".split())


class _Counter:
    """Numbers by place: a section starts anew, a clause outside any section counts alone, and a sub-clause that
    stands below no clause counts as one, so that no number comes twice."""

    def __init__(self) -> None:
        self.section = self.clause = self.subclause = 0

    def next(self, kind: str) -> str:
        if kind == "subclause" and not self.clause:
            kind = "clause"
        if kind == "section":
            self.section, self.clause, self.subclause = self.section + 1, 0, 0
        elif kind == "clause":
            self.clause, self.subclause = self.clause + 1, 0
        elif kind == "subclause":
            self.subclause += 1
        parts = {"section": [self.section], "clause": [self.section, self.clause]}
        places = parts.get(kind, [self.section, self.clause, self.subclause])
        return ".".join(str(place) for place in places if place)


def clauses(body: StreamValue) -> list[Clause]:
    body.get_prep_value()  # gives an id to each block that has none yet: an anchor may rest on it
    return list(_clauses(body))


def _clauses(body: StreamValue) -> Iterator[Clause]:
    counter = _Counter()
    for block, anchor in zip(body, _anchors(body), strict=True):
        numbered = block.block_type in LEVELS and block.value.get("numbered", True)
        yield Clause(
            id=block.id,
            kind=block.block_type,
            number=counter.next(block.block_type) if numbered else "",
            anchor=anchor,
            html=_html(block),
        )


def own_anchors(body: StreamValue) -> list[str]:
    return [block.value["anchor"] for block in body if block.value["anchor"]]


def _anchors(body: StreamValue) -> Iterator[str]:
    """The editor's own, else one from the block's id, which Wagtail keeps through edits, copies and reverts."""
    taken = set(own_anchors(body))
    for block in body:
        name = block.value["anchor"] or _free(f"c-{block.id[:8]}", taken)
        taken.add(name)
        yield name


def _free(stem: str, taken: set[str]) -> str:
    return next(name for name in chain([stem], (f"{stem}-{n}" for n in count(2))) if name not in taken)


def _html(block: StreamValue.StreamChild) -> str:
    if block.block_type == "section":
        return escape(block.value["title"])
    # The editor's own keys are no text: with them, saving an unchanged clause would look like a change.
    return str(expand_db_html(_EDITOR_KEY.sub(r"\1", block.value["text"].source)))


def content(title: str, body: StreamValue) -> dict[str, Any]:
    """What is hashed and kept for ever of one policy text."""
    return {"title": title, "clauses": [asdict(clause) for clause in clauses(body)]}
