"""Was anything in the ledger altered, removed, added, moved or put back? Which row is the first?"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from consent.proof import behind, checks, rows
from consent.proof.anchors import Anchored
from consent.proof.faults import Report
from consent.proof.rows import Entry, Texts
from consent.proof.walk import Walk

Told = Callable[[int], None]


def verify(*, anchored: Iterable[Anchored] = (), told: Told = lambda entries: None) -> Report:
    """Reads the whole ledger, as it is at one moment, and reports. `told` hears how many entries are done.

    `anchored` are seals as they were written down outside. Raises nothing for what it finds.
    """
    started = time.monotonic()
    report = Report()
    with _one_moment():
        shown = rows.texts()
        walk = Walk(_checked(shown, report, told), anchored, report)
        for seal in rows.seals():
            walk.take(seal)
        walk.end()
        behind.without_an_entry(walk.up_to, shown, report)
        behind.texts(report)
    report.seconds = time.monotonic() - started
    return report


@contextmanager
def _one_moment() -> Iterator[None]:
    """Whoever decides, seals or erases meanwhile is not seen, so that nothing is compared with what came later."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _checked(shown: Texts, report: Report, told: Told) -> Iterator[Entry]:
    """Every entry by position, each compared with the rows it stands for."""
    for batch in rows.entries():
        ids = [entry.decision for entry in batch]
        bodies, redactions = rows.decisions(ids, shown), rows.redactions(ids)
        for entry in batch:
            checks.entry(entry, bodies.get(entry.decision), redactions.get(entry.decision), report)
        report.entries += len(batch)
        told(report.entries)
        yield from batch
