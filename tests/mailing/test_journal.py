"""A journal says what was about to leave and what was answered, to whoever finds it."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from mailing import deliver
from mailing.deliver import journal
from mailing.deliver.journal import Said, Slot
from mailing.deliver.settle import settle
from mailing.models import Campaign, Delivery, MailingList, Suppression
from mailing.transport import Answer, Stage
from policies.models import PolicyPage
from tests import make
from tests.mailing.conftest import queued, states

pytestmark = pytest.mark.usefixtures("clock")
READERS = [f"{name}@mail.example" for name in ("sent", "doubt", "refused", "later", "never")]
ANSWERS = {
    "sent": Answer(0, 250, Stage.MESSAGE, "2.0.0 Ok: queued"),
    "refused": Answer(0, 550, Stage.RECIPIENT, "5.1.1 nobody here"),
    "later": Answer(0, 451, Stage.MESSAGE, "4.7.1 come later"),
}


@pytest.fixture
def slot(tmp_path: Path) -> Iterator[Slot]:
    with journal.slot(tmp_path, 1) as taken:
        assert taken
        taken.begin()
        yield taken


@pytest.fixture
def campaign(news: MailingList) -> Campaign:
    return queued(news, *READERS)


def hand_over(slot: Slot) -> Said:
    """A chunk in which each row met another fate; the last one was not begun."""
    Delivery.objects.update(state="sending", owner=slot.owner, attempts=1, first_tried_at=timezone.now())
    rows = Delivery.objects.values_list("subscription__subscriber__email", "pk")
    for name, key in {email.partition("@")[0]: key for email, key in rows}.items():
        if name in {"sent", "doubt", "later"}:
            slot.intent(key)
        if name in ANSWERS:
            slot.answer(Answer(key, ANSWERS[name].code, ANSWERS[name].stage, ANSWERS[name].text))
    left = slot.left()
    assert left
    return left


FATES = {
    "sent@mail.example": "sent",
    "refused@mail.example": "failed: the server refused it for good",
    "later@mail.example": "deferred",
    "never@mail.example": "pending",
}


def test_a_dead_owners_rows_become_what_its_file_says(campaign: Campaign, slot: Slot) -> None:
    assert settle(hand_over(slot), now=make.NOW, alive=False) == 5
    ended = "unknown: the worker ended while the message was handed over"
    assert states() == FATES | {"doubt@mail.example": ended}
    assert Suppression.objects.get().reason == Suppression.Reason.HARD_BOUNCE  # its status is in the file too


def test_settled_twice_changes_nothing_the_second_time(campaign: Campaign, slot: Slot) -> None:
    said = hand_over(slot)
    settle(said, now=make.NOW, alive=False)
    before = states()
    assert settle(said, now=make.NOW, alive=False) == 0
    assert states() == before


def test_its_own_owner_settles_in_the_same_way(campaign: Campaign, slot: Slot) -> None:
    hand_over(slot)
    settle(slot.said, now=make.NOW, alive=True)
    broke = "unknown: the connection broke while the message was handed over"
    assert states() == FATES | {"doubt@mail.example": broke}


def test_after_a_power_cut_what_the_file_does_not_say_is_unknown(campaign: Campaign, slot: Slot) -> None:
    said = hand_over(slot)
    said.boot = "00000000-0000-0000-0000-000000000000"
    settle(said, now=make.NOW, alive=False)
    assert states()["never@mail.example"].startswith("unknown")
    assert states()["sent@mail.example"] == "sent"


def test_a_notice_is_owed_and_therefore_repeated(campaign: Campaign, slot: Slot) -> None:
    """Under the same Message-ID: it is made from the row's number."""
    policy = PolicyPage.objects.get()
    make.revise(policy, "New.", material=True)
    version = policy.versions.order_by("-number")[0]
    Campaign.objects.update(kind="notice", policy_version=version, mailing_list=None)
    settle(hand_over(slot), now=make.NOW, alive=False)
    assert states()["doubt@mail.example"] == "pending"


def test_whoever_finds_the_file_unlocked_settles_it(campaign: Campaign, tmp_path: Path, settings: Settings) -> None:
    settings.MAIL_JOURNAL = tmp_path
    with journal.slot(tmp_path, 1) as slot:
        assert slot
        slot.begin()
        hand_over(slot)
        assert deliver.recover(make.NOW) == 0  # it is at work
        assert journal.alive(tmp_path) == {slot.owner}
    assert deliver.recover(make.NOW) == 5
    assert states()["sent@mail.example"] == "sent"
    assert deliver.recover(make.NOW) == 0


def test_no_two_owners_share_a_slot(tmp_path: Path) -> None:
    with journal.slot(tmp_path, 2) as one, journal.slot(tmp_path, 2) as two, journal.slot(tmp_path, 2) as three:
        assert one
        assert two
        assert one.owner != two.owner
        assert three is None


def test_a_record_cut_short_was_not_finished(slot: Slot, tmp_path: Path) -> None:
    slot.intent(7)
    slot.answer(Answer(7, 250, Stage.MESSAGE, "ok"))
    content = (tmp_path / "0.journal").read_bytes()
    said = journal.parse(content[:-1])
    assert said
    assert said.in_doubt == {7}


def test_any_bytes_are_read_without_an_error() -> None:
    seeded = random.Random(7)
    for _round in range(300):
        content = seeded.randbytes(seeded.randrange(400))
        said = journal.parse(content)
        assert said is None or said.owner is not None


def test_the_files_are_their_owners_alone(slot: Slot, tmp_path: Path) -> None:
    assert os.stat(tmp_path / "0.journal").st_mode & 0o077 == 0
