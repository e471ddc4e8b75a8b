"""In which order does the whole site start, and how does it stop?"""

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.core.signals import setting_changed
from django.db import connections
from django.utils import timezone

from cms import env, places
from cms.demo import engines
from cms.demo.processes import Processes, Trouble, free_port, listens

Say = Callable[[str], object]


@dataclass(frozen=True)
class Ports:
    web: int
    outbox: int
    smtp: int
    vendor: int

    def free(self, say: Say) -> "Ports":
        """The same ports, or for a taken one the next that is free."""

        def taken(wanted: int, got: int) -> None:
            say(f"Port {wanted} is taken: using {got}.")

        return Ports(*(free_port(port, taken=taken) for port in (self.web, self.outbox, self.smtp, self.vendor)))


@dataclass(frozen=True)
class Demo:
    """A running demo: where to look, and its processes."""

    site: str
    outbox: str
    vendor: str
    home: Path
    processes: Processes
    environment: dict[str, str]


@contextmanager
def running(home: Path, ports: Ports, say: Say, *, fresh: bool = False, empty: bool = False) -> Iterator[Demo]:
    """Starts everything and yields once pages, workers and outbox answer; afterwards no process is left. With `empty`
    there is what a new site has after its migrations and its first account, in place of the demo's company.

    Raises Trouble with a sentence for the person at the terminal.
    """
    with _locked(home):
        if fresh:
            _forget(home)
        (home / "logs").mkdir(parents=True, exist_ok=True)
        places.forget_addresses(home)
        with Processes(home / "logs") as processes:
            demo = _start(home, ports.free(say), processes, say, empty=empty)
            try:
                yield demo
            finally:
                places.forget_addresses(home)


@contextmanager
def _locked(home: Path) -> Iterator[None]:
    """One demo per directory. The lock goes with the process that holds it, whatever ends that."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        file = os.open(home / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise Trouble(f"The demo keeps its data in {home}, which cannot be written: {error.strerror}.") from error
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Trouble(
            f"A demo is running in {home} already. Stop it, or give another directory with --home."
        ) from error
    try:
        yield
    finally:
        (home / "lock").unlink(missing_ok=True)
        os.close(file)


def _forget(home: Path) -> None:
    engines.forget(home, keep=home / "lock")


def _start(home: Path, ports: Ports, processes: Processes, say: Say, *, empty: bool) -> Demo:
    urls = {name: f"http://localhost:{port}" for name, port in vars(ports).items()}
    urls["vendor"] = f"http://127.0.0.1:{ports.vendor}"  # another host name: its cookies are not the site's
    environment = {
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "cms.settings.dev"),
        "DATABASE_URL": os.environ.get("DATABASE_URL") or engines.start_postgres(processes, home),
        "REDIS_URL": os.environ.get("REDIS_URL") or engines.start_valkey(processes, home),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(ports.smtp),
        "SITE_URL": urls["web"],
        "MEDIA_ROOT": str(home / "media"),
        "MAIL_JOURNAL": str(home / "mail-journal"),
        "ACTION_SPOOL": str(home / "action-spool"),
        "CONSENT_ANCHOR_FILE": str(home / "seals.jsonl"),
        "CONSENT_TRUSTED_TYPES": "True",
    }
    places.write_addresses(home, environment)
    _fill(environment, urls, say, empty=empty)
    _start_servers(processes, ports, home, environment)
    demo = Demo(urls["web"], urls["outbox"], urls["vendor"], home, processes, environment)
    processes.wait("web", lambda: _ready(f"{demo.site}/readyz/"), seconds=90)
    return demo


def _fill(environment: dict[str, str], urls: dict[str, str], say: Say, *, empty: bool) -> None:
    """Migrates and seeds from within this process, which was configured before the database had an address."""
    from cms.demo import seed

    connections.settings["default"].update(env.database(environment["DATABASE_URL"]))
    caches.settings["default"]["LOCATION"] = environment["REDIS_URL"]
    os.environ.update(environment)
    settings.MEDIA_ROOT = environment["MEDIA_ROOT"]
    setting_changed.send(Demo, setting="MEDIA_ROOT", value=settings.MEDIA_ROOT, enter=True)  # storages look anew
    say("Bringing the database up to date…")
    call_command("migrate", verbosity=0, skip_checks=True)
    if empty:
        seed.first_account(site_url=urls["web"])
    elif seed.seed(site_url=urls["web"], vendor_url=urls["vendor"], now=timezone.now()):
        say("Filled a new site: pages, a policy, a service, a newsletter.")
    connections.close_all()


def _start_servers(processes: Processes, ports: Ports, home: Path, environment: dict[str, str]) -> None:
    python = sys.executable
    celery = [python, "-m", "celery", "-A", "cms"]
    mail = str(home / "outbox")
    bind = f"127.0.0.1:{ports.web}"
    processes.start(
        "outbox",
        [python, "-m", "cms.demo.outbox", "--smtp", str(ports.smtp), "--web", str(ports.outbox), "--folder", mail],
        env=environment,
    )
    processes.start("vendor", [python, "-m", "cms.demo.vendor", "--port", str(ports.vendor)], env=environment)
    processes.start(
        "web",
        [python, "-m", "gunicorn", "cms.wsgi:application", "--bind", bind, "--workers", "1", "--threads", "8"],
        env=environment,
    )
    processes.start("worker", [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"], env=environment)
    beat = ["beat", "--schedule", str(home / "celerybeat-schedule"), "--pidfile", "", "--loglevel", "INFO"]
    processes.start("beat", [*celery, *beat], env=environment)
    processes.wait("outbox", lambda: listens(ports.smtp) and listens(ports.outbox))
    processes.wait("vendor", lambda: listens(ports.vendor))


def _ready(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


def watch(demo: Demo, say: Say) -> None:
    """Says once of each process that ended by itself; runs until interrupted."""
    told: set[str] = set()
    while True:
        for name, code in demo.processes.ended().items():
            if name not in told:
                told.add(name)
                say(f"{name} ended with code {code}; the rest goes on. Its log: {demo.processes.log(name)}")
        time.sleep(1)
