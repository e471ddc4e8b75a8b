"""Is none of 200 honest histories called altered: writers together, a sealer killed, rows erased between?"""

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from consent.catalogue import Published
from consent.models import Decision, LedgerEntry, Redaction, Seal
from consent.proof import redact, seal, verify
from records import retention
from tests import make
from tests.committed import together

SEED, DATABASES, EACH = 20260301, 8, 25
OLD = make.NOW - timedelta(days=4 * 365)
Act = Callable[[], object]

doomed: set[int] = set()  # threads whose sealer is killed between the entries and the seal


@pytest.fixture
def mortal(monkeypatch: pytest.MonkeyPatch) -> None:
    write = seal._write

    def or_die(*args: Any, **values: Any) -> None:
        if threading.get_ident() in doomed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        write(*args, **values)

    monkeypatch.setattr(seal, "_write", or_die)


def writer(published: Published, seed: int) -> Act:
    """Some rows at once, some in a transaction that takes its time, and one that is taken back in the end."""
    dice = random.Random(seed)

    def write() -> None:
        for _ in range(dice.randrange(1, 4)):
            make.decision(published, now=dice.choice([make.NOW, OLD]))
        with suppress(ZeroDivisionError), transaction.atomic():
            make.decision(published)
            time.sleep(dice.random() / 50)
            make.decision(published, "analytics")
            _taken_back = 1 / dice.randrange(2)

    return write


def sealer(seed: int) -> Act:
    dice = random.Random(seed)

    def keep_sealing() -> None:
        if dice.random() < 0.4:
            doomed.add(threading.get_ident())
        try:
            for _ in range(2):
                seal.seal(now=make.NOW, most=dice.randrange(1, 9))
        except Error:
            assert threading.get_ident() in doomed
        finally:
            doomed.discard(threading.get_ident())

    return keep_sealing


def eraser(seed: int) -> Act:
    dice = random.Random(seed)

    def erase() -> None:
        there = list(Decision.objects.values_list("pk", flat=True).order_by("pk"))
        if dice.random() < 0.5:
            redact.redact(dice.sample(there, min(2, len(there))), why=Redaction.Why.ERASURE, now=make.NOW)
        if dice.random() < 0.2:
            retention.expire(now=make.NOW)

    return erase


def checker() -> object:
    report = verify.verify()
    return report.first


@pytest.mark.parametrize("database", range(DATABASES))
@pytest.mark.usefixtures("committed", "mortal")
def test_no_honest_history_is_called_altered(database: int) -> None:
    make.site()
    published = make.catalogue_of_one()
    dice = random.Random(SEED + database)
    for _history in range(EACH):
        seeds = [dice.getrandbits(32) for _ in range(5)]
        acts = [writer(published, seeds[0]), writer(published, seeds[1]), sealer(seeds[2]), sealer(seeds[3])]
        *_done, found = together(*acts, eraser(seeds[4]), checker)
        assert found == [], "while all of them are at work"
        seal.seal(now=make.NOW)
        report = verify.verify()
        assert (report.first, report.unsealed) == ([], 0)
    assert Decision.objects.exists()
    assert Redaction.objects.exists()
    assert Seal.objects.count() > EACH
    assert LedgerEntry.objects.filter(kind="redaction").count() == Redaction.objects.count()
