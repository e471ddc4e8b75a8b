"""The demo starts on a bare machine, keeps its data, and leaves nothing behind, however it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from cms.demo.processes import free_port
from tests.house import tree

pytestmark = pytest.mark.timeout(240)
NOT_INHERITED = {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}


class Terminal:
    """Somebody who types `manage.py demo` and reads what it prints."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.mark = f"CANDOR_TEST={uuid.uuid4()}"
        self.said = home.with_suffix(".txt")

    def type(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
        name, _, value = self.mark.partition("=")
        argv = [sys.executable, "manage.py", "demo", "--home", str(self.home), *arguments]
        with self.said.open("wb") as out:
            return subprocess.Popen(
                argv, cwd=tree.ROOT, env=environment | {name: value}, stdout=out, stderr=subprocess.STDOUT
            )

    def read(self) -> str:
        return self.said.read_text(encoding="utf-8")

    def address(self, demo: subprocess.Popen[bytes]) -> str:
        """Waits until the demo says it is up; returns the address of the site."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and demo.poll() is None:
            if "Ctrl-C stops everything" in self.read():
                found = re.search(r"the site +(http://localhost:\d+)/", self.read())
                assert found
                return found[1]
            time.sleep(0.2)
        raise AssertionError(self.read())

    def processes(self) -> list[str]:
        """Everything that this terminal started and that still runs."""
        return [line for pid in Path("/proc").iterdir() if pid.name.isdigit() and (line := self._ours(pid))]

    def _ours(self, pid: Path) -> str:
        try:
            command = (pid / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            ours = self.mark.encode() in (pid / "environ").read_bytes() or str(self.home) in command
        except OSError:
            return ""
        return f"{pid.name} {command}" if ours and command else ""

    def nothing_left(self) -> bool:
        """Waits a little for what was told to end: the warden survives its owner by as long as it needs."""
        deadline = time.monotonic() + 30
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.2)
        return not self.processes()


@pytest.fixture
def terminal(home: Path) -> Iterator[Terminal]:
    here = Terminal(home / "demo")
    yield here
    for line in here.processes():
        os.kill(int(line.split()[0]), signal.SIGKILL)


def ports(*, web: int = 0) -> list[str]:
    wanted = {"web": web, "outbox": 0, "smtp": 0, "vendor": 0}
    return [part for name, port in wanted.items() for part in (f"--{name}-port", str(port))]


def test_the_tour_works(terminal: Terminal) -> None:
    demo = terminal.type("--check")
    assert demo.wait(200) == 0, terminal.read()
    assert terminal.read().rstrip().endswith("The tour works.")
    assert terminal.nothing_left(), terminal.processes()


def test_it_ends_cleanly_and_keeps_its_data(terminal: Terminal) -> None:
    with socket.socket() as other:
        taken = free_port(0)
        other.bind(("127.0.0.1", taken))
        other.listen()
        demo = terminal.type(*ports(web=taken))
        site = terminal.address(demo)
    assert f"Port {taken} is taken: using" in terminal.read()
    assert "Filled a new site" in terminal.read()

    again = Terminal(terminal.home)
    again.said = terminal.home.with_suffix(".again.txt")
    assert again.type(*ports()).wait(60) == 1
    assert "A demo is running" in again.read()

    letter = {"name": "Ben", "email": "ben@mail.example", "message": "Do you keep this?"}
    requests.post(f"{site}/contact/", data=letter, headers={"Origin": site}, timeout=20).raise_for_status()
    demo.send_signal(signal.SIGTERM)
    assert demo.wait(60) == 0, terminal.read()
    assert terminal.nothing_left(), terminal.processes()
    assert not (terminal.home / "lock").exists()
    assert not (terminal.home / "addresses.env").exists()

    demo = terminal.type(*ports())
    site = terminal.address(demo)
    assert "Filled a new site" not in terminal.read()
    assert "ben@mail.example" in inquiries(site)
    demo.send_signal(signal.SIGINT)
    assert demo.wait(60) == 0, terminal.read()
    assert terminal.nothing_left(), terminal.processes()


def test_killed_outright_it_leaves_no_process_and_its_data_whole(terminal: Terminal) -> None:
    demo = terminal.type(*ports())
    terminal.address(demo)
    demo.kill()
    demo.wait(10)
    assert terminal.nothing_left(), terminal.processes()

    demo = terminal.type(*ports())
    site = terminal.address(demo)
    assert requests.get(f"{site}/privacy/", timeout=20).ok
    demo.send_signal(signal.SIGTERM)
    assert demo.wait(60) == 0
    assert terminal.nothing_left(), terminal.processes()


def inquiries(site: str) -> str:
    """The newest inquiry as an editor reads it."""
    editor = requests.Session()
    editor.get(f"{site}/cms/login/", timeout=20)
    form = {"username": "vera", "password": "candor", "csrfmiddlewaretoken": editor.cookies["csrftoken"]}
    editor.post(f"{site}/cms/login/", data=form, headers={"Origin": site}, timeout=20)
    listing = editor.get(f"{site}/cms/inquiries/", timeout=20).text
    newest = re.search(r"/cms/inquiries/inspect/(\d+)/", listing)
    assert newest, listing
    return editor.get(f"{site}/cms/inquiries/inspect/{newest[1]}/", timeout=20).text


@pytest.mark.parametrize("folder", ["/dev/null/demo", "/proc/demo"])
def test_a_folder_that_cannot_be_written_gets_a_sentence(folder: str, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path / "demo")
    terminal.home = Path(folder)
    assert terminal.type(*ports()).wait(60) == 1
    assert "cannot be written" in terminal.read()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://candor:secret@127.0.0.1/candor", "only PostgreSQL is supported"),
        ("postgresql://candor:secret@127.0.0.1:1/", "names no database"),
        ("postgresql://candor:secret@127.0.0.1:1/candor", "The database does not answer"),
    ],
)
def test_a_wrong_database_url_gets_a_sentence_without_the_password(url: str, sentence: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "expire", "--dry-run"],
        cwd=tree.ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr + done.stdout
