"""A flood from one client is turned away, and another client's decision goes on beside it."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from consent.models import Decision
from tests import make
from tests.consent import flood
from tests.consent.flood import Door

pytestmark = pytest.mark.timeout(300)
Served = Callable[[Path, str], AbstractContextManager[Door]]


@pytest.mark.parametrize("served", [flood.served, flood.served_by_nginx])
def test_a_flood_of_one_client_is_turned_away_and_anothers_choices_are_recorded(
    committed: None, tmp_path: Path, capsys: pytest.CaptureFixture[str], served: Served
) -> None:
    make.site()
    snapshot = make.catalogue_of_one().sha256
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    with served(tmp_path, address) as door:
        found = flood.measured(tmp_path, door, snapshot)
    with capsys.disabled():
        print(f"\n{served.__name__}: {found}")  # noqa: T201 - on a shared machine no figure is promised
    assert found.answers == {201: 2 * flood.ROUNDS * flood.DECISIONS}
    assert Decision.objects.count() == found.answers[201]
    assert set(found.flood) == {422, 429}
    assert found.flood[422] <= 2 * 60  # the minute may have turned meanwhile
    assert found.flood[429] > 100
    assert found.retry_after == {"60"}
