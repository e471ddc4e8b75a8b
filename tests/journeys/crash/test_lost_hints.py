"""The rows are the queue: what the broker forgets, or says twice, changes nothing."""

import random

import pytest

from tests.journeys.crash import audience
from tests.journeys.crash.conftest import Judge
from tests.journeys.crash.scene import Scene

pytestmark = pytest.mark.timeout(180)

RECIPIENTS = 500


def test_the_broker_is_emptied_in_mid_campaign(scene: Scene, judge: Judge, dice: random.Random) -> None:
    scene.mail_server(delay=5)
    campaign = audience.scheduled("flushed", RECIPIENTS)
    scene.worker()
    for _each in range(2):
        scene.wait_for_mail(dice.randint(50, 150))
        scene.forget_hints()
    assert scene.count() < RECIPIENTS
    judge(campaign, note=", broker emptied twice")


def test_the_broker_dies_in_mid_campaign_and_comes_back_empty(scene: Scene, judge: Judge, dice: random.Random) -> None:
    scene.mail_server(delay=5)
    campaign = audience.scheduled("broken", RECIPIENTS)
    scene.worker()
    scene.wait_for_mail(dice.randint(50, 150))
    scene.restart_broker()
    assert scene.count() < RECIPIENTS
    judge(campaign, note=", broker killed")


def test_two_pumps_and_two_workers_at_once_and_every_hint_twice(scene: Scene, judge: Judge) -> None:
    scene.mail_server(delay=2)
    for _each in range(2):
        scene.pump(every=0.02, times=2)
    scene.worker("prefork", 2)
    scene.worker("threads", 4)
    campaign = audience.scheduled("twice", RECIPIENTS)
    judge(campaign, note=", 3 pumps, 6 hands on 4 connections")
