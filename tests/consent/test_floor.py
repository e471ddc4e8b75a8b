"""A choice made before a material change of the policy took force counts as none; any other change asks nobody."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from consent import cookie, decide, told
from consent.catalogue import Published
from consent.cookie import Remembered
from consent.models import Decision
from policies import freeze
from policies.models import PolicyPage
from tests import make
from tests.consent.test_no_script import is_ticked, press

SOON = make.NOW + timedelta(days=10)
MILLISECOND = timedelta(milliseconds=1)
CHANGED = "Something has changed since you chose."


def announced(policy: PolicyPage, *, material: bool = True) -> None:
    make.revise(policy, "New.", at=SOON, material=material)
    told.forget()  # in less than the ten days until then every process has read it


def asked_again(client: Client, address: str = "/") -> str:
    """What every page tells the browser's script."""
    found = re.search(r'<html[^>]* data-asked-again-since="([^"]*)"', client.get(address).content.decode())
    return found[1] if found else ""


def remembered(published: Published, at: datetime) -> Remembered:
    """As it comes back from the browser."""
    decision = make.decision(published, now=at)
    assert decision.expires_at
    read = cookie.read(cookie.write(decide.remembered(decision, published, expires_at=decision.expires_at)))
    assert read
    return read


def stands(choice: Remembered, published: Published, since: datetime | None) -> bool:
    at = choice.decided_at + MILLISECOND
    return bool(cookie.standing(choice, published, at=at, asked_again_since=since).groups)


@pytest.mark.parametrize(
    ("before", "expected"),
    [(timedelta(days=400), False), (MILLISECOND, False), (timedelta(0), True), (-MILLISECOND, True)],
)
def test_a_choice_stands_from_the_millisecond_of_the_change_on(
    published: Published, before: timedelta, expected: bool
) -> None:
    assert stands(remembered(published, SOON - before), published, SOON) is expected


def test_a_choice_of_the_very_millisecond_of_an_unscheduled_change_is_asked_again(published: Published) -> None:
    change = SOON + timedelta(microseconds=1500)
    assert not stands(remembered(published, SOON + MILLISECOND), published, change)
    assert stands(remembered(published, SOON + 2 * MILLISECOND), published, change)


def test_where_nothing_changed_every_choice_stands(published: Published) -> None:
    assert stands(remembered(published, datetime(2020, 1, 1, tzinfo=UTC)), published, None)


def test_the_instant_of_a_choice_is_in_the_part_of_the_cookie_that_scripts_read(published: Published) -> None:
    """early.js reads the third part, as hexadecimal milliseconds."""
    press(client := Client(), published, "accept")
    digits = client.cookies["candor_consent"].value.split(".")[2]
    assert int(digits, 16) == make.NOW.timestamp() * 1000


def test_a_material_version_asks_again_from_its_instant_and_not_while_it_is_pending(
    client: Client, policy: PolicyPage, published: Published, clock: time_machine.Traveller
) -> None:
    press(client, published, "accept")
    announced(policy)
    clock.move_to(SOON - MILLISECOND)
    assert asked_again(client) == ""
    assert is_ticked(client)
    assert CHANGED not in client.get("/consent/").content.decode()
    clock.move_to(SOON)
    assert asked_again(client) == str(int(SOON.timestamp() * 1000))
    assert not is_ticked(client)
    assert CHANGED in client.get("/consent/?saved").content.decode()


def test_a_choice_made_since_is_kept_and_is_the_same_persons(
    client: Client, policy: PolicyPage, published: Published, clock: time_machine.Traveller
) -> None:
    press(client, published, "accept")
    announced(policy)
    clock.move_to(SOON)
    press(client, published, "accept")
    page = client.get("/consent/?saved").content.decode()
    assert is_ticked(client)
    assert CHANGED not in page
    assert "Your choice is saved." in page
    assert Decision.objects.values("consent_id").distinct().count() == 1


def test_who_never_chose_is_told_of_no_change(
    client: Client, policy: PolicyPage, published: Published, clock: time_machine.Traveller
) -> None:
    announced(policy)
    clock.move_to(SOON)
    assert CHANGED not in client.get("/consent/").content.decode()


@pytest.mark.parametrize("how", ["a comma", "withdrawn"])
def test_what_is_not_material_or_never_took_force_asks_nobody(
    client: Client, policy: PolicyPage, published: Published, clock: time_machine.Traveller, how: str
) -> None:
    press(client, published, "accept")
    announced(policy, material=how == "withdrawn")
    if how == "withdrawn":
        freeze.withdraw(version=policy.versions.get(number=2), now=make.NOW, reason="A mistake.")
        told.forget()
    clock.move_to(SOON)
    assert asked_again(client) == ""
    assert is_ticked(client)


@pytest.mark.parametrize("address", ["/", "/privacy/", "/consent/", "/mail/join/", "/ru/consent/", "/nothing/"])
def test_every_page_says_the_same_to_everybody(
    client: Client, policy: PolicyPage, published: Published, clock: time_machine.Traveller, address: str
) -> None:
    announced(policy)
    clock.move_to(SOON)
    assert asked_again(client, address) == str(int(SOON.timestamp() * 1000))
