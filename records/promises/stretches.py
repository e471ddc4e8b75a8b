"""What did the policies in force state from when to when? An interval falls into pieces where a version took force."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from records import terms
from records.models import TermSheet
from records.terms import Kind


@dataclass(frozen=True)
class Stretch:
    """From `since` until before `until` (UTC) these keys were stated; `covered` where any version was in force."""

    since: datetime
    until: datetime
    stated: frozenset[str]
    covered: bool


def stretches(kind: Kind, since: datetime, until: datetime) -> Iterator[Stretch]:
    standing = TermSheet.objects.standing(until)
    within = standing.filter(effective_from__gt=since, effective_from__lt=until)
    instants = sorted({since, until, *within.values_list("effective_from", flat=True)})
    for start, end in pairwise(instants):
        covered = TermSheet.objects.standing(start).exists()
        yield Stretch(start, end, frozenset(terms.all_in_force(kind, start)), covered)
