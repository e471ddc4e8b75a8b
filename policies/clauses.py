"""What does a policy's text look like, clause by clause, with numbers from their places and lasting anchors?"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.html import escape, strip_tags
from wagtail.blocks import StreamValue
from wagtail.rich_text import expand_db_html

LEVELS = {"section": 1, "clause": 2, "subclause": 3}


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
        words = " ".join(strip_tags(self.html.replace("><", "> <")).split())
        return f"{self.number} {words}".strip()


class _Counter:
    """Numbers by place: a section starts anew, a clause outside any section counts alone."""

    def __init__(self) -> None:
        self.section = self.clause = self.subclause = 0

    def next(self, kind: str) -> str:
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
    return list(_clauses(body))


def _clauses(body: StreamValue) -> Iterator[Clause]:
    counter = _Counter()
    for block in body:
        numbered = block.block_type in LEVELS and block.value.get("numbered", True)
        yield Clause(
            id=block.id,
            kind=block.block_type,
            number=counter.next(block.block_type) if numbered else "",
            anchor=anchor(block),
            html=_html(block),
        )


def anchor(block: StreamValue.StreamChild) -> str:
    """The editor's own, else one from the block's id, which Wagtail keeps through edits, copies and reverts."""
    return block.value["anchor"] or f"c-{block.id[:8]}"


def _html(block: StreamValue.StreamChild) -> str:
    if block.block_type == "section":
        return escape(block.value["title"])
    return str(expand_db_html(block.value["text"].source))


def content(title: str, body: StreamValue) -> dict[str, Any]:
    """What is hashed and kept for ever of one policy text."""
    return {"title": title, "clauses": [asdict(clause) for clause in clauses(body)]}
