"""How long does a month take to end, and who waits meanwhile? Each part is a process of its own.

python -m bench.records.ending <way> <instant>
"""

import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from dateutil.relativedelta import relativedelta

ROOT = Path(__file__).resolve().parents[2]
MONTHS = 13
QUIET = 2.0  # seconds of inserts before anything happens
WAYS = {  # and for how many seconds somebody reads
    "**DETACH CONCURRENTLY, DROP** (ours)": ("ours", 0),
    "the same behind a reader of 4 s": ("ours", 4),
    "**batches of 5,000 rows** (ours, for a month that is not over)": ("rows", 0),
    "`queryset.delete()`": ("delete", 0),
    "`queryset.delete()` and one `post_delete` receiver": ("receiver", 0),
    "`DROP` of the partition": ("drop", 0),
    "`DROP` behind a reader of 4 s": ("drop", 4),
}
_FILL = """
INSERT INTO records_action (at, event, kind, method, path, query, status, source, campaign, visitor, address, browser,
    system, device, screen, language, bot, signal)
SELECT %(start)s::timestamptz + random() * (%(end)s::timestamptz - %(start)s::timestamptz), gen_random_uuid(), 'page',
    'GET', '/page/' || (random() * 5000)::int || '/', '', 200, 'https://search.example/find', 'letter/spring',
    decode(md5(random()::text), 'hex'), '198.18.' || (random() * 250)::int || '.0', 'Firefox 140', 'Linux', 'computer',
    '', 'de', false, ''
FROM generate_series(1, %(rows)s)
"""


class Ended(NamedTuple):
    """Seconds, MiB and milliseconds."""

    rows: int
    seconds: float
    growth: float
    quiet: float  # 99th percentile of what an insert waits
    during: float
    worst: float
    before: float
    after: float


def months() -> list[date]:
    this = datetime.now(UTC).date().replace(day=1)
    return [this - relativedelta(months=number) for number in range(MONTHS - 1, -1, -1)]


def over() -> datetime:
    """When the whole of the oldest month is due."""
    return datetime.combine(months()[1], datetime.min.time(), UTC) + timedelta(days=365)


def fill(rows: int) -> None:
    """An empty log first; then so many rows, spread evenly."""
    from records.action_log import partitions

    _sql("TRUNCATE records_action")
    partitions.ensure(now=datetime.now(UTC), months=months())
    for month in months():
        _fill_month(month, rows // MONTHS)
    _sql("VACUUM ANALYZE records_action")
    _sql("CHECKPOINT")


def _fill_month(month: date, rows: int) -> None:
    part = _partition(month)
    _sql(_FILL, {"start": part.start, "end": min(part.end, datetime.now(UTC)), "rows": rows})


def _partition(month: date) -> Any:
    from records.action_log import partitions

    return partitions.of(month)


def _span(month: date) -> list[datetime]:
    part = _partition(month)
    return [part.start, part.end]


def _sql(statement: str, values: Any = None) -> Any:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone() if cursor.description else None


def _size() -> float:
    whole = "SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'records_action'::regclass"
    return float(_sql(whole)[0]) / 2**20


def _again() -> None:
    """The oldest month as it was."""
    from records.action_log import partitions

    first, second = months()[:2]
    partitions.ensure(now=datetime.now(UTC), months=[first])
    _sql(f"TRUNCATE {_partition(first).name}")
    [rows] = _sql("SELECT count(*) FROM records_action WHERE at >= %s AND at < %s", _span(second))
    _fill_month(first, rows)
    _sql(f"VACUUM ANALYZE {_partition(first).name}")
    _sql("CHECKPOINT")


def measured(way: str, reading: int) -> Ended:
    """Ends the oldest month in one of the ways, while a process inserts and another, perhaps, reads for so long."""
    _again()
    before = _size()
    ending, inserting = _begun(way, over().isoformat()), _begun("insert", "")
    time.sleep(QUIET)
    reader = _begun("read", str(reading)) if reading else None
    done = json.loads(ending.communicate("now\n")[0].splitlines()[-1])
    if reader:
        reader.communicate()
    time.sleep(0.3)
    inserting.terminate()
    waits = json.loads(inserting.communicate()[0].splitlines()[-1])
    quiet = [wait for at, wait in waits if at + wait / 1000 < done["began"]]
    during = [wait for at, wait in waits if at + wait / 1000 >= done["began"] and at < done["ended"]]
    return Ended(
        *(
            done["rows"],
            done["seconds"],
            done["growth"],
            _p99(quiet),
            _p99(during),
            max(during, default=0.0),
            before,
            _size(),
        )
    )


def _p99(waits: list[float]) -> float:
    return statistics.quantiles(waits, n=100, method="inclusive")[98] if len(waits) > 1 else sum(waits)


def _begun(*words: str) -> subprocess.Popen[str]:
    """A process that has said it is ready: what it does takes no time to load."""
    argv = [sys.executable, "-m", "bench.records.ending", *words]
    process = subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    process.stdout.readline()
    return process


def _ours(now: datetime) -> int:
    from records import retention
    from records.action_log import expiry

    rule = next(rule for rule in retention.rules(now) if rule.key == expiry.ACTION)
    return expiry.expire(rule, now)[0]


def _rows(now: datetime) -> int:
    """Our batches, as for a month that is not over."""
    from records.action_log import partitions

    partitions.attached = list
    partitions.loose = list
    return _ours(now)


def _day(now: datetime) -> int:
    return _ours(datetime.combine(months()[0], datetime.min.time(), UTC) + timedelta(days=366))


def _delete(now: datetime) -> int:
    from records.models import Action

    return int(Action.objects.filter(at__lte=now - timedelta(days=365)).delete()[0])


def _receiver(now: datetime) -> int:
    from django.db.models.signals import post_delete

    from records.models import Action

    def listen(**kwargs: object) -> None:
        pass

    post_delete.connect(listen, sender=Action)
    return _delete(now)


def _drop(now: datetime) -> int:
    name = _partition(months()[0]).name
    [rows] = _sql("SELECT reltuples::bigint FROM pg_class WHERE relname = %s", [name])
    _sql(f"DROP TABLE {name}")
    return int(rows)


ENDS: dict[str, Callable[[datetime], int]] = {
    "ours": _ours,
    "rows": _rows,
    "day": _day,
    "delete": _delete,
    "receiver": _receiver,
    "drop": _drop,
}


def end(way: str, now: datetime) -> None:
    _sql("SELECT 1")
    print("ready", flush=True)
    sys.stdin.readline()
    before, began, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.time(), time.perf_counter()
    rows = ENDS[way](now)
    seconds, ended = time.perf_counter() - started, time.time()
    growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "growth": growth, "began": began, "ended": ended}))


def insert() -> None:
    """A row every 5 ms until told to stop; prints when each was sent, and how many milliseconds it took."""
    import signal
    import uuid

    from records.models import Action

    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
    waits = []
    Action.objects.create(at=datetime.now(UTC), event=uuid.uuid4(), kind="page", path="/")
    print("inserting", flush=True)
    while not stopped:
        at, started = time.time(), time.perf_counter()
        Action.objects.create(at=datetime.now(UTC), event=uuid.uuid4(), kind="page", path="/")
        waits.append((at, (time.perf_counter() - started) * 1000))
        time.sleep(0.005)
    print(json.dumps(waits))


def read(seconds: float) -> None:
    """A report over the whole log that takes so long."""
    from django.db import transaction

    with transaction.atomic():
        _sql("SELECT count(*) FROM records_action WHERE status = 404")
        print("reading", flush=True)
        _sql("SELECT pg_sleep(%s)", [seconds])


def main() -> None:
    import django

    django.setup()
    way, value = sys.argv[1:]
    if way == "insert":
        insert()
    elif way == "read":
        read(float(value))
    else:
        end(way, datetime.fromisoformat(value))


if __name__ == "__main__":
    main()
