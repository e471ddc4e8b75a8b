"""How long does checking a million decisions take, and what does a leaf cost the one who decides?"""

import json
import multiprocessing
import random
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # in place of bench/, where this file has the name of an app

from bench.table import here_and_now, own_engines, publish  # noqa: E402

DOCUMENT = ROOT / "docs" / "operators.md"
SIZES = [10_000, 100_000, 1_000_000]
WRITERS, ROUNDS, SECONDS = 8, 24, 1.5
PROVEN, NUMBERED, PLAIN = "consent_decision", "numbered_decision", "plain_decision"
KEYS = {
    "snapshot_id": "consent_snapshot",
    "policy_version_id": "policies_policyversion",
    "rendition_id": "policies_policyrendition",
}
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def decisions(start: int, stop: int, snapshot: Any) -> Iterable[list[Any]]:
    """Rows as `consent.decide` writes them, each with its real leaf."""
    from psycopg.types.json import Jsonb

    from consent import decide
    from consent.proof import keys, leaves

    for place in range(start, stop):
        at, yes = NOW + timedelta(seconds=place, microseconds=place % 997), place % 3 > 0
        row = {
            "id": decide._identity(at),
            "consent_id": uuid.uuid4(),
            "key": uuid.uuid4(),
            "snapshot": snapshot.sha256,
            "policy_version": None,
            "rendition": None,
            "statement": "",
            "choices": {"analytics": yes, "marketing": place % 2 > 0, "media": yes},
            "services": {"tally": yes, "video": yes, "maps": yes},
            "source": "banner",
            "action": "give" if yes else "refuse",
            "locale": "en",
            "path": f"/page-{place % 101}/",
            "gpc": False,
            "decided_at": at,
            "expires_at": at + timedelta(days=182),
            "key_id": keys.newest(),
        }
        row["leaf"] = leaves.of_decision(row)
        row |= {"snapshot_id": snapshot.pk, "policy_version_id": None, "rendition_id": None}
        row |= {name: Jsonb(row[name]) for name in ("choices", "services")}
        yield [row[name] for name in decide._COLUMNS]


def fill(start: int, stop: int) -> None:
    from django.db import connection, transaction

    from consent import decide
    from consent.models import Snapshot

    snapshot = Snapshot.objects.get()
    copied = f"COPY consent_decision ({', '.join(decide._COLUMNS)}) FROM STDIN"
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(copied) as copy:
        for row in decisions(start, stop, snapshot):
            copy.write_row(row)


def timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def in_a_fresh_process(task: str, *arguments: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, __file__, task, *arguments], capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def verify_here() -> None:
    """In a process of its own: its highest resident memory is what `manage.py verify_proof` needs."""
    import resource

    import django

    django.setup()
    from consent.proof import verify

    begun = time.process_time()
    report = verify.verify()
    busy = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert report.is_sound, report.first
    found = {"rows": report.entries, "seals": report.seals, "seconds": report.seconds, "busy": busy, "megabytes": peak}
    print(json.dumps(found))


def checking() -> list[tuple[str, str, str]]:
    from django.utils import timezone

    from consent.proof import seal

    found, there = [], 0
    for size in SIZES:
        writing = timed(lambda there=there, size=size: fill(there, size))  # type: ignore[misc]
        sealing = timed(lambda: seal.seal(now=timezone.now()))
        report = in_a_fresh_process("verify")
        assert report["rows"] == size, report
        each = report["seconds"] / size * 10_000
        took = f"{report['seconds']:.1f} s ({report['busy']:.1f} s of it at work), {report['megabytes']:.0f} MB"
        numbers = f"{took}; {each:.2f} s for each 10,000"
        print(
            f"{size}: written in {writing:.0f} s, sealed in {sealing:.0f} s ({report['seals']}); {numbers}", flush=True
        )
        bar = "90 s, 300 MB" if size == 1_000_000 else ""
        found.append((f"checking {size:,} decisions", numbers, bar))
        there = size
    return found


def insert_one(cursor: Any, statement: str, names: list[str], snapshot: Any) -> None:
    """What `consent.decide` does for a decision, with and without a leaf."""
    from consent import decide
    from consent.models import Decision
    from consent.proof import keys, leaves

    at = datetime.now(UTC)
    row = Decision(
        id=decide._identity(at),
        consent_id=uuid.uuid4(),
        key=uuid.uuid4(),
        snapshot_id=snapshot.pk,
        choices={"analytics": True, "marketing": False, "media": True},
        services={"tally": True, "video": True, "maps": False},
        source="banner",
        action="give",
        locale="en",
        path="/",
        gpc=False,
        decided_at=at,
        expires_at=at + timedelta(days=182),
    )
    if "leaf" in names:
        row.key_id = keys.newest()
        shown = {"snapshot": snapshot.sha256, "policy_version": None, "rendition": None}
        row.leaf = leaves.of_decision({name: getattr(row, name) for name in decide._COLUMNS} | shown)
    values = [getattr(row, name) for name in names]
    cursor.execute(statement, [json.dumps(value) if isinstance(value, dict) else value for value in values])


def write_for_a_while(table: str, start: Any, done: Any) -> None:
    """One writer; each insert is a transaction of its own."""
    from django.db import connection

    from consent import decide
    from consent.models import Snapshot

    snapshot = Snapshot.objects.get()
    names = [name for name in decide._COLUMNS if table == PROVEN or name not in {"key_id", "leaf"}]
    columns, values = ", ".join(names), ", ".join(["%s"] * len(names))
    statement = f"INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT (key) DO NOTHING"  # noqa: S608
    with connection.cursor() as cursor:
        insert_one(cursor, statement, names, snapshot)  # a process of the site has long been warm
    start.wait()
    until, written = time.perf_counter() + SECONDS, 0
    while time.perf_counter() < until:
        with connection.cursor() as cursor:
            insert_one(cursor, statement, names, snapshot)
        written += 1
    done.put(written)
    connection.close()


def a_round(table: str) -> float:
    """Rows a second of all writers together."""
    start, done = multiprocessing.Barrier(WRITERS), multiprocessing.Queue()
    writers = [multiprocessing.Process(target=write_for_a_while, args=(table, start, done)) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    written = sum(done.get(timeout=60) for _ in writers)
    for writer in writers:
        writer.join()
    return written / SECONDS


def inserting() -> list[tuple[str, str, str]]:
    """Rounds of the three tables take turns, so that what slows the machine slows them alike."""
    from django.db import connection, connections

    with connection.cursor() as cursor:
        for table, dropped in ((PLAIN, ("leaf", "key_id", "seq")), (NUMBERED, ("leaf", "key_id"))):
            cursor.execute(f"CREATE TABLE {table} (LIKE {PROVEN} INCLUDING ALL)")
            cursor.execute(f"ALTER TABLE {table} {', '.join(f'DROP {column}' for column in dropped)}")
            for column, target in KEYS.items():  # LIKE copies everything else
                key = f"FOREIGN KEY ({column}) REFERENCES {target} DEFERRABLE INITIALLY DEFERRED"
                cursor.execute(f"ALTER TABLE {table} ADD {key}")
        cursor.execute("SHOW synchronous_commit")
        assert cursor.fetchone() == ("on",)
    connections.close_all()
    rates: dict[str, list[float]] = {PLAIN: [], NUMBERED: [], PROVEN: []}
    dice = random.Random(1)
    for turn in range(ROUNDS + 1):
        for table in dice.sample(sorted(rates), len(rates)):
            rate = a_round(table)
            if turn:  # the first warms up
                rates[table].append(rate)
    return told(rates)


def told(rates: dict[str, list[float]]) -> list[tuple[str, str, str]]:
    """Each turn is compared with itself: the machine is never the same twice."""
    rows = []
    for what, other, bar in (("leaf", NUMBERED, "× 0.85 at least"), ("leaf and number in the ledger", PLAIN, "")):
        ratio = statistics.median(one / two for one, two in zip(rates[PROVEN], rates[other], strict=True))
        without, having = (statistics.median(rates[table]) for table in (other, PROVEN))
        numbers = f"{without:.0f} a second without, {having:.0f} with: × {ratio:.2f}"
        print(f"{what}: {numbers}", flush=True)
        rows.append((f"inserts with {what}: {WRITERS} writers, durable commits", numbers, bar))
    return rows


def measure() -> list[tuple[str, str, str]]:
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    from tests import make

    make.site()
    make.catalogue_of_one()
    found = inserting()
    forget()
    return [*found, *checking()]


def forget() -> None:
    """The decisions of the first measurement go, so that the sizes of the second are round."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE consent_decision CASCADE")
        cursor.execute("SET session_replication_role = DEFAULT")


def table(rows: list[tuple[str, str, str]]) -> str:
    lines = "".join(f"| {what} | {found} | {bar} |\n" for what, found, bar in rows)
    when = f"{here_and_now()}; PostgreSQL on the same machine."
    return f"| what | measured | bar |\n|---|---|---|\n{lines}\n{when}\n"


def main() -> None:
    with own_engines():
        text = table(measure())
    publish(text, DOCUMENT, "proof")


if __name__ == "__main__":
    verify_here() if sys.argv[1:] == ["verify"] else main()
