"""What does a policy's text look like, clause by clause, with numbers from their places and lasting anchors?"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from html import unescape
from itertools import chain, count
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.models import Site

from policies import typed
from policies.expansion import Facts, rich
from records.terms import Statement

PROSE = {"section": 1, "clause": 2, "subclause": 3, "text": 0}  # the level of a number; 0 has none
TYPED_LEVEL = 2
_LINE_ENDS = re.compile(r"</?(?:p|ul|ol|li|br|dl|dt|dd|table|tr|td|th)\b[^>]*>")


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
    """Numbers by place: a section starts anew, clauses of a text without sections count alone, and a sub-clause that
    stands below no clause counts as one, so that no number comes twice."""

    def __init__(self) -> None:
        self.section = self.clause = self.subclause = 0

    def next(self, level: int) -> str:
        if level == 3 and not self.clause:
            level = 2
        if level == 1:
            self.section, self.clause, self.subclause = self.section + 1, 0, 0
        elif level == 2:
            self.clause, self.subclause = self.clause + 1, 0
        else:
            self.subclause += 1
        places = [self.section, self.clause, self.subclause][:level]
        return ".".join(str(place) for place in places if place)


@dataclass(frozen=True)
class Text:
    """One policy text with everything in it expanded. `content` is what is hashed and kept for ever."""

    content: dict[str, Any]
    statements: list[Statement]
    used: dict[str, str]  # what it rests on, as in `expansion.Facts.used`

    @property
    def clauses(self) -> list[Clause]:
        return [Clause(**clause) for clause in self.content["clauses"]]


def text(title: str, body: StreamValue, *, language: str, site: Site) -> Text:
    """`body` as people read it in `language` on `site` at this moment, and what it obliges the site to.

    Raises ValidationError for a placeholder without a value, and for two clauses that state the same thing.
    """
    body.get_prep_value()  # gives an id to each block that has none yet: an anchor may rest on it
    facts = Facts(language=language, site=site, periods=typed.periods(body))
    with translation.override(language):
        expanded = [asdict(clause) for clause in _clauses(body, facts)]
        statements = [said for block in body for said in typed.statements(block, facts)]
    _refuse_doubles(statements)
    terms = [asdict(said) for said in statements]
    content = {"title": title, "language": language, "clauses": expanded, "terms": terms}
    return Text(content, statements, facts.used)


def _refuse_doubles(statements: list[Statement]) -> None:
    counted = Counter((said.kind, said.key) for said in statements)
    twice = ", ".join(key for (_kind, key), count in counted.items() if count > 1)
    if twice:
        raise ValidationError({"body": _("Two clauses say how it is with the same thing: %s.") % twice})


def _clauses(body: StreamValue, facts: Facts) -> Iterator[Clause]:
    for (block, number), anchor in zip(numbered(body), _anchors(body), strict=True):
        yield Clause(id=block.id, kind=block.block_type, number=number, anchor=anchor, html=_html(block, facts))


def numbered(body: StreamValue) -> Iterator[tuple[StreamValue.StreamChild, str]]:
    """Each block with the number of its place. What stands before the first numbered section is a preamble."""
    counter, preamble = _Counter(), any(_is_numbered_section(block) for block in body)
    for block in body:
        level = PROSE.get(block.block_type, TYPED_LEVEL)
        preamble = preamble and not _is_numbered_section(block)
        counted = level and not preamble and (block.block_type != "section" or _is_numbered_section(block))
        yield block, counter.next(level) if counted else ""


def _is_numbered_section(block: StreamValue.StreamChild) -> bool:
    return block.block_type == "section" and bool(block.value.get("numbered", True))


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


def _html(block: StreamValue.StreamChild, facts: Facts) -> str:
    if block.block_type == "section":
        return facts.fill_plain(block.value["title"])
    if block.block_type in PROSE:
        return facts.fill(rich(block.value["text"].source))
    return typed.html(block, facts)
