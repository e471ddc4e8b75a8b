"""The private engines run wherever the checkout lies, and open no door to get there."""

import os
import shutil
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
def processes(home: Path) -> Iterator[Processes]:
    with Processes(home) as started:
        yield started
    for folder in (home / DEEP, home / "closed", home / "closed" / "home"):
        engines.forget(folder, keep=folder)


@pytest.fixture
def place(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home two folders below, of a root who runs PostgreSQL as another account, whoever runs this test."""
    monkeypatch.setattr(engines, "_account", lambda: "nobody")
    folder = home / "above" / "home"
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(engines._outside(folder), ignore_errors=True)


def fill(shelter: Path) -> None:
    """What tells that a database was made there."""
    (shelter / "postgres").mkdir(parents=True)
    (shelter / "postgres" / "PG_VERSION").write_text("18")


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


def test_a_folder_that_opens_moves_no_data(place: Path) -> None:
    place.parent.chmod(0o700)
    outside = engines._shelter(place)
    assert outside == engines._outside(place)
    fill(outside)
    place.parent.chmod(0o711)
    assert engines._shelter(place) == outside


def test_a_folder_that_closes_above_the_data_is_named(place: Path) -> None:
    assert engines._shelter(place) == place
    fill(place)
    place.parent.chmod(0o700)
    with pytest.raises(Trouble, match=rf"chmod o\+x {place.parent}\)"):
        engines._shelter(place)
    place.parent.chmod(0o711)
    assert engines._shelter(place) == place


@pytest.mark.skipif(not AS_ROOT, reason="only root runs PostgreSQL as another account")
def test_no_start_is_empty_beside_data_that_are_out_of_reach(processes: Processes, home: Path) -> None:
    below = home / "closed" / "home"
    url = engines.start_postgres(processes, below, durable=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept ()")
    processes.stop("postgres")
    below.parent.chmod(0o700)
    with pytest.raises(Trouble, match="cannot reach as the account nobody"):
        engines.start_postgres(processes, below, durable=False)
    assert not engines._outside(below).exists()
    below.parent.chmod(0o711)
    with psycopg.connect(engines.start_postgres(processes, below, durable=False)) as connection:
        connection.execute("SELECT FROM kept")


@pytest.mark.parametrize("account", ["nobody", None])
def test_a_shelter_of_another_account_is_refused(
    place: Path, monkeypatch: pytest.MonkeyPatch, account: str | None
) -> None:
    fill(engines._outside(place))
    stranger = os.geteuid() + 1
    monkeypatch.setattr(engines, "_account", lambda: account)
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    with pytest.raises(Trouble, match="belongs to another account"):
        engines._shelter(place)


def test_a_shelter_that_leads_elsewhere_is_refused(place: Path, home: Path) -> None:
    outside = engines._outside(place)
    outside.symlink_to(home)
    try:
        with pytest.raises(Trouble, match="belongs to another account"):
            engines._shelter(place)
    finally:
        outside.unlink()


def test_forgetting_clears_both_places(place: Path) -> None:
    fill(place)
    fill(engines._outside(place))
    (place / "lock").touch()
    (place / "stray").symlink_to(place.parent)
    engines.forget(place, keep=place / "lock")
    assert [entry.name for entry in place.iterdir()] == ["lock"]
    assert not engines._outside(place).exists()


def test_forgetting_touches_nothing_of_others_and_never_fails(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(engines._outside(place))
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    engines.forget(place / "missing", keep=place)
    engines.forget(place, keep=place)
    assert (engines._outside(place) / "postgres" / "PG_VERSION").exists()


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
