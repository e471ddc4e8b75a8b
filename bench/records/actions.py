"""What does the action log cost: noting an action, draining, ending a month? Beside the plain methods, in one run.

    python -m bench.records.actions [--rows 5000000] [--large]

Prints Markdown tables. `--large` measures growth at 20 million rows too; it needs 8 GB of disk.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from bench.records import ending
from bench.records.ending import Ended
from bench.table import here_and_now, own_engines

CALLS, BLOCK = 4000, 50
DRAINED, ROUNDS = 60_000, 3
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
Case = Callable[[int], object]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--large", action="store_true")
    return parser.parse_args()


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    head = list(head)
    print("|", " | ".join(head), "|")
    print("|" + "---|" * len(head))
    for row in rows:
        print("|", " | ".join(map(str, row)), "|")
    print()


def noted(number: int) -> Any:
    """The entry for a visitor like others: 90 browsers, 50,000 addresses, a source and a campaign."""
    from records import action_log

    now = datetime.now(UTC)
    sender = action_log.Sender(
        host="candor.example",
        address=f"198.18.{number % 250}.{number % 200}",
        agent=AGENT.format(number % 90),
        languages="de-AT,de;q=0.5",
        referrer="https://search.example/find?q=candour",
    )
    query = [("utm_source", "letter"), ("utm_campaign", "spring")]
    return action_log.note(
        sender, at=now, now=now, kind="page", path=f"/page/{number}/", method="GET", query=query, status=200
    )


def recording() -> dict[str, Case]:
    from records import action_log
    from records.action_log import spool
    from records.action_log.events import packed
    from records.models import Action

    return {
        "note and drop it": noted,
        "**note, XADD** (ours)": lambda number: action_log.record(noted(number)),
        "note, a line in the spool (ours, Valkey away)": lambda number: spool.put([packed(noted(number))]),
        "note, INSERT a row": lambda number: Action.objects.create(**noted(number)._asdict()),
    }


def taken(cases: dict[str, Case]) -> dict[str, list[tuple[float, float]]]:
    """Seconds of each call, and those of them that this process worked. They take turns of a block each, so that what
    slows the machine slows them alike."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
    for block in range(CALLS // BLOCK + 1):
        for name, case in cases.items():
            for number in range(block * BLOCK, (block + 1) * BLOCK):
                started, worked = time.perf_counter(), time.thread_time()
                case(number)
                times = time.perf_counter() - started, time.thread_time() - worked
                if block:  # the first one warms up
                    found[name].append(times)
    return found


def record_table() -> None:
    print(f"Noting one action, {CALLS:,} calls each, in turns of {BLOCK}.\n")
    rows = []
    for name, times in taken(recording()).items():
        wall, own = ([each[place] * 1000 for each in times] for place in (0, 1))
        p99 = statistics.quantiles(wall, n=100)[98]
        rows.append((name, f"{statistics.median(wall):.3f}", f"{p99:.2f}", f"{statistics.median(own):.3f}"))
    table(("way", "median ms", "p99 ms", "of the median this process's own work, ms"), rows)


def fill_stream() -> None:
    import redis
    from django.conf import settings

    from records.action_log import stream
    from records.action_log.events import packed

    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pipeline(transaction=False) as pipe:
        client.delete(stream.KEY)
        for number in range(DRAINED):
            pipe.xadd(stream.KEY, {"e": packed(noted(number))})
            if number % 5000 == 0:
                pipe.execute()
        pipe.execute()


def drain_rate(rounds: int = ROUNDS) -> tuple[float, float]:
    """Rows a second, the median of several rounds; and rows for a second of the worker's own work."""
    from records.action_log import drain

    drain.drain(now=datetime.now(UTC))
    rates, own = [], []
    for _round in range(rounds):
        fill_stream()
        started, worked = time.perf_counter(), time.process_time()
        done = drain.drain(now=datetime.now(UTC), seconds=600)
        assert (done.rows, done.lost) == (DRAINED, 0), done
        rates.append(done.rows / (time.perf_counter() - started))
        own.append(done.rows / (time.process_time() - worked))
    return statistics.median(rates), statistics.median(own)


def inserting() -> dict[str, tuple[float, float]]:
    """The same of what else could write them."""
    from records.models import Action

    events = [Action(**noted(number)._asdict()) for number in range(12_000)]

    def one_by_one() -> None:
        for event in events[10_000:]:
            event.save(force_insert=True)

    bulk = _rate(lambda: Action.objects.bulk_create(events[:10_000], batch_size=5000), 10_000)
    return {"`bulk_create`": bulk, "INSERT, one a transaction": _rate(one_by_one, 2000)}


def _rate(call: Callable[[], object], rows: int) -> tuple[float, float]:
    started, worked = time.perf_counter(), time.process_time()
    call()
    return rows / (time.perf_counter() - started), rows / (time.process_time() - worked)


def drain_table() -> None:
    print(f"Writing what waits, {DRAINED:,} entries, the median of {ROUNDS} rounds.\n")
    ways = {"**COPY, position in the same transaction** (ours)": drain_rate()} | inserting()
    rows = ((name, f"{rate:,.0f}", f"{own:,.0f}") for name, (rate, own) in ways.items())
    table(("way", "rows/s", "rows for a second of the worker's own work"), rows)


def cells(ended: Ended) -> list[str]:
    return [
        f"{ended.rows:,}",
        f"{ended.seconds:.2f}",
        f"{ended.growth:.0f}",
        f"{ended.quiet:.0f} → {ended.during:.0f}",
        f"{ended.worst:.0f}",
        f"{ended.before:.0f} → {ended.after:.0f}",
    ]


def month_table(rows: int) -> None:
    print(f"The oldest month of {rows:,} rows over 13 months ends, while another process inserts a row every 5 ms.\n")
    head = ("way", "rows gone", "s", "worker MiB", "inserts p99 ms, quiet → during", "worst insert ms", "table MiB")
    table(head, ([name, *cells(ending.measured(*way))] for name, way in ending.WAYS.items()))


def growth_table(sizes: list[int]) -> None:
    print("The same with more rows.\n")
    found = []
    for size in sizes:
        ending.fill(size)
        month, behind = ending.measured("ours", 0), ending.measured("ours", 4)
        day = ending.measured("day", 0)
        rate, _own = drain_rate(1)
        found.append(
            (
                f"{size / 1e6:g} million",
                f"{month.rows:,}",
                f"{month.seconds:.2f}",
                f"{max(month.worst, behind.worst):.0f}",
                f"{day.seconds:.2f}",
                f"{max(month.growth, behind.growth, day.growth):.0f}",
                f"{rate:,.0f}",
            )
        )
    head = ("rows", "in the month", "month s", "worst insert ms, reader or none", "a day in batches s", "worker MiB")
    table((*head, "drain rows/s"), found)


def main() -> None:
    given = arguments()
    with ExitStack() as stack:
        stack.enter_context(own_engines())
        os.environ["ACTION_SPOOL"] = stack.enter_context(tempfile.TemporaryDirectory())
        os.environ["ACTION_LOG"] = "True"
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from records.action_log import describe

        stack.callback(connections.close_all)
        call_command("migrate", verbosity=0)
        describe.load()
        record_table()
        drain_table()
        ending.fill(given.rows)
        month_table(given.rows)
        growth_table([given.rows // 10, given.rows, *([given.rows * 4] if given.large else [])])
    print(here_and_now().replace("make bench", "python -m bench.records.actions"))


if __name__ == "__main__":
    main()
