"""The whole demo in a process of its own: its own database, broker, worker and mailbox, on free ports."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import requests

from cms.places import CHECKOUT

UP = "Ctrl-C stops everything"
PATIENCE = 180  # seconds for a start on a busy machine, and for a mail
# The test run's own engines, and what a developer may have set: this demo brings everything itself.
NOT_INHERITED = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "DEMO_HOME", "SITE_URL", "EMAIL_PORT"}


@dataclass(frozen=True)
class Demo:
    """Where to look, and the process that holds all others."""

    site: str
    outbox: str
    vendor: str
    home: Path
    process: psutil.Process

    def vendor_at(self, host: str) -> str:
        """The origin of another vendor: each has an address of its own."""
        return self.vendor.replace("127.0.0.1", host)

    def mail(self, to: str, subject: str = "") -> list[dict[str, object]]:
        """Messages that have arrived for `to`, the newest first."""
        messages = requests.get(f"{self.outbox}/messages.json", timeout=20).json()
        return [message for message in messages if message["to"] == to and subject in message["subject"]]

    def next_mail(self, to: str, subject: str = "") -> dict[str, object]:
        """The newest message, once a worker has sent it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := self.mail(to, subject):
                return found[0]
            time.sleep(0.2)
        raise AssertionError(f"No mail “{subject}” reached {to} within {PATIENCE} seconds.")

    def calls_home(self) -> int:
        """How often the third party's script has run in anybody's browser."""
        seen = re.search(r"called home (\d+) times", requests.get(self.vendor, timeout=20).text)
        assert seen
        return int(seen[1])

    @contextmanager
    def nobody_at_work(self) -> Iterator[None]:
        """Worker and beat stand still, as if their machine were off."""
        workers = [child for child in self.process.children(recursive=True) if "celery" in child.cmdline()]
        assert workers
        for worker in workers:
            worker.suspend()
        try:
            yield
            assert {worker.status() for worker in workers} == {psutil.STATUS_STOPPED}
        finally:
            for worker in workers:
                worker.resume()


@contextmanager
def running(*options: str) -> Iterator[Demo]:
    """Starts a demo with fresh data and these further options; afterwards none of its processes is left, or
    AssertionError says which."""
    folder = Path(tempfile.mkdtemp(prefix="candor-journeys-"))
    folder.chmod(0o711)  # as root, PostgreSQL runs as another account and must pass
    with (folder / "said.txt").open("wb") as out:
        command = [*_command(folder / "demo"), *options]
        started = subprocess.Popen(command, cwd=CHECKOUT, env=_environment(), stdout=out, stderr=out)
    try:
        yield _demo(started, folder)
    finally:
        _stop(started)
        shutil.rmtree(folder)


def _command(home: Path) -> list[str]:
    ports = [f"--{name}-port=0" for name in ("web", "outbox", "smtp", "vendor")]
    return [sys.executable, "manage.py", "demo", f"--home={home}", *ports]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    return kept | {"EXPIRE_EVERY": "10"}  # seconds; a journey waits for it


def _demo(started: subprocess.Popen[bytes], folder: Path) -> Demo:
    deadline = time.monotonic() + PATIENCE
    while UP not in (text := (folder / "said.txt").read_text(encoding="utf-8")):
        assert started.poll() is None, f"The demo ended:\n{text}"
        assert time.monotonic() < deadline, f"The demo is not up after {PATIENCE} seconds:\n{text}"
        time.sleep(0.2)
    lines = {name: f"{name} +(http://\\S+?)/\n" for name in ("the site", "all mail", "a third party")}
    site, outbox, vendor = (re.search(line, text)[1] for line in lines.values())  # type: ignore[index]
    return Demo(site, outbox, vendor, folder / "demo", psutil.Process(started.pid))


def _stop(started: subprocess.Popen[bytes]) -> None:
    everything = []
    if started.poll() is None:
        process = psutil.Process(started.pid)
        everything = [process, *process.children(recursive=True)]
    started.terminate()
    _gone, left = psutil.wait_procs(everything, timeout=60)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    started.wait(10)
    assert not left, f"The demo left processes behind: {left}"
