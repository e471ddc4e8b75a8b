"""What does it cost to sum up a day of the action log on this machine?

    python -m bench.tallies [--rows 1000000]

Prints a Markdown table: seconds, rows a second, and the memory that the database's process took.
"""

import argparse
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.table import here_and_now, own_engines

DAY = datetime(2026, 3, 1, tzinfo=UTC)
# A fifth of the rows is a visitor's first; 500 pages, of which the first are read most; bots and errors among them.
FILL = """
INSERT INTO records_action (at, event, kind, method, path, query, status, source, campaign, visitor, address, browser,
    system, device, screen, language, bot, signal)
SELECT %s + number * interval '86399 s' / %s, gen_random_uuid(), 'page', 'GET',
    '/page/' || floor(500 * random() ^ 3) || '/', '', CASE WHEN number %% 40 = 0 THEN 404 ELSE 200 END,
    CASE number %% 3 WHEN 0 THEN '' ELSE 'https://site' || number %% 60 || '.example/' END, '',
    decode(md5((number * 7919 %% (%s / 5))::text), 'hex'), '198.51.100.0', 'Firefox ' || 100 + number %% 40,
    'Linux', CASE number %% 3 WHEN 0 THEN 'phone' ELSE 'computer' END, '', 'en', number %% 10 = 0, ''
FROM generate_series(1, %s) AS number
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with own_engines():
        import django

        django.setup()
        print(f"A day of {rows:,} actions. {here_and_now()}\n")
        print("| seconds | rows a second | of the database's process, MB | sums written |\n|---|---|---|---|")
        print("|", " | ".join(measured(rows)), "|")


def measured(rows: int) -> list[str]:
    from django.core.management import call_command
    from django.db import connection

    from home import statistics
    from home.models import Tally
    from records.action_log import partitions

    call_command("migrate", verbosity=0, skip_checks=True)
    partitions.ensure(now=DAY)
    with connection.cursor() as cursor:
        cursor.execute(FILL, [DAY, rows, rows, rows])
        cursor.execute("ANALYZE records_action")
        cursor.execute("SELECT pg_backend_pid()")
        process = cursor.fetchone()[0]
    started = time.perf_counter()
    statistics.tally(now=DAY + timedelta(hours=23, minutes=59))
    seconds = time.perf_counter() - started
    return [f"{seconds:.1f}", f"{rows / seconds:,.0f}", f"{_memory(process):.0f}", f"{Tally.objects.count():,}"]


def _memory(process: int) -> float:
    """The most a process ever held, in megabytes."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
