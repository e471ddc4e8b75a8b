"""One client floods /consent/decide/ while another decides, against the web server that the site runs on.

Run as a program it is the flood: `python -m tests.consent.flood PORT HEADERS`, until it is ended.
"""

import json
import os
import re
import signal
import socket
import statistics
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from cms.demo.processes import Processes, free_port
from tests.house import nginx, tree

FLOODER = "127.0.0.2"
CONNECTIONS = 8  # that the flood keeps busy, each without a pause
ROUNDS, DECISIONS = 5, 10
HOST = "candor.example"
HERE = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Measured:
    """How long the other client waited, in milliseconds, and what it and the flood were answered."""

    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    flood: Counter[int] = field(default_factory=Counter)
    retry_after: set[str] = field(default_factory=set)

    @property
    def ratio(self) -> float:
        return statistics.median(self.beside) / statistics.median(self.alone)

    def __str__(self) -> str:
        alone, beside = statistics.median(self.alone), statistics.median(self.beside)
        return (
            f"A decision takes {alone:.1f} ms, and {beside:.1f} ms beside {self.flood.total()} requests of one client: "
            f"{self.ratio:.2f} times."
        )


@dataclass(frozen=True)
class Door:
    """Where the site is asked, and what a request there has to say."""

    port: int
    headers: dict[str, str]


@contextmanager
def served(folder: Path, database: str) -> Iterator[Door]:
    """The site's web processes as docker-compose.yml starts them, with nothing before them."""
    with _web(folder, {"DATABASE_URL": database}) as port:
        yield Door(port, HERE)


@contextmanager
def served_by_nginx(folder: Path, database: str) -> Iterator[Door]:
    """The same in production's settings, behind the shipped nginx.conf."""
    program, door = nginx.program(), free_port(0)
    values = dict.fromkeys(("SECRET_KEY", "EMAIL_HOST", "DEFAULT_FROM_EMAIL", "MAIL_SUPPRESSION_KEY"), "x")
    values |= {"RECORDS_KEYS": f"flood={'0' * 64}", "RECORDS_INDEX_KEY": "0" * 64}
    values |= {"SITE_URL": f"https://{HOST}", "ALLOWED_HOSTS": HOST, "DATABASE_URL": database}
    with (
        _web(folder, values | {"DJANGO_SETTINGS_MODULE": "cms.settings.production"}) as port,
        TemporaryDirectory() as place,
        Processes(folder) as front,
    ):
        Path(place).chmod(0o711)  # as root, nginx keeps pages as another account
        template = (tree.ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        moved = {
            "CANDOR_LISTEN": f"127.0.0.1:{door}",
            "CANDOR_WEB": f"127.0.0.1:{port}",
            "CANDOR_FILES": str(folder),
            "CANDOR_HITS": place,
            "NGINX_LOCAL_RESOLVERS": "127.0.0.1",
        }
        (folder / "nginx.conf").write_text(re.sub(r"\$\{([A-Z_]+)\}", lambda found: moved[found[1]], template))
        front.start("nginx", [program, "-p", place, "-c", str(folder / "nginx.conf"), "-g", "daemon off;"])
        front.wait("nginx", lambda: _answers(door))
        yield Door(door, HERE | {"Host": HOST, "X-Forwarded-Proto": "https"})


@contextmanager
def _web(folder: Path, values: dict[str, str]) -> Iterator[int]:
    port = free_port(0)
    argv = [f"--bind=127.0.0.1:{port}", "--worker-class=gthread", "--threads=4", "--no-control-socket"]
    command = [sys.executable, "-m", "gunicorn", "cms.wsgi:application", *argv, "--workers=2", "--log-level=warning"]
    with Processes(folder) as processes:
        processes.start("web", command, env={"LOG_LEVEL": "ERROR", **values})
        processes.wait("web", lambda: _answers(port))
        yield port


def _answers(port: int) -> bool:
    with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/healthz/")
            with connection.getresponse() as answer:  # it owns the socket where the server ends the connection
                return answer.status == 200
        except OSError:
            return False


def measured(folder: Path, door: Door, snapshot: str) -> Measured:
    """Takes turns, so that what slows the machine slows both alike."""
    found = Measured()
    with Processes(folder) as processes:
        for turn in range(ROUNDS):
            _decide(door, f"127.0.1.{turn + 1}", snapshot, found, found.alone)
            name = f"flood-{turn}"
            processes.python(name, "-m", "tests.consent.flood", str(door.port), json.dumps(door.headers))
            processes.wait(name, lambda name=name: "flooding" in processes.log(name).read_text())  # type: ignore[misc]
            _decide(door, f"127.0.2.{turn + 1}", snapshot, found, found.beside)
            processes.stop(name)
            _count(processes.log(name).read_text(), found)
    return found


def _decide(door: Door, source: str, snapshot: str, found: Measured, taken: list[float]) -> None:
    with closing(HTTPConnection("127.0.0.1", door.port, timeout=30, source_address=(source, 0))) as connection:
        for number in range(DECISIONS):
            said = {"choices": {"analytics": number % 2 == 0}, "snapshot": snapshot, "key": str(uuid.uuid4())}
            started = time.perf_counter()
            connection.request("POST", "/consent/decide/", json.dumps(said), door.headers)
            answer = connection.getresponse()
            answer.read()
            taken.append((time.perf_counter() - started) * 1000)
            found.answers[answer.status] += 1


def _count(said: str, found: Measured) -> None:
    for line in said.splitlines():
        if line.startswith("{"):
            told = json.loads(line)
            found.flood.update({int(status): count for status, count in told["answers"].items()})
            found.retry_after.update(told["retry_after"])


class Flood:
    """Sends the same invalid choice again and again over `CONNECTIONS` connections."""

    def __init__(self, door: Door) -> None:
        self.port = door.port
        self.answers: Counter[int] = Counter()
        self.retry_after: set[str] = set()
        said = {"Host": f"127.0.0.1:{door.port}", **door.headers}
        head = "\r\n".join(f"{name}: {value}" for name, value in said.items())
        self.request = f"POST /consent/decide/ HTTP/1.1\r\n{head}\r\nContent-Length: 2\r\n\r\n{{}}".encode()

    def pour(self) -> None:
        while True:
            try:
                with (
                    socket.create_connection(("127.0.0.1", self.port), 30, (FLOODER, 0)) as connection,
                    connection.makefile("rb") as answers,
                ):
                    while self.one(connection, answers):
                        pass
            except OSError:
                time.sleep(0.01)

    def one(self, connection: socket.socket, answers: BinaryIO) -> bool:
        """Sends one request; False when the server is done with the connection."""
        connection.sendall(self.request)
        status = answers.readline()
        if not status:
            return False
        headers = {}
        while line := answers.readline().strip():
            name, _colon, value = line.decode().partition(": ")
            headers[name.lower()] = value
        answers.read(int(headers.get("content-length", "0")))
        self.answers[int(status.split()[1])] += 1
        self.retry_after |= {headers["retry-after"]} if "retry-after" in headers else set()
        return headers.get("connection") != "close"

    def told(self) -> str:
        return json.dumps({"answers": self.answers, "retry_after": sorted(self.retry_after)})


def main(door: Door) -> None:
    """Floods until it is told to end; prints what it was answered."""
    flood = Flood(door)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    for _ in range(CONNECTIONS):
        threading.Thread(target=flood.pour, daemon=True).start()
    while not flood.answers[429]:
        time.sleep(0.01)
    print("flooding", flush=True)  # noqa: T201
    ended.wait()
    print(flood.told(), flush=True)  # noqa: T201
    os._exit(0)


if __name__ == "__main__":
    main(Door(int(sys.argv[1]), json.loads(sys.argv[2])))
