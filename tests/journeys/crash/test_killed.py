"""Workers are killed while a campaign goes out: nobody gets it twice, and nobody is forgotten."""

import random
import time
from collections.abc import Callable

import pytest

from tests.journeys.crash import audience
from tests.journeys.crash.conftest import Judge
from tests.journeys.crash.scene import Scene, Worker, kill_all, kill_child, kill_parent

pytestmark = pytest.mark.timeout(180)

RECIPIENTS = 500
KILLS = 4
HANDS = 2
Kill = Callable[[Worker, random.Random], int]


@pytest.mark.parametrize(
    ("kill", "pool"),
    [(kill_child, "prefork"), (kill_parent, "prefork"), (kill_all, "prefork"), (kill_all, "threads")],
    ids=["child", "parent", "both", "threads"],
)
def test_a_worker_is_killed_again_and_again(
    scene: Scene, judge: Judge, dice: random.Random, kill: Kill, pool: str, request: pytest.FixtureRequest
) -> None:
    scene.mail_server(delay=5)
    campaign = audience.scheduled(f"killed-{request.node.callspec.id}", RECIPIENTS)
    worker, connections = scene.worker(pool, HANDS), 0
    for _each in range(KILLS):
        scene.wait_for_mail(dice.randint(20, 70))
        time.sleep(dice.random() * 0.01)
        connections += kill(worker, dice)
        assert scene.count() < RECIPIENTS, "a kill after the last message shows nothing"
        if kill is not kill_child:
            worker = scene.worker(pool, HANDS)
    judge(campaign, in_doubt=connections, note=f", {KILLS} kills, {connections} connections")
