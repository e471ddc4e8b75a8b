"""The machine goes down: of its journals, only a part reached the disk. What they do not say may have happened."""

import random
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from mailing import deliver
from mailing.deliver import claim, journal
from mailing.models import Campaign, Delivery
from tests.journeys.crash import audience
from tests.journeys.crash.conftest import Judge
from tests.journeys.crash.figures import row_of
from tests.journeys.crash.impatient import HURRY
from tests.journeys.crash.scene import Scene, kill_all

pytestmark = pytest.mark.timeout(180)

RECIPIENTS = 500
HEAD = 68  # bytes of a journal that say whose it is, and of which start of the machine
State = Delivery.State
Reason = Delivery.Reason


def test_what_a_journal_of_an_earlier_start_does_not_say_is_unknown(
    scene: Scene, judge: Judge, dice: random.Random
) -> None:
    """Of one journal a part is left, of the other nothing: its rows are waited for until their machine has been silent
    for a day."""
    campaign = audience.scheduled("power", RECIPIENTS)
    torn, empty = go_down(scene, dice)
    torn.write_bytes(torn.read_bytes()[: dice.randrange(HEAD, torn.stat().st_size + 1)])
    owner = bytes(empty.read_bytes()[:32]).decode()
    empty.write_bytes(b"")
    silent, doubtful = keys(campaign, owner=owner), keys(campaign)
    before = {row_of(each.message_id) for each in scene.accepted}

    start_again(scene)
    left = campaign.deliveries.filter(state__in=(State.PENDING, State.CLAIMED, State.DEFERRED, State.SENDING))
    scene.wait("everybody else's message", lambda: left.count() <= len(silent), pause=0.1)
    assert keys(campaign) == silent
    deliver.recover(timezone.now() + claim.LOST_AFTER + timedelta(minutes=1))

    judge(campaign, in_doubt=2 * int(HURRY["chunk"]), note=", power cut, one journal torn and one lost")
    assert keys(campaign, state=State.UNKNOWN, reason=Reason.LOST) == silent
    assert keys(campaign, state=State.UNKNOWN) <= doubtful
    after = [row_of(each.message_id) for each in scene.accepted][len(before) :]
    assert not doubtful & set(after)


def go_down(scene: Scene, dice: random.Random) -> list[Path]:
    """Everything stops while two connections are at work; what they wrote down is of an earlier start."""
    scene.mail_server(delay=5)
    worker = scene.worker()
    scene.wait_for_mail(dice.randint(60, 200))
    scene.end_pumps()
    kill_all(worker, dice)
    scene.close_mail_server()
    left = [file for file in sorted(scene.journal.glob("*.journal")) if file.stat().st_size]
    for file in left:
        written = file.read_bytes()
        said = journal.parse(written)
        assert said
        assert said.is_whole
        file.write_bytes(written.replace(said.boot.encode(), str(uuid.UUID(int=1)).encode(), 1))
    return left


def start_again(scene: Scene) -> None:
    scene.mail_server()
    scene.pump()
    scene.worker()


def keys(campaign: Campaign, **fields: str) -> set[int]:
    rows = campaign.deliveries.filter(**{"state": State.SENDING} | fields)
    return set(rows.values_list("pk", flat=True))
