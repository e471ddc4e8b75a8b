"""Twenty thousand recipients and twenty kills: is nobody written to twice, and nobody forgotten? Exits 1 otherwise.

    python bench/soak.py [--recipients 20000] [--kills 20] [--seed 1]

Workers and beat are started as they are deployed, and nothing is shortened. The mail server only counts.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # in place of bench/, where other files have the names of apps

from bench.table import here_and_now, own_engines  # noqa: E402

DELAY = 3  # milliseconds before each answer
LONGEST = 1800  # seconds
CELERY = [sys.executable, "-m", "celery", "-A", "cms"]
Kill = Callable[[Any, random.Random], int]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--recipients", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


@contextmanager
def as_deployed() -> Iterator[Any]:
    """Two workers, beat, a broker and a mail server; the database is that of the settings."""
    import psutil

    from cms.demo.processes import Processes
    from tests.journeys.crash.scene import Scene

    class Deployed(Scene):
        def start(self, what: str, *words: str) -> psutil.Process:
            name = self.name(what)
            return psutil.Process(self.processes.start(name, [*CELERY, what, *words], env=self.environment))

    with tempfile.TemporaryDirectory(prefix="candor-soak-") as folder, Processes(Path(folder)) as processes:
        scene = Deployed(processes, Path(folder), os.environ["DATABASE_URL"], hurry={})
        scene.mail_server(delay=DELAY)
        scene.start("beat", "--schedule", f"{folder}/schedule", "--pidfile", "")
        scene.worker()
        scene.worker()
        yield scene


def kinds() -> dict[str, Kill]:
    from tests.journeys.crash.scene import kill_all, kill_child, kill_parent

    return {"child": kill_child, "parent": kill_parent, "worker": kill_all, "both workers": kill_all}


def torment(scene: Any, recipients: int, kills: int, dice: random.Random) -> tuple[Counter[str], int]:
    """Kills while mail flows; what is killed is started again. Returns the kills by kind, and how many connections may
    have died."""
    done: Counter[str] = Counter()
    connections = 0
    for number in range(kills):
        scene.wait_for_mail(dice.randint(1, recipients // (kills + 4)))
        time.sleep(dice.random() * 0.02)
        name = list(kinds())[number % len(kinds())]
        victims = scene.workers[-2:] if name == "both workers" else [dice.choice(scene.workers[-2:])]
        connections += sum(kinds()[name](victim, dice) for victim in victims)
        done[name] += 1
        assert scene.count() < recipients, "a kill after the last message shows nothing"
        for victim in victims if name != "child" else []:
            scene.workers.remove(victim)
            scene.worker()
    return done, connections


def soak(recipients: int, kills: int, seed: int) -> list[str]:
    """Prints what became of everybody; returns which rules were broken."""
    from tests.journeys.crash import audience
    from tests.journeys.crash.figures import broken_rules, figures

    campaign = audience.scheduled("soak", recipients)
    with as_deployed() as scene:
        started = time.monotonic()
        done, connections = torment(scene, recipients, kills, random.Random(seed))
        scene.wait_for_end(campaign, seconds=LONGEST)
        seconds = time.monotonic() - started
        found = figures(campaign, scene.accepted)
    by_kind = ", ".join(f"{count} {kind}" for kind, count in done.items())
    print(f"seed {seed}: {done.total()} kills ({by_kind}), {found.told()}\n")
    print("| recipients | kills | connections killed | accepted | twice | lost | unknown, by name | seconds |")
    print("|---|---|---|---|---|---|---|---|")
    cells = [recipients, done.total(), connections, found.taken.total(), len(found.twice), len(found.lost)]
    print("|", *(f"{cell} |" for cell in cells), f"{len(found.unknown)} | {seconds:.0f} |")
    print(f"\n{here_and_now().replace('make bench', 'make soak')}")
    return broken_rules(found, in_doubt=connections)


def main() -> None:
    given = arguments()
    with own_engines():
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections
        from django.utils import timezone

        from tests.journeys.crash import audience

        call_command("migrate", verbosity=0)
        audience.site(timezone.now())
        broken = soak(given.recipients, given.kills, given.seed)
        connections.close_all()
    for rule in broken:
        print(f"Broken: {rule}.", file=sys.stderr)
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
