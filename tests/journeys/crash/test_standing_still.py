"""A worker stands still for longer than anything waits, while others go on. Then it goes on as well."""

import random
import time
from typing import Any

import psutil
import pytest

from mailing.models import Campaign, Delivery
from tests.journeys.crash import audience
from tests.journeys.crash.conftest import Judge
from tests.journeys.crash.impatient import HURRY
from tests.journeys.crash.scene import Scene

pytestmark = pytest.mark.timeout(180)

RECIPIENTS = 500
LONGER = 1.5 * max(HURRY["lease"], HURRY["timeout"], HURRY["chunk_seconds"])  # seconds
State = Delivery.State


@pytest.fixture(scope="module")
def shortened() -> dict[str, Any]:
    """A turn as long as it is: whoever stood still still has rows in mind that others have sent."""
    return HURRY | {"turn": 20}


@pytest.mark.parametrize("hangs_up", [False, True], ids=["server-waits", "server-hangs-up"])
def test_a_worker_that_stood_still_sends_nothing_twice(
    scene: Scene, judge: Judge, dice: random.Random, hangs_up: bool
) -> None:
    scene.mail_server(delay=15)
    campaign = audience.scheduled(f"still-{hangs_up}".lower(), RECIPIENTS)
    sleeper, other = scene.worker(), scene.worker()
    scene.wait("both workers", lambda: len(sleeper.children) == len(other.children) == 2 and at_work(campaign) > 2)
    scene.wait_for_mail(dice.randint(20, 60))
    stopped = sleeper.stand_still()
    try:
        before = scene.count()
        time.sleep(LONGER)
        assert {process.status() for process in stopped} == {psutil.STATUS_STOPPED}
        assert scene.count() > before + 50, "nobody went on"
        assert held(campaign), "it stood still with nothing in its hands"
        if hangs_up:
            scene.mail_server(delay=15)
    finally:
        for process in stopped:
            process.resume()
    judge(campaign, in_doubt=4 if hangs_up else 0, note=f", stopped for {LONGER:.0f} s with {len(stopped) - 1} hands")


def at_work(campaign: Campaign) -> int:
    """Connections that are handing something over."""
    return campaign.deliveries.filter(state=State.SENDING).values("owner").distinct().count()


def held(campaign: Campaign) -> int:
    return campaign.deliveries.filter(state=State.SENDING).count()
