"""Who was erased and is back with a restored backup? They are erased again, and what they wrote since is not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from records.models import Erasure
from records.subject_requests import erasing, plan, tombstones
from records.subject_requests.tombstones import Tombstone


@dataclass(frozen=True)
class Again:
    """One tombstone whose person is back: which rows, by data set. It names nobody."""

    erased_at: datetime
    rows: dict[str, int]


@dataclass(frozen=True)
class Outcome:
    """How many tombstones are known, how many of them only a file knew, and whom they found."""

    tombstones: int
    only_in_files: int
    finished: int  # erasures that had been interrupted
    again: tuple[Again, ...]


def reapply(*, files: Iterable[str] = (), now: datetime, dry_run: bool = False) -> Outcome:
    """Erases anew what was written at or before the instant of a tombstone; `dry_run` only says what that is.

    `files` are tombstones that were written outside the database: a database knows only those of before its backup.
    Raises OSError and tombstones.Unreadable, before anything is erased.
    """
    known = tombstones.known(files)
    begun = list(tombstones.unfinished())
    new = _unknown(known)
    if not dry_run:
        for row in begun:
            erasing.finish(row, now=now)
        Erasure.objects.bulk_create(
            Erasure(subject=each.subject, erased_at=each.erased_at, receipt={"from_file": True, "sets": []})
            for each in new
        )
    again = [found for stone in known if (found := _again(stone, now, dry_run=dry_run))]
    return Outcome(len(known), len(new), len(begun), tuple(again))


def _unknown(known: list[Tombstone]) -> list[Tombstone]:
    """Those of which the database does not know, or knows an earlier erasure of the same person only."""
    stored = {(bytes(subject), at) for subject, at in Erasure.objects.values_list("subject", "erased_at")}
    return [each for each in known if (each.subject, each.erased_at) not in stored]


def _again(stone: Tombstone, now: datetime, *, dry_run: bool) -> Again | None:
    found = plan.of(subject=stone.subject, now=now, until=stone.erased_at)
    if found.does_nothing:
        return None
    rows = {step.entry.label: len(step.versions) for step in found.changing}
    if not dry_run:
        said: dict[str, Any] = erasing.carry_out(subject=stone.subject, now=now, until=stone.erased_at)
        rows = {each["holding"]: each["rows"] for each in said["sets"] if each["rows"]}
    return Again(stone.erased_at, rows)
