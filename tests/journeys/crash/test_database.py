"""The database hangs up on the workers in mid-campaign: what their journals hold is not forgotten."""

import random
import time

import pytest
from django.db import connection

from tests.journeys.crash import audience
from tests.journeys.crash.conftest import Judge
from tests.journeys.crash.scene import Scene

pytestmark = pytest.mark.timeout(180)

RECIPIENTS = 500
HANG_UP = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_every_connection_to_the_database_breaks(scene: Scene, judge: Judge, dice: random.Random, seed: int) -> None:
    scene.mail_server({"random": {"seed": seed, "rate": 0.1, "faults": ["rcpt:450"]}}, delay=8)
    campaign = audience.scheduled("database", RECIPIENTS)
    scene.worker()
    cuts = 4
    for _each in range(cuts):
        scene.wait_for_mail(dice.randint(20, 80))
        time.sleep(dice.random() * 0.05)
        with connection.cursor() as cursor:
            cursor.execute(HANG_UP)
    assert scene.count() < RECIPIENTS
    judge(campaign, note=f", {cuts} times")
