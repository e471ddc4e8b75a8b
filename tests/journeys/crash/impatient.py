"""A worker, or what beat does, for which minutes are seconds: a test cannot wait for a lease of ten minutes.

    python -m tests.journeys.crash.impatient worker --pool prefork --concurrency 2
    python -m tests.journeys.crash.impatient pump 0.5

HURRY in the environment says what is shortened, as JSON; nothing is where it is empty. `pump` looks as often as it is
told (seconds), and twice each time where a second number says so.
"""

import json
import logging
import os
import sys
import time
from datetime import timedelta

import django
from django.conf import settings
from django.db import Error, close_old_connections

logger = logging.getLogger(__name__)

# Seconds and rows. The order in which they lie is that of the real ones, but for one: a lease is over while its batch
# is still going out, so that rows change hands.
HURRY = {
    "lease": 2.0,
    "chunk_seconds": 2.0,
    "turn": 1.0,
    "timeout": 2.0,
    "ladder": [0.2, 0.3, 0.4, 0.6, 0.8],
    "batch": 100,
    "chunk": 25,
}


def hurry(given: dict[str, float | list[float]]) -> None:
    """Shortens what the engine waits for, in this process and those that it forks."""
    from mailing.deliver import claim, slow, turn

    for name, value in given.items():
        match name, value:
            case "lease", float():
                claim.LEASE = timedelta(seconds=value)
            case "ladder", list():
                slow.LADDER[:] = [timedelta(seconds=each) for each in value]
            case "turn", float():
                turn.send.__kwdefaults__["seconds"] = value
            case "timeout", float():
                settings.EMAIL_TIMEOUT = value
            case "chunk" | "batch" | "chunk_seconds", _:
                setattr(turn, name.upper(), value)
            case _:
                raise SystemExit(f"Nothing is called {name}, or {value!r} is nothing for it.")


def pump(every: float, times: int) -> None:
    """What beat has a worker do, without either: a broker that is away keeps no hint from being made again."""
    from mailing import tasks

    while True:
        try:
            for _each in range(times):
                tasks.pump()
        except (Error, OSError) as error:
            logger.warning("a look came to nothing: %s", type(error).__name__)
        close_old_connections()
        time.sleep(every)


def main() -> None:
    django.setup()
    hurry(json.loads(os.environ.get("HURRY") or "{}"))
    what, *words = sys.argv[1:]
    if what == "pump":
        pump(float(words[0]), int(words[1]) if words[1:] else 1)
    from celery.__main__ import main as celery

    sys.argv = ["celery", "-A", "cms", what, *words]
    celery()


if __name__ == "__main__":
    main()
