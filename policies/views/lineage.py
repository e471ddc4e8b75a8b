"""Which version took the place of which, and where among them does one stand at an instant?"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q

from policies.models import PolicyPage, PolicyVersion, PolicyVersionQuerySet
from policies.states import State


class Place(NamedTuple):
    """A standing version in the order in which versions take force."""

    effective_from: datetime
    number: int
    ends: bool


@dataclass(frozen=True)
class Standing:
    """What is to be said of a version at an instant."""

    version: PolicyVersion
    state: State
    before: Place | None  # whose place it took or takes
    after: Place | None  # what took or takes its place

    @property
    def until(self) -> datetime | None:
        return self.after.effective_from if self.after else None

    @property
    def never(self) -> bool:
        """Superseded at its very instant, by one that was frozen later."""
        return self.until == self.version.effective_from

    @property
    def comparable(self) -> bool:
        return bool(self.before) and not self.version.ends and not (self.before and self.before.ends)


class Lineage:
    """Standing versions of a policy in the order in which they take force."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = sorted({*places})

    @classmethod
    def whole(cls, page: PolicyPage) -> "Lineage":
        """All of them, for lists."""
        return cls(_places(page.versions.standing()))

    @classmethod
    def around(cls, page: PolicyPage, version: PolicyVersion, now: datetime) -> "Lineage":
        """What is to be said of one version at `now`: it, its neighbours, the first and the last that took force. One
        query over an index, however many versions there are."""
        standing, at = page.versions.standing(), version.effective_from
        due = standing.filter(effective_from__lte=now)
        later = Q(effective_from__gt=at) | Q(effective_from=at, number__gt=version.number)
        asked = [
            standing.filter(pk=version.pk),
            standing.filter(effective_from__lt=at).order_by("-effective_from", "-number"),
            standing.filter(later).order_by("effective_from", "-number"),
            due.order_by("effective_from", "-number"),
            due.order_by("-effective_from", "-number"),
        ]
        first, *rest = (found.values_list(*Place._fields)[:1] for found in asked)
        return cls(Place(*row) for row in first.union(*rest, all=True))

    @classmethod
    def ahead(cls, version: PolicyVersion, upcoming: Iterable[PolicyVersion]) -> "Lineage":
        """The version in force and what is announced, both at hand."""
        return cls(Place(row.effective_from, row.number, row.ends) for row in (version, *upcoming))

    def standing(self, version: PolicyVersion, now: datetime) -> Standing:
        after = self._after(version)
        return Standing(version, self._state(version, after, now), self._before(version), after)

    def took_force(self, now: datetime) -> list[Place]:
        """Those that were in force for some time, the first one first."""
        due = [place for place in self._places if place.effective_from <= now]
        pairs = zip(due, [*due[1:], None], strict=True)
        return [place for place, next_ in pairs if next_ is None or next_.effective_from > place.effective_from]

    def _before(self, version: PolicyVersion) -> Place | None:
        place = bisect_left(self._places, (version.effective_from, 0))
        return self._places[place - 1] if place else None

    def _after(self, version: PolicyVersion) -> Place | None:
        """Of several that take force at the next instant, the one that is served."""
        place = bisect_right(self._places, (version.effective_from, version.number, True))
        if place == len(self._places):
            return None
        return self._places[bisect_right(self._places, (self._places[place].effective_from, float("inf"))) - 1]

    def _state(self, version: PolicyVersion, after: Place | None, now: datetime) -> State:
        if (version.effective_from, version.number, version.ends) not in self._places:
            return State.WITHDRAWN
        if version.effective_from > now:
            return State.PENDING
        return State.SUPERSEDED if after and after.effective_from <= now else State.IN_FORCE


def _places(versions: PolicyVersionQuerySet) -> Iterable[Place]:
    return (Place(*row) for row in versions.values_list(*Place._fields))
