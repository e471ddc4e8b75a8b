"""The test run's own PostgreSQL and Valkey, started before Django reads its settings (`-p tests.engines`)."""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from cms.demo import engines
from cms.demo.processes import Processes

_running: list[tuple[Processes, Path]] = []


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    home = Path(tempfile.mkdtemp(prefix="candor-test-"))
    home.chmod(0o711)  # as root, PostgreSQL runs as another account and must pass
    processes = Processes(home)
    _running.append((processes, home))
    os.environ["DATABASE_URL"] = engines.start_postgres(processes, home, durable=False)
    os.environ["REDIS_URL"] = engines.start_valkey(processes, home)
    yield


def pytest_unconfigure() -> None:
    while _running:
        processes, home = _running.pop()
        processes.close()
        shutil.rmtree(home, ignore_errors=True)
