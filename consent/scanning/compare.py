"""What of all that was met is declared nowhere, or is there in a state that does not allow it, or stays too long?"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from consent import findings, lifetimes
from consent.models import Finding
from consent.scanning.seen import Sight, State

Content = dict[str, Any]
_SLACK = 60  # seconds between a server's clock and the browser's
_ORDER = list(Finding.Kind)
_STORED = {Finding.Kind.COOKIE, Finding.Kind.LOCAL, Finding.Kind.SESSION}


class Problem(StrEnum):
    UNDECLARED = "undeclared"
    EARLY = "before-choice"
    REFUSED = "after-refusal"
    LONGER = "too-long"


@dataclass
class Thing:
    """One name with all its sights. `groups` and `services` are keys of those that declare it; `kept` are the
    lifetimes they declare."""

    kind: str
    name: str
    sights: list[Sight] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    own: bool = False  # no visitor can be without it: it needs no words
    problems: list[Problem] = field(default_factory=list)

    @property
    def details(self) -> list[str]:
        return list(dict.fromkeys(sight.detail for sight in self.sights))

    @property
    def seconds(self) -> int | None:
        """The longest life that was seen of a cookie."""
        return max((sight.seconds for sight in self.sights if sight.seconds is not None), default=None)

    @property
    def blocked(self) -> bool:
        return all(sight.blocked for sight in self.sights)

    def pages(self, state: State) -> list[str]:
        return list(dict.fromkeys(sight.page for sight in self.sights if sight.state == state))


def things(sights: Iterable[Sight], content: Content | None, own: Collection[str]) -> list[Thing]:
    """What was met, by kind and name, without the site's `own` origins. With no `content`, such as of a site that is
    not ours, nothing is a problem."""
    found: dict[tuple[str, str], Thing] = {}
    for sight in sights:
        if sight.kind in _STORED or sight.name not in own:
            found.setdefault((sight.kind, sight.name), Thing(sight.kind, sight.name)).sights.append(sight)
    ordered = sorted(found.values(), key=lambda thing: (_ORDER.index(Finding.Kind(thing.kind)), thing.name))
    if content is not None:
        for thing in ordered:
            _judge(thing, content)
    return ordered


def _judge(thing: Thing, content: Content) -> None:
    declaring = findings.declaring(content, thing.kind, thing.name)
    thing.own = findings.is_own_cookie(thing.kind, thing.name)
    thing.groups = list(dict.fromkeys(group["key"] for group, _row in declaring))
    if thing.kind in _STORED:
        thing.services = list(dict.fromkeys(row["service"] for _group, row in declaring if row["service"]))
        thing.kept = [row["lifetime"] for _group, row in declaring if row["lifetime"]]
    else:
        thing.services = [service["key"] for _group, service in declaring]
    if not declaring and not thing.own:
        thing.problems = [Problem.UNDECLARED]
        return
    if not thing.own and not any(group["required"] for group, _row in declaring):
        thing.problems = _misplaced(thing)
    if _is_longer(thing):
        thing.problems.append(Problem.LONGER)


def _misplaced(thing: Thing) -> list[Problem]:
    met = {sight.state for sight in thing.sights}
    where = {State.NONE: Problem.EARLY, State.REFUSED: Problem.REFUSED}
    return [problem for state, problem in where.items() if state in met]


def _is_longer(thing: Thing) -> bool:
    """The longest of several declarations counts; where nobody has stated how long, nothing is too long."""
    if thing.kind != Finding.Kind.COOKIE or not thing.kept or thing.seconds is None:
        return False
    return thing.seconds > max(map(lifetimes.seconds, thing.kept)) + _SLACK
