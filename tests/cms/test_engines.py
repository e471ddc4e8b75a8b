"""The private engines run wherever the checkout lies, and open no door to get there."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from cms.demo import engines
from cms.demo.processes import Processes, Trouble

DEEP = f"{'long-' * 20}/{'folder-' * 10}"
AS_ROOT = os.geteuid() == 0


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o711)
    yield tmp_path
    for folder in (tmp_path / DEEP, tmp_path / "closed"):
        if folder.exists():
            engines.forget(folder, keep=folder)


@pytest.fixture
def processes(home: Path) -> Iterator[Processes]:
    with Processes(home) as started:
        yield started


def version(url: str) -> int:
    with psycopg.connect(url) as connection:
        return connection.info.server_version // 10000


def test_postgres_18_runs(processes: Processes, home: Path) -> None:
    assert version(engines.start_postgres(processes, home / "here", durable=False)) == 18


def test_a_path_too_long_for_a_socket_is_no_obstacle(processes: Processes, home: Path) -> None:
    assert version(engines.start_postgres(processes, home / DEEP, durable=False)) == 18


def test_a_closed_folder_above_stays_closed(processes: Processes, home: Path) -> None:
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    assert version(engines.start_postgres(processes, closed, durable=False)) == 18
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    sheltered = engines._shelter(closed)
    assert (sheltered != closed) is AS_ROOT
    assert (sheltered / "postgres" / "PG_VERSION").exists()


def test_valkey_asks_for_its_password(processes: Processes, home: Path) -> None:
    url = engines.start_valkey(processes, home)
    assert redis.Redis.from_url(url).ping()
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(f"redis://{url.partition('@')[2]}").ping()
    assert stat.S_IMODE((home / "valkey" / "valkey.conf").stat().st_mode) == 0o600


def test_a_program_that_ends_at_once_is_quoted(processes: Processes) -> None:
    processes.start("broken", ["sh", "-c", "echo no such thing; exit 3"])
    with pytest.raises(Trouble, match="broken ended at once") as trouble:
        processes.wait("broken", lambda: False)
    assert "no such thing" in str(trouble.value)


def test_a_program_that_is_missing_gets_a_sentence(processes: Processes) -> None:
    with pytest.raises(Trouble, match="could not be started"):
        processes.start("missing", ["/no/such/program"])


def test_it_stops_one_and_tells_its_code(processes: Processes) -> None:
    processes.start("sleeper", ["sleep", "60"])
    assert processes.stop("sleeper") == -15
    assert processes.ended() == {}
