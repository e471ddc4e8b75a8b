"""Notices of policy versions and answers to letters reach everybody: rather twice, under one name, than never."""

import random
import time
from collections import Counter

import pytest
from django.utils import timezone

from mailing import letters
from mailing.models import Campaign, Delivery
from policies.models import PolicyPage
from tests.journeys.crash import audience
from tests.journeys.crash.conftest import Judge
from tests.journeys.crash.figures import row_of
from tests.journeys.crash.scene import Scene, kill_all

pytestmark = pytest.mark.timeout(180)

RECIPIENTS = 400
LETTERS = 100
State = Delivery.State


def test_what_is_owed_reaches_everybody_though_workers_are_killed_and_connections_break(
    scene: Scene, judge: Judge, dice: random.Random, policy: PolicyPage
) -> None:
    # By the number of the message, so that each breaks once: one for a recipient would break at every attempt.
    dropped = {number: dice.choice(["dot:drop", "dot:drop-logged"]) for number in dice.sample(range(1, 400), 8)}
    scene.mail_server({"at": dropped}, delay=5)
    audience.mailing_list("owed", RECIPIENTS)
    version = audience.changed(policy)
    answers = Delivery.objects.filter(letter__in=written())
    worker, kills, connections = scene.worker(), 2, 0
    for _each in range(kills):
        scene.wait_for_mail(dice.randint(30, 120))
        time.sleep(dice.random() * 0.01)
        connections += kill_all(worker, dice)
        worker = scene.worker()
    scene.wait("all letters", lambda: not answers.exclude(state=State.SENT).exists(), pause=0.1)
    scene.wait("the notice", lambda: notice(version), pause=0.1)

    most = connections + len(dropped)
    ours = set(answers.values_list("pk", flat=True))
    note = f", {kills} kills, {connections} connections, {len(dropped)} dropped"
    judge(notice(version), repeats=most, note=note, beside=ours)
    assert notice(version).deliveries.filter(state=State.SENT).count() == RECIPIENTS
    taken = Counter(row_of(each.message_id) for each in scene.accepted)
    assert ours <= set(taken)
    assert taken.total() - len(taken) <= most


def notice(version: int) -> Campaign | None:
    return Campaign.objects.filter(policy_version=version).first()


def written() -> list[int]:
    """Letters that are on their way."""
    named = {"subject": "Re: boats", "text": "Yes.", "locale": "en", "now": timezone.now()}
    return [letters.write(email=f"asked-{place}@mail.example", **named).pk for place in range(LETTERS)]
