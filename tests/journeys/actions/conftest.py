"""A database and a Valkey with a journal for the file of tests; nothing of one test is left for the next."""

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from cms.demo.processes import Processes
from records.action_log import partitions
from records.models import StreamPosition
from tests import make
from tests.journeys.actions.scene import Actions
from tests.journeys.crash.conftest import database as database
from tests.journeys.crash.conftest import original as original


@pytest.fixture(scope="module")
def place(database: str) -> Iterator[Actions]:
    make.site()
    partitions.ensure(now=timezone.now())
    home = Path(tempfile.mkdtemp(prefix="candor-actions-"))
    try:
        with Processes(home) as processes:
            yield Actions(processes, home, database, hurry={})
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def scene(place: Actions) -> Iterator[Actions]:
    yield place
    place.clear()
    place.forget_hints()
    shutil.rmtree(place.spool, ignore_errors=True)
    StreamPosition.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE records_action")


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    """That of the whole run: --randomly-seed=… brings it back."""
    return random.Random(int(request.config.getoption("randomly_seed", 2026)))
