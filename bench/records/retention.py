"""What does it cost to expire half a million plain rows: in our batches, and by `queryset.delete()`? Prints a table.

python -m bench.records.retention
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
ROWS = 500_000
ROUNDS = 3
MOST = 20  # MiB that a worker may grow
WAYS = {
    "ours": "**batches of 5,000 rows, each in its own transaction** (ours)",
    "delete": "`queryset.delete()` with nobody listening",
    "receiver": "`queryset.delete()` and one `post_delete` receiver",
}
_FILL = """
INSERT INTO django_session (session_key, session_data, expire_date)
SELECT md5(number::text || 'x'), repeat('x', 200), now() - interval '1 day' - number * interval '1 second'
FROM generate_series(1, %s) AS number
"""


def _fill() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE django_session")
        cursor.execute(_FILL, [ROWS])
        cursor.execute("VACUUM ANALYZE django_session")


def _ours(now: datetime) -> int:
    from records import retention

    return sum(outcome.rows for outcome in retention.expire(now=now))


def _delete(now: datetime) -> int:
    from django.contrib.sessions.models import Session

    return int(Session.objects.filter(expire_date__lte=now).delete()[0])


def _receiver(now: datetime) -> int:
    from django.contrib.sessions.models import Session
    from django.db.models.signals import post_delete

    def listen(**kwargs: object) -> None:
        pass

    post_delete.connect(listen, sender=Session)
    return _delete(now)


_DO: dict[str, Callable[[datetime], int]] = {"ours": _ours, "delete": _delete, "receiver": _receiver}


def once(way: str) -> dict[str, Any]:
    """In this process. The longest statement is what somebody who wants the same rows waits for."""
    import django

    django.setup()
    from django.db import connection

    _fill()
    longest = 0.0

    def timed(execute: Any, *arguments: Any) -> Any:
        nonlocal longest
        began = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            longest = max(longest, time.perf_counter() - began)

    before, started = _peak(), time.perf_counter()
    with connection.execute_wrapper(timed):
        rows = _DO[way](datetime.now(UTC))
    seconds = time.perf_counter() - started
    assert rows == ROWS, rows
    return {"way": way, "seconds": seconds, "growth": _peak() - before, "longest": longest * 1000}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _apart(way: str) -> dict[str, Any]:
    argv = [sys.executable, "-m", "bench.records.retention", way]
    return dict(json.loads(subprocess.check_output(argv, cwd=ROOT, text=True).splitlines()[-1]))


def measured() -> list[dict[str, Any]]:
    """The median run of each way by its seconds, with the largest growth; the ways in turn."""
    runs = [_apart(way) for _round in range(ROUNDS) for way in WAYS]
    found = []
    for way in WAYS:
        its = sorted((run for run in runs if run["way"] == way), key=lambda run: float(run["seconds"]))
        found.append(its[len(its) // 2] | {"growth": max(run["growth"] for run in its)})
    return found


def lines(found: list[dict[str, Any]]) -> list[str]:
    table = [
        f"| {WAYS[run['way']]} | {run['seconds']:.1f} s | {ROWS / run['seconds']:,.0f} | {run['growth']:.0f} MiB "
        f"| {run['longest']:.0f} ms |"
        for run in found
    ]
    return [f"| {ROWS:,} rows | took | rows/s | worker grew | longest statement |", "|---|---:|---:|---:|---:|", *table]


def main() -> None:
    from bench.table import here_and_now, own_engines

    with own_engines():
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        found = measured()
    print("\n".join(lines(found)))
    print(f"\nMedian of {ROUNDS} runs, each in a process of its own, growth the largest. {here_and_now()}")
    ours = next(run for run in found if run["way"] == "ours")
    if ours["growth"] > MOST:
        sys.exit(f"A worker grew by {ours['growth']:.0f} MiB; at most {MOST} are wanted.")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(once(sys.argv[1])))
    else:
        main()
