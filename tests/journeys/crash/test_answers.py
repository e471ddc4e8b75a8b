"""The mail server puts off, refuses, hangs up or falls silent: each answer is believed, and nothing else."""

import random
import time
from collections.abc import Collection

import pytest

from mailing.models import Campaign, Delivery
from tests.journeys.crash import audience
from tests.journeys.crash.conftest import Judge
from tests.journeys.crash.scene import Scene, kill_all

pytestmark = pytest.mark.timeout(180)

RECIPIENTS = 500
PUT_OFF = ["rcpt:450", "data:451 4.3.0 Come again later", "dot:450", "mail:421", "rcpt:421", "dot:421"]
REFUSED = ["rcpt:550 5.1.1 No such mailbox", "dot:550 5.7.1 We take no such message"]
HUNG_UP = ["dot:drop", "dot:drop-logged"]
State = Delivery.State


def some(dice: random.Random, key: str, faults: list[str], count: int) -> dict[str, str]:
    """What goes wrong for so many readers, by the part of their address before the @."""
    return {f"{key}-{place}": dice.choice(faults) for place in dice.sample(range(RECIPIENTS), count)}


def names(campaign: Campaign, state: str) -> set[str]:
    rows = campaign.deliveries.filter(state=state)
    return {email.partition("@")[0] for email in rows.values_list("subscription__subscriber__email", flat=True)}


def test_421_450_and_550_while_workers_are_killed(scene: Scene, judge: Judge, dice: random.Random, seed: int) -> None:
    refused = some(dice, "answers", REFUSED, 20)
    by_chance = {"seed": seed, "rate": 0.08, "faults": PUT_OFF}
    scene.mail_server({"to": refused, "random": by_chance}, delay=3)
    campaign = audience.scheduled("answers", RECIPIENTS)
    worker, kills, connections = scene.worker(), 2, 0
    for _each in range(kills):
        scene.wait_for_mail(dice.randint(40, 120))
        time.sleep(dice.random() * 0.01)
        connections += kill_all(worker, dice)
        worker = scene.worker()
    judge(campaign, in_doubt=connections, note=f", {kills} kills, {connections} connections")
    assert names(campaign, State.FAILED) <= set(refused)
    assert set(refused) <= names(campaign, State.FAILED) | names(campaign, State.UNKNOWN)
    assert campaign.deliveries.filter(state=State.SENT, attempts__gt=1).exists()


def hung_up_on(scene: Scene, dice: random.Random, key: str, faults: list[str], count: int) -> dict[str, str]:
    dropped = some(dice, key, faults, count)
    scene.mail_server({"to": dropped}, delay=1)
    return dropped


def test_a_connection_that_breaks_after_the_final_dot_leaves_one_row_in_doubt(
    scene: Scene, judge: Judge, dice: random.Random
) -> None:
    """The server may have taken the message, or not: the row is unknown by name, and is never tried again."""
    dropped = hung_up_on(scene, dice, "dropped", HUNG_UP, 16)
    campaign = audience.scheduled("dropped", RECIPIENTS)
    scene.worker()
    judge(campaign, in_doubt=len(dropped), note=f", {len(dropped)} connections dropped")
    assert names(campaign, State.UNKNOWN) == set(dropped)
    assert arrived(scene, dropped) == {name for name, act in dropped.items() if act.endswith("logged")}


def test_so_does_a_server_that_never_answers(scene: Scene, judge: Judge, dice: random.Random) -> None:
    stalled = hung_up_on(scene, dice, "stalled", ["dot:stall", "dot:stall-logged"], 4)
    campaign = audience.scheduled("stalled", RECIPIENTS)
    scene.worker("threads", 4)
    judge(campaign, in_doubt=len(stalled), note=f", {len(stalled)} connections without an answer")
    assert names(campaign, State.UNKNOWN) == set(stalled)


def arrived(scene: Scene, names: Collection[str]) -> set[str]:
    return {each.recipient.partition("@")[0] for each in scene.accepted} & set(names)
