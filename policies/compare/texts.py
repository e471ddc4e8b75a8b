"""How does one frozen text become another, clause by clause in the order of the new one?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from itertools import groupby
from typing import Any

from policies.compare.alignment import Pairs, kept_in_order, pair
from policies.compare.obligations import TermChange, changes
from policies.compare.redline import Redline, redline

Clause = dict[str, str]


@dataclass(frozen=True)
class ClauseChange:
    """One clause: as it was, as it is (None where it is missing), and both in one."""

    old: Clause | None
    new: Clause | None
    redline: Redline
    moved: bool = False

    @property
    def shown(self) -> Clause:
        clause = self.new or self.old
        assert clause is not None
        return clause

    @property
    def change(self) -> str:
        if self.old is None or self.new is None:
            return "added" if self.old is None else "removed"
        differs = self.old["html"] != self.new["html"] or self.kind_changed
        return "changed" if differs else "moved" if self.moved else "same"

    @property
    def kind_changed(self) -> bool:
        return bool(self.old and self.new and self.old["kind"] != self.new["kind"])

    @property
    def only_format(self) -> bool:
        line = self.redline
        return self.change == "changed" and line.reformatted and not (line.words_in or line.words_out or line.links)


@dataclass(frozen=True)
class Passage:
    """Clauses that follow each other and all changed, or all stayed; below which section, if that one stayed."""

    same: bool
    clauses: list[ClauseChange]
    section: Clause | None = None


@dataclass(frozen=True)
class Summary:
    """Counts: words; clauses; links that lead elsewhere; clauses of which only the formatting changed."""

    words_in: int
    words_out: int
    added: int
    removed: int
    changed: int
    moved: int
    links: int
    formats: int


@dataclass(frozen=True)
class Comparison:
    title: Redline
    clauses: list[ClauseChange]
    terms: list[TermChange] = field(default_factory=list)

    @cached_property
    def summary(self) -> Summary:
        lines = [self.title, *(clause.redline for clause in self.clauses)]
        found = [clause.change for clause in self.clauses]
        return Summary(
            words_in=sum(line.words_in for line in lines),
            words_out=sum(line.words_out for line in lines),
            added=found.count("added"),
            removed=found.count("removed"),
            changed=found.count("changed"),
            moved=sum(clause.moved for clause in self.clauses),
            links=sum(len(line.links) for line in lines),
            formats=sum(clause.only_format for clause in self.clauses),
        )

    @property
    def title_changed(self) -> bool:
        return bool(self.title.words_in or self.title.words_out)

    @property
    def same(self) -> bool:
        return not (self.title_changed or self.terms) and all(clause.change == "same" for clause in self.clauses)

    @cached_property
    def passages(self) -> list[Passage]:
        """The text in its order, what stayed apart from what changed."""
        return list(_passages(self.clauses))


def compare(old: dict[str, Any], new: dict[str, Any]) -> Comparison:
    """From the content of one version to that of another; labels are in the language that is active."""
    titled = [content for content in (old, new) if content["clauses"]] or [new]  # what ends a policy has no text
    title = redline(*(escape(content["title"], quote=False) for content in (titled[0], titled[-1])))
    clauses = _clauses(old["clauses"], new["clauses"])
    return Comparison(title, list(clauses), changes(old.get("terms", []), new.get("terms", [])))


def _clauses(old: Sequence[Clause], new: Sequence[Clause]) -> Iterator[ClauseChange]:
    """What went stands where it stood, between the clauses that kept their order."""
    pairs = pair([(clause["id"], clause["html"]) for clause in old], [(clause["id"], clause["html"]) for clause in new])
    kept = kept_in_order(pairs)
    gone = set(range(len(old))) - set(pairs.values())
    was = now = 0
    for place, old_place in [*kept.items(), (len(new), len(old))]:
        yield from (_change(old[at], None) for at in range(was, old_place) if at in gone)
        yield from (_counted(old, new, at, pairs) for at in range(now, place))
        if place < len(new):
            yield _change(old[old_place], new[place])
        was, now = old_place + 1, place + 1


def _counted(old: Sequence[Clause], new: Sequence[Clause], at: int, pairs: Pairs) -> ClauseChange:
    if at in pairs:
        return _change(old[pairs[at]], new[at], moved=True)
    return _change(None, new[at])


def _change(old: Clause | None, new: Clause | None, *, moved: bool = False) -> ClauseChange:
    before, after = old["html"] if old else "", new["html"] if new else ""
    line = Redline(parts=[after]) if before == after else redline(before, after)
    alone = old is None or new is None
    if alone:
        line.links, line.reformatted = [], False
    return ClauseChange(old, new, line, moved)


def _passages(clauses: Sequence[ClauseChange]) -> Iterator[Passage]:
    section: Clause | None = None
    folded = False  # whether its heading is out of sight, and was not told yet
    for same, run in groupby(clauses, key=lambda clause: clause.change == "same"):
        found = list(run)
        told = folded and not same and found[0].shown["kind"] != "section"
        yield Passage(same, found, section if told else None)
        folded = folded and not told
        for clause in found:
            if clause.shown["kind"] == "section":
                section, folded = clause.shown, same
