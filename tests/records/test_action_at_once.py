"""What only real commits show of the action log: workers at the same moment, and months made while others work."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from records.action_log import drain, partitions, spool
from records.action_log.events import packed
from records.models import Action
from tests import make
from tests.committed import together
from tests.records.acting import event, fill, written

pytestmark = pytest.mark.usefixtures("log")
NOW = make.NOW


def run() -> drain.Drained:
    return drain.drain(now=NOW)


def paths() -> list[str]:
    return [row.path for row in written()]


def test_alone_it_is_no_different(db: None) -> None:
    partitions.ensure(now=NOW)
    fill(event())
    assert run().rows == 1


def test_of_two_workers_one_drains(committed: None) -> None:
    partitions.ensure(now=NOW)
    fill(*(event(path=f"/{number}/") for number in range(500)))
    spool.put([packed(event(path=f"/file/{number}/")) for number in range(500)])
    done = together(*[run] * 4)
    assert sum(each.rows for each in done) == 1000
    assert Action.objects.count() == len(set(paths())) == 1000


def test_who_finds_the_row_taken_leaves(committed: None) -> None:
    partitions.ensure(now=NOW)
    fill(event())
    run()
    fill(event())
    held, done = threading.Event(), threading.Event()

    def hold() -> int:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN; SELECT 1 FROM records_streamposition WHERE source = 'stream' FOR UPDATE")
            held.set()
            done.wait(20)
            cursor.execute("COMMIT")
        return 0

    def look() -> int:
        held.wait(20)
        rows = run().rows
        done.set()
        return rows

    assert together(hold, look) == [0, 0]
    assert run().rows == 1


def test_of_several_that_make_them_at_once_each_ends_well(committed: None) -> None:
    made = together(*[lambda: partitions.ensure(now=NOW)] * 4)
    assert sorted(map(len, made)) == [0, 0, 0, 4]


def test_nobody_who_reads_or_writes_the_log_waits(committed: None) -> None:
    """A reader and a writer hold their locks while the months are made."""
    Action.objects.create(**event(datetime.now(UTC))._asdict())

    with connection.cursor() as cursor:
        cursor.execute("BEGIN; LOCK TABLE records_action IN ROW EXCLUSIVE MODE; SELECT count(*) FROM records_action")
        [made] = together(lambda: partitions.ensure(now=NOW))
        cursor.execute("COMMIT")
    assert len(made) == 4
