"""Workers, the web server and Valkey are killed: every action that was acknowledged is on record, once.

bench/records/crash.py does the same with more of everything.
"""

import random

import pytest

from tests.journeys.actions import torment
from tests.journeys.actions.scene import Actions
from tests.journeys.actions.torment import Tally

pytestmark = pytest.mark.timeout(180)


def judge(found: Tally) -> None:
    assert found.acknowledged > 50, "a test that noted next to nothing shows nothing"
    assert (found.lost, found.doubled) == (0, 0), found.told()


def test_workers_are_killed_while_they_write(scene: Actions, dice: random.Random) -> None:
    found = torment.workers_killed(scene, events=20_000, kills=5, dice=dice)
    judge(found)
    assert found.beside == 0


def test_the_web_server_is_killed_under_load(scene: Actions, dice: random.Random) -> None:
    judge(torment.web_killed(scene, kills=2, dice=dice, each=0.5))


def test_valkey_is_killed_while_actions_are_noted(scene: Actions, dice: random.Random) -> None:
    found = torment.valkey_killed(scene, kills=4, dice=dice, each=0.6)
    judge(found)
    assert found.beside == 0
