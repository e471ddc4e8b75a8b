"""Where is the deployment rehearsed? The services of docker-compose.yml on this machine, with production settings."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import requests

from cms.demo.processes import Processes, free_port
from tests.house import compose, nginx, tree

VALUES = {
    "SECRET_KEY": "a key for the rehearsal: 50 signs and more, and worth nothing",
    "SITE_URL": "https://candor.example",
    "ALLOWED_HOSTS": "candor.example",
    "DEFAULT_FROM_EMAIL": "Candor <no-reply@candor.example>",
    "EMAIL_HOST": "127.0.0.1",
    "MAIL_SUPPRESSION_KEY": "a key for the rehearsal, and worth nothing",
    "RECORDS_KEYS": f"rehearsal={'0' * 64}",
    "RECORDS_INDEX_KEY": "0" * 64,
    "POSTGRES_PASSWORD": "unused",
    "VALKEY_PASSWORD": "unused",
}
SEED = """
from django.utils import timezone
from cms.demo import seed
seed.seed(site_url="https://candor.example:443", vendor_url="https://tally.example", now=timezone.now())
"""
BY_TLS = {"Host": "candor.example", "X-Forwarded-Proto": "https"}


@dataclass(frozen=True)
class Stage:
    """The services of docker-compose.yml with a container's places moved to this machine, and nothing else changed."""

    home: Path
    web: int  # gunicorn's port
    door: int  # nginx's
    database: str
    broker: str
    values: Mapping[str, str] = field(default_factory=lambda: VALUES)  # of .env

    def moved(self, word: str) -> str:
        word = re.sub(r"\b(0\.0\.0\.0|127\.0\.0\.1|web):8000\b", f"127.0.0.1:{self.web}", word)
        return word.replace("/srv", str(self.home))

    def service(self, name: str) -> dict[str, object]:
        return compose.services(self.values)[name]

    def argv(self, name: str) -> list[str]:
        return [self.moved(word) for word in self.service(name)["command"]]  # type: ignore[attr-defined]

    def health(self, name: str) -> list[str]:
        kind, *words = self.service(name)["healthcheck"]["test"]  # type: ignore[index]
        return [*(["sh", "-c"] if kind == "CMD-SHELL" else []), *map(self.moved, words)]

    def environment(self, name: str) -> dict[str, str]:
        given = {key: self.moved(str(value)) for key, value in self.service(name)["environment"].items()}  # type: ignore[attr-defined]
        programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        here = {"PATH": programs, "HOSTNAME": socket.gethostname(), "STATIC_ROOT": str(self.home / "static")}
        return {**given, **here, "DATABASE_URL": self.database, "REDIS_URL": self.broker}

    def run(self, name: str, argv: list[str] | None = None) -> str:
        """Runs a one-off to its end, by default the service's own command; returns what it printed."""
        done = subprocess.run(
            argv or self.argv(name),
            env=self.environment(name),
            cwd=tree.ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def shell(self, code: str) -> str:
        """Runs Python in the site; returns what it printed."""
        return self.run("migrate", ["python", "manage.py", "shell", "--verbosity=0", "--command", code])

    def get(self, port: int, path: str, **headers: str) -> requests.Response:
        url = f"http://127.0.0.1:{port}{path}"
        return requests.get(url, headers=BY_TLS | headers, timeout=20, allow_redirects=False)


@contextmanager
def opened(**values: str) -> Iterator[Stage]:
    """An empty stage with a database of its own; `values` stand in its .env."""
    home = Path(tempfile.mkdtemp(prefix="candor-rehearsal-"))
    home.chmod(0o711)  # as root, nginx serves files as another account
    address = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(address.geturl(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE rehearsal")
        broker = urlsplit(os.environ["REDIS_URL"])._replace(path="/1").geturl()  # /0 is emptied before every test
        try:
            database = address._replace(path="/rehearsal").geturl()
            yield Stage(home, free_port(0), free_port(0), database, broker, {**VALUES, **values})
        finally:
            connection.execute("DROP DATABASE rehearsal WITH (FORCE)")
            shutil.rmtree(home)


def prepare(stage: Stage) -> None:
    """Folders, tables, files and the demo's content: what is there before the first process starts."""
    for folder in ("static", "media", "schedule", "mail"):
        (stage.home / folder).mkdir()
    for one_off in ("migrate", "static"):
        stage.run(one_off)
    stage.shell(SEED)


@contextmanager
def running(stage: Stage, *names: str, ready: str = "/readyz/", log: str = "") -> Iterator[Stage]:
    """Services as they are after `docker compose up`, `web` among them."""
    with Processes(stage.home) as processes:
        for name in names:
            processes.start(log or name, stage.argv(name), env=stage.environment(name))
        processes.wait(log or "web", lambda: answers(stage.web, ready))
        yield stage


@contextmanager
def behind_nginx(stage: Stage, log: str = "nginx") -> Iterator[Stage]:
    """nginx in front, on the shipped configuration. Its log and its folder have the name `log`."""
    folder = stage.home / log
    folder.mkdir()
    hits = stage.home / "hits"
    hits.mkdir(exist_ok=True)
    hits.chmod(0o777)  # as root, nginx writes as another account
    values = {
        **stage.environment("nginx"),
        "CANDOR_LISTEN": f"127.0.0.1:{stage.door}",
        "NGINX_LOCAL_RESOLVERS": "127.0.0.1",
    }
    template = (tree.ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    (folder / "nginx.conf").write_text(re.sub(r"\$\{([A-Z_]+)\}", lambda found: values[found[1]], template))
    program = nginx.program()
    words = [word.replace("/tmp/", f"{folder}/") for word in stage.argv("nginx")[1:]]
    with Processes(stage.home) as processes:
        processes.start(log, [program, *words])
        processes.wait(log, lambda: answers(stage.door, "/healthz/"))
        yield stage


def beside(stage: Stage, **values: str) -> Stage:
    """The same database and files on other ports, with `values` in its .env."""
    return replace(stage, web=free_port(0), door=free_port(0), values={**stage.values, **values})


def answers(port: int, path: str) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}{path}", timeout=5).ok
    except requests.RequestException:
        return False
