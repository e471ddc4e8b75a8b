"""Workers for which minutes are seconds: a test cannot wait for a lease of ten minutes, nor for Python to start again
after every kill.

    python -m tests.journeys.crash.impatient orders

`orders` is a pipe (FIFO). For each line, {"argv": ["worker", …], "log": path, "pid": path}, this process, which has
loaded the site, forks one that is `celery -A cms worker …`; or, for "pump", one that does what beat has done, as often
as it is told (seconds), and so many times each. HURRY in the environment says what is shortened, as JSON.
"""

import json
import logging
import os
import random
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import django
from billiard.util import set_pdeathsig
from django.conf import settings
from django.db import Error, close_old_connections

logger = logging.getLogger(__name__)

# Seconds and rows. Their order is that of the real ones, but for one: a lease is over while its batch is still going
# out, so that rows change hands.
HURRY: dict[str, Any] = {
    "lease": 2.0,
    "chunk_seconds": 2.0,
    "turn": 1.0,
    "timeout": 2.0,
    "ladder": [0.2, 0.3, 0.4, 0.6, 0.8],
    "batch": 100,
    "chunk": 25,
}


def hurry(given: dict[str, Any]) -> None:
    """Shortens what the engine waits for, in this process and those that it forks."""
    from mailing.deliver import claim, slow, turn

    for name, value in given.items():
        match name:
            case "lease":
                claim.LEASE = timedelta(seconds=value)
            case "ladder":
                slow.LADDER[:] = [timedelta(seconds=each) for each in value]
            case "turn":
                turn.send.__kwdefaults__["seconds"] = value
            case "timeout":
                settings.EMAIL_TIMEOUT = value
            case "chunk" | "batch" | "chunk_seconds":
                assert hasattr(turn, name.upper())
                setattr(turn, name.upper(), value)
            case _:
                raise SystemExit(f"Nothing is called {name}.")


def pump(every: float, times: int = 1) -> NoReturn:
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


def celery(*words: str) -> NoReturn:
    from celery.__main__ import main

    sys.argv = ["celery", "-A", "cms", *words]
    main()
    sys.exit()


def become(order: dict[str, Any]) -> NoReturn:
    """A process with a group of its own, that dies when the one that forked it does."""
    set_pdeathsig(signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    random.seed()
    log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    Path(order["pid"]).write_text(str(os.getpid()), encoding="ascii")
    what, *words = order["argv"]
    if what == "pump":
        pump(float(words[0]), int(words[1]))
    celery(what, *words)


def main() -> None:
    django.setup()
    hurry(json.loads(os.environ.get("HURRY") or "{}"))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    while True:
        with open(sys.argv[1], encoding="utf-8") as lines:
            orders = [json.loads(line) for line in lines]
        for order in orders:
            if os.fork() == 0:
                become(order)


if __name__ == "__main__":
    main()
