"""Measures sending side by side in one run, and writes the table into docs/mail.md: python -m bench.mail"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.mail import audience, ours
from bench.mail.raw import reader
from bench.table import here_and_now, own_engines, publish
from cms.demo.processes import Processes
from tests.sink import Sink

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "mail.md"
PEOPLE, ROUNDS, FAR = (
    int(os.environ.get("PEOPLE", 20_000)),
    3,
    20,
)  # recipients, alternating rounds, milliseconds to a far server
SIZES = (10_000, 100_000, 1_000_000)
Row = dict[str, float]


def program(*words: object, **environment: str) -> Row:
    """Runs a part of the measurement as a process of its own."""
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def newsletter(sink: Sink, round_: int) -> Row:
    import psycopg

    name = f"newsletter_{round_}"
    address = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(address.geturl(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    database = address._replace(path=f"/{name}").geturl()
    environment = {"NEWSLETTER_DATABASE": database, "NEWSLETTER_PORT": str(sink.port)}
    return {"messages": PEOPLE, **program("-m", "bench.mail.newsletter_site", PEOPLE, **environment)}


def raw(sink: Sink, way: str, connections: int, key: int) -> Row:
    """The same number of messages over one connection, or over two in two processes."""
    each = PEOPLE // connections
    started = time.monotonic()
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.mail.raw", str(sink.port), way, str(each), str(key)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        for _connection in range(connections)
    ]
    rows = [json.loads(process.communicate()[0]) for process in running]
    seconds = max(row["seconds"] for row in rows)
    assert seconds <= time.monotonic() - started
    return {"messages": each * connections, "seconds": seconds, "cpu": sum(row["cpu"] for row in rows)}


def side_by_side(processes: Processes, home: Path, news: Any) -> dict[str, list[Row]]:
    """Alternating rounds, so that what slows the machine slows all alike."""
    key = audience.campaign(news).pk
    found: dict[str, list[Row]] = {}
    with Sink(home / "accepted") as sink, ours.workers(processes, port=sink.port, pool="prefork", count=2) as worker:
        ways: dict[str, Callable[[int], Row]] = {
            "Candor, 2 processes": lambda _round: ours.send(news, worker, count=2),
            "smtplib `sendmail`, 1 connection": lambda _round: raw(sink, "sendmail", 1, key),
            "smtplib `sendmail`, 2 connections": lambda _round: raw(sink, "sendmail", 2, key),
            "pipelined, 2 connections": lambda _round: raw(sink, "pipelined", 2, key),
            "django-newsletter 1.2": lambda round_: newsletter(sink, round_),
        }
        for round_ in range(ROUNDS):
            for name, way in ways.items():
                found.setdefault(name, []).append(way(round_))
                print(f"{name}: {rate(found[name][-1]):,.0f}/s", file=sys.stderr)
    return found


def far(processes: Processes, home: Path, news: Any) -> Row:
    """Sixteen threads, and a server 20 ms away."""
    with (
        Sink(home / "far", delay=FAR) as sink,
        ours.workers(processes, port=sink.port, pool="threads", count=16) as worker,
    ):
        return ours.send(news, worker, count=16)


def queueing(size: int, news: Any) -> Row:
    """Writes the rows of a campaign to `size` readers: seconds, and how much larger this process grew."""
    from django.utils import timezone

    from mailing import campaigns
    from mailing.models import Subscriber

    audience.grow(news, Subscriber.objects.count() + 1, size)
    made = audience.campaign(news)
    campaigns.schedule(campaign=made, send_at=timezone.now(), now=timezone.now())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.monotonic()
    count = campaigns.start(made.pk, now=timezone.now())
    seconds = time.monotonic() - started
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    return {"messages": count, "seconds": seconds, "grown": grown / 1024, "campaign": made.pk}


def memory_of_sending(processes: Processes, home: Path, row: Row) -> float:
    """The largest process of a worker after ten seconds of sending that campaign (MiB)."""
    from mailing import tasks

    with Sink(home / "large") as sink, ours.workers(processes, port=sink.port, pool="prefork", count=2) as worker:
        ends, largest = time.monotonic() + 10, 0
        for _hint in range(2):
            tasks.deliver.apply_async((int(row["campaign"]),))
        while time.monotonic() < ends:
            largest = max(largest, ours.memory(worker))
            time.sleep(0.2)
    return largest / 2**20


def rate(row: Row) -> float:
    return row["messages"] / row["seconds"]


def median(rows: list[Row]) -> float:
    return statistics.median(rate(row) for row in rows)


HEAD = (
    "| way | messages/s | CPU of the sender, ms a message | × django-newsletter | Candor is × this |\n"
    "|---|---|---|---|---|\n"
)
LARGE = (
    "\n| recipients queued | seconds | memory grown by, MiB | largest worker while sending, MiB |\n|---|---|---|---|\n"
)


def table(found: dict[str, list[Row]], away: Row, sizes: list[Row], size: int) -> str:
    theirs, mine = median(found["django-newsletter 1.2"]), median(found["Candor, 2 processes"])
    ours, other = size / 1000, found["django-newsletter 1.2"][0]["bytes"] / 1000
    lines = [
        f"{here_and_now()}. {PEOPLE:,} recipients, {ROUNDS} alternating rounds, medians; a message of {ours:.1f} kB ",
        f"(django-newsletter's of the same text: {other:.1f} kB); PostgreSQL with fsync. ",
        "The sink, the database and the senders share the cores.\n\n",
        HEAD,
    ]
    for name, rows in found.items():
        cpu = statistics.median(row["cpu"] / row["messages"] for row in rows) * 1000
        times = f"{median(rows) / theirs:.1f} | {mine / median(rows):.2f}"
        lines.append(f"| {name} | {median(rows):,.0f} | {cpu:.3f} | {times} |\n")
    lines.append(f"\nA server {FAR} ms away, 16 threads: {rate(away):,.0f} messages a second.\n{LARGE}")
    for row in sizes:
        grown = f"{row['seconds']:.1f} | {row['grown']:.1f} | {row['largest']:.0f}"
        lines.append(f"| {row['messages']:,.0f} | {grown} |\n")
    return "".join(lines)


def main() -> None:
    with (
        own_engines(),
        tempfile.TemporaryDirectory(prefix="candor-mail-") as folder,
        Processes(Path(folder)) as processes,
    ):
        home = Path(folder)
        ours.environment(str(home / "journal"))
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from tests import make

        make.policy(make.site())
        make.purpose()
        news = make.mailing_list()
        sizes = [queueing(SIZES[0], news)]  # before the list is longer than that
        audience.grow(news, SIZES[0] + 1, PEOPLE)
        size = len(ours.edition(audience.campaign(news).pk).wire(reader(1)))
        found = side_by_side(processes, home, news)
        away = far(processes, home, news)
        sizes += [queueing(people, news) for people in SIZES[1:]]
        for row in sizes:
            row["largest"] = memory_of_sending(processes, home, row)
            print(row, file=sys.stderr)
        publish(table(found, away, sizes, size), DOCUMENT, "mail")


if __name__ == "__main__":
    main()
