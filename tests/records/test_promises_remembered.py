"""The public sees what the hourly check remembers, in every language, and makes nobody's database work."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.translation import gettext as _
from django.utils.translation import override

from records import alarms, promises
from records.models import PromiseCheck
from records.promises import Promise, State, checks, later
from tests import make

HOUR = timedelta(hours=1)


class Asked:
    """How often each of two checks was made."""

    light = heavy = 0


@later
def words() -> str:
    return _("Privacy policy")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, db: None, clock: Any) -> Asked:
    times = Asked()

    def light(now: Any) -> list[Promise]:
        times.light += 1
        return [Promise("light", "Light", "", "", State.KEPT, f"Asked {times.light}.")]

    def heavy(now: Any) -> list[Promise]:
        times.heavy += 1
        return [Promise("heavy", words(), "", "", State.BROKEN, words(), {"at": now}, details="secret place")]

    monkeypatch.setattr(checks, "_checks", {})
    promises.register("light", light)
    promises.register("heavy", heavy, heavy=True)
    make.site()
    return times


def read(client: Client, address: str = "/promises.json") -> Any:
    cache.clear()
    return client.get(address)


def entries(client: Client) -> dict[str, Any]:
    return {entry["key"]: entry for entry in read(client).json()["promises"]}


def test_what_is_heavy_is_not_made_because_somebody_looks(asked: Asked, client: Client) -> None:
    page = read(client, "/promises/").content.decode()
    assert (asked.light, asked.heavy) == (1, 0)
    assert "have not been checked for the first time yet" in page
    assert read(client).json()["waiting"] is True


def test_what_was_remembered_is_shown_while_it_is_fresh(asked: Asked, client: Client, clock: Any) -> None:
    alarms.watch(now=make.NOW)
    clock.move_to(make.NOW + 2 * HOUR - timedelta(seconds=1))
    found = entries(client)
    assert (asked.light, asked.heavy) == (1, 1)
    assert found["light"]["evidence"] == "Asked 1."
    assert found["heavy"]["checked_at"] == "2026-03-01T12:00:00Z"
    assert found["heavy"]["measured"] == {"at": "2026-03-01T12:00:00Z"}


def test_what_is_old_is_looked_at_anew_where_that_costs_little(asked: Asked, client: Client, clock: Any) -> None:
    alarms.watch(now=make.NOW)
    clock.move_to(make.NOW + 2 * HOUR + timedelta(seconds=1))
    found = entries(client)
    assert (asked.light, asked.heavy) == (2, 1)
    assert (found["light"]["evidence"], found["heavy"]["state"]) == ("Asked 2.", "broken")
    assert "The hourly check has not run since 1 March 2026, 12:00 UTC." in read(client, "/promises/").content.decode()


def test_a_version_that_takes_force_makes_what_is_remembered_old(asked: Asked, client: Client, clock: Any) -> None:
    alarms.watch(now=make.NOW)
    make.purpose(at=make.NOW + HOUR / 2)
    clock.move_to(make.NOW + HOUR / 2 - timedelta(seconds=1))
    assert entries(client)["light"]["evidence"] == "Asked 1."
    clock.move_to(make.NOW + HOUR / 2)
    assert entries(client)["light"]["evidence"] == "Asked 2."


def test_one_check_is_read_in_every_language(asked: Asked, client: Client) -> None:
    alarms.watch(now=make.NOW)
    with override("ru"):
        said = _("Privacy policy")
    assert said != "Privacy policy"
    assert entries(client)["heavy"]["title"] == "Privacy policy"
    page = read(client, "/ru/promises.json").json()
    assert [entry["title"] for entry in page["promises"] if entry["key"] == "heavy"] == [said]
    assert asked.heavy == 1


def test_what_is_for_those_who_mend_it_stays_with_them(asked: Asked, client: Client) -> None:
    alarms.watch(now=make.NOW)
    assert PromiseCheck.objects.get(key="heavy").said["en"]["details"] == "secret place"
    for address in ("/promises/", "/promises.json"):
        assert "secret place" not in read(client, address).content.decode()


def test_what_is_broken_comes_first_on_the_page(asked: Asked, client: Client) -> None:
    alarms.watch(now=make.NOW)
    page = read(client, "/promises/").content.decode()
    assert page.index('id="broken"') < page.index('id="acts"')
    assert "1 promise is broken." in page


def test_since_when_it_says_so_outlives_the_next_checks(asked: Asked, client: Client) -> None:
    for hours in range(3):
        alarms.watch(now=make.NOW + hours * HOUR)
    row = PromiseCheck.objects.get(key="heavy")
    assert (row.since_at, row.checked_at) == (make.NOW, make.NOW + 2 * HOUR)
