"""A hundred thousand actions and thirty-five kills: is none lost that was acknowledged, and none there twice?

    python -m bench.records.crash [--events 100000] [--kills 20] [--web-kills 10] [--valkey-kills 5] [--seed 1]

Workers, web server and Valkey are started as they are deployed, and nothing is shortened. Exits 1 for a broken rule.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.table import here_and_now, own_engines

CELERY = [sys.executable, "-m", "celery", "-A", "cms"]
Part = Callable[[Any], Any]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--web-kills", type=int, default=10)
    parser.add_argument("--valkey-kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


@contextmanager
def as_deployed() -> Iterator[Any]:
    import psutil

    from cms.demo.processes import Processes
    from tests.journeys.actions.scene import Actions

    class Deployed(Actions):
        def start(self, what: str, *words: str) -> psutil.Process:
            name = self.name(what)
            return psutil.Process(self.processes.start(name, [*CELERY, what, *words], env=self.environment))

    with tempfile.TemporaryDirectory(prefix="candor-crash-") as folder, Processes(Path(folder)) as processes:
        scene = Deployed(processes, Path(folder), os.environ["DATABASE_URL"], hurry={})
        try:
            yield scene
        finally:
            scene.clear()


def parts(given: argparse.Namespace) -> dict[str, Part]:
    from tests.journeys.actions import torment

    dice = random.Random(given.seed)
    return {
        f"worker, while {given.events:,} entries are written": lambda scene: torment.workers_killed(
            scene, events=given.events, kills=given.kills, dice=dice
        ),
        "web server, under the load of six visitors": lambda scene: torment.web_killed(
            scene, kills=given.web_kills, dice=dice, each=5
        ),
        "Valkey (`appendfsync everysec`), while four threads note": lambda scene: torment.valkey_killed(
            scene, kills=given.valkey_kills, dice=dice, each=5
        ),
    }


def empty() -> None:
    from django.db import connection

    from records.models import StreamPosition

    StreamPosition.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE records_action")


def main() -> None:
    given = arguments()
    with own_engines():
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from tests import make

        call_command("migrate", verbosity=0)
        make.site()
        print("| killed by SIGKILL | kills | acknowledged | lost | doubled | noted, not acknowledged | s |")
        print("|---|---|---|---|---|---|---|")
        broken = 0
        for name, part in parts(given).items():
            with as_deployed() as scene:
                started = time.monotonic()
                found = part(scene)
                cells = (found.kills, f"{found.acknowledged:,}", found.lost, found.doubled, found.beside)
                print(
                    f"| {name} |", *(f"{cell} |" for cell in cells), f"{time.monotonic() - started:.0f} |", flush=True
                )
            broken += found.lost + found.doubled
            empty()
        print(f"\n{here_and_now().replace('make bench', 'python -m bench.records.crash')}, seed {given.seed}")
        connections.close_all()
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
