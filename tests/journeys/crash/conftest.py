"""A database, a broker and a pump for each file of tests; workers and a mail server for each test."""

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections
from django.test import override_settings
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from cms.demo.processes import Processes
from mailing.models import Campaign
from policies.models import PolicyPage
from tests.journeys.crash import audience
from tests.journeys.crash.figures import broken_rules, figures, row_of
from tests.journeys.crash.impatient import HURRY
from tests.journeys.crash.scene import Scene

Judge = Callable[..., None]


@pytest.fixture(scope="session")
def original(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The test database. pytest-django makes none where no test of the run asks for one by `db`."""
    name = str(connections["default"].settings_dict["NAME"])
    if name.startswith("test_"):
        yield name
        return
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
        yield str(connections["default"].settings_dict["NAME"])
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="module")
def database(original: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The URL of a copy of the test database, which this process uses too while the file's tests run."""
    default = connections["default"]
    with django_db_blocker.unblock():
        default.close()  # a database is copied while nobody is in it
        with default._nodb_cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {original}_crash TEMPLATE {original}")
        default.settings_dict["NAME"] = f"{original}_crash"
        try:
            yield urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{original}_crash").geturl()
        finally:
            default.close()
            default.settings_dict["NAME"] = original
            with default._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {original}_crash WITH (FORCE)")


@pytest.fixture(scope="module")
def policy(database: str) -> PolicyPage:
    return audience.site(timezone.now())


@pytest.fixture(scope="module")
def shortened() -> dict[str, Any]:
    """What the file's workers wait for."""
    return HURRY


@pytest.fixture(scope="module")
def place(database: str, policy: PolicyPage, shortened: dict[str, Any]) -> Iterator[Scene]:
    home = Path(tempfile.mkdtemp(prefix="candor-crash-"))
    try:
        with Processes(home) as processes:
            place = Scene(processes, home, database, shortened)
            place.pump()
            with override_settings(MAIL_JOURNAL=place.journal):
                yield place
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def scene(place: Scene) -> Iterator[Scene]:
    yield place
    place.clear()
    audience.clear()


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """That of the whole run: --randomly-seed=… brings it back."""
    return int(request.config.getoption("randomly_seed", 2026))


@pytest.fixture
def dice(seed: int) -> random.Random:
    return random.Random(seed)


@pytest.fixture
def judge(request: pytest.FixtureRequest, scene: Scene, seed: int, capfd: pytest.CaptureFixture[str]) -> Judge:
    """Waits for the end of a campaign, says what became of it, and what of that may not be. `beside`: rows of something
    else that the mail server took."""

    def judge(
        campaign: Campaign, *, in_doubt: int = 0, repeats: int = 0, note: str = "", beside: Collection[int] = ()
    ) -> None:
        scene.wait_for_end(campaign)
        found = figures(campaign, [each for each in scene.accepted if row_of(each.message_id) not in beside])
        line = f"{request.node.name}, seed {seed}{note}: {found.told()}; in doubt at most {in_doubt}"
        with capfd.disabled():
            sys.stdout.write(f"\n{line}\n")
        assert not broken_rules(found, in_doubt=in_doubt, repeats=repeats), line

    return judge
