"""A choice made before a material change of the policy took force counts as none; any other change asks nobody."""

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from consent import decide
from consent.catalogue import Published
from consent.decide import Remembered
from consent.models import Decision
from policies import freeze
from policies.models import PolicyPage
from tests import make
from tests.consent.test_no_script import is_ticked, press

SOON = make.NOW + timedelta(days=10)
MILLISECOND = timedelta(milliseconds=1)
CHANGED = "Our policy has changed since you chose."


def announced(policy: PolicyPage, *, material: bool = True) -> None:
    make.revise(policy, "New.", at=SOON, material=material)


def asked_again(client: Client, address: str = "/") -> str:
    """What every page tells the browser's script."""
    found = re.search(r'<html[^>]* data-asked-again-since="([^"]*)"', client.get(address).content.decode())
    return found[1] if found else ""


def remembered(at: datetime) -> Remembered:
    decision, _new = decide.record(
        choices={},
        source=Decision.Source.BANNER,
        at=at,
        key=uuid.uuid4(),
        policy_version=None,
        statement="Yes.",
    )
    return Remembered(decision.id, "", 0)


@pytest.mark.parametrize(
    ("before", "stands"),
    [(timedelta(days=400), False), (MILLISECOND, False), (timedelta(0), True), (-MILLISECOND, True)],
)
def test_a_choice_stands_from_the_millisecond_of_the_change_on(db: None, before: timedelta, stands: bool) -> None:
    assert remembered(SOON - before).stands(SOON) is stands


def test_a_choice_of_the_very_millisecond_of_an_unscheduled_change_is_asked_again(db: None) -> None:
    change = SOON + timedelta(microseconds=1500)
    assert not remembered(SOON + MILLISECOND).stands(change)
    assert remembered(SOON + 2 * MILLISECOND).stands(change)


def test_where_nothing_changed_every_choice_stands(db: None) -> None:
    assert remembered(datetime(2020, 1, 1, tzinfo=UTC)).stands(None)


def test_the_instant_of_a_choice_is_in_the_part_of_the_cookie_that_scripts_read(published: Published) -> None:
    """early.js reads the first eight letters of the fourth part, as base64url."""
    press(client := Client(), published, "accept")
    letters = client.cookies["candor_consent"].value.split(".")[3][:8]
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    milliseconds = 0
    for letter in letters:
        milliseconds = milliseconds * 64 + digits.index(letter)
    assert milliseconds == make.NOW.timestamp() * 1000


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
