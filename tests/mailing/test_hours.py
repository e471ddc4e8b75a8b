"""Readers get a campaign at its hour of their own day, or in the version that their part of the audience tries."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from mailing import campaigns, deliver
from mailing.models import Campaign, Delivery, MailingList, Subscriber
from tests import make
from tests.mailing.conftest import PostOffice, is_sent, turn

pytestmark = pytest.mark.usefixtures("clock")
NINE = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
ZONES = {"kiri": "Pacific/Kiritimati", "riga": "Europe/Riga", "lima": "America/Lima", "none": "", "odd": "Mars/Olympus"}


@pytest.fixture
def campaign(news: MailingList) -> Campaign:
    """At nine in each reader's own time zone."""
    for name, zone in ZONES.items():
        person = make.subscriber(f"{name}@mail.example", news).subscriber
        Subscriber.objects.filter(pk=person.pk).update(time_zone=zone)
    made = make.campaign(news, in_recipient_zone=True)
    campaigns.schedule(campaign=made, send_at=NINE, now=make.NOW)
    return made


def hours() -> dict[str, datetime]:
    rows = Delivery.objects.values_list("subscription__subscriber__email", "not_before")
    return {email.partition("@")[0]: at for email, at in rows}


def test_nine_comes_to_each_reader_in_their_own_zone(campaign: Campaign) -> None:
    early = NINE - timedelta(hours=26)
    assert campaigns.start(campaign.pk, now=early - timedelta(seconds=1)) == 0
    assert campaigns.start(campaign.pk, now=early) == 5
    assert hours() == {
        "kiri": NINE - timedelta(hours=14),
        "riga": NINE - timedelta(hours=2),
        "lima": NINE + timedelta(hours=5),
        "none": NINE,
        "odd": NINE,
    }


def test_rows_leave_as_their_hours_come(
    campaign: Campaign, post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    clock.move_to(NINE - timedelta(hours=26))
    campaigns.start(campaign.pk, now=timezone.now())
    seen = []
    for hour in (-15, -14, -2, 0, 5):
        clock.move_to(NINE + timedelta(hours=hour))
        deliver.recover(timezone.now())
        turn(campaign)
        seen.append(len(post_office.letters))
    assert seen == [0, 1, 2, 4, 5]
    assert is_sent(campaign)


def test_without_it_all_leave_at_once(news: MailingList, campaign: Campaign) -> None:
    other = make.campaign(news)
    make.queued(other)
    assert set(other.deliveries.values_list("not_before", flat=True)) == {make.NOW}


@pytest.fixture
def trial(news: MailingList) -> Campaign:
    """A hundred readers, of whom about forty try A or B."""
    for number in range(100):
        make.subscriber(f"reader-{number:02}@mail.example", news)
    made = make.campaign(news, "Spring", test_share=40)
    make.written(made, "Summer", version="b")
    return make.queued(made)


def test_a_part_tries_both_versions_and_the_rest_is_held(trial: Campaign) -> None:
    counted = Counter(trial.deliveries.values_list("version", "state"))
    assert set(counted) == {("a", "pending"), ("b", "pending"), ("", "held")}
    assert counted["", "held"] > counted["a", "pending"] + counted["b", "pending"] > 20
    assert abs(counted["a", "pending"] - counted["b", "pending"]) < 20


def test_the_rest_waits_for_a_choice_and_gets_what_was_chosen(trial: Campaign, post_office: PostOffice) -> None:
    while turn(trial):
        pass
    tried = len(post_office.letters)
    subjects = Counter(subject(content) for _to, content in post_office.letters)
    assert set(subjects) == {"Spring", "Summer"}
    assert not is_sent(trial)
    chosen = campaigns.choose(campaign=trial, version=Campaign.Version.B, now=make.NOW)
    assert chosen == 100 - tried
    assert campaigns.choose(campaign=trial, version=Campaign.Version.A, now=make.NOW) == 0
    while turn(trial):
        pass
    assert Counter(subject(content) for _to, content in post_office.letters[tried:]) == {"Summer": chosen}
    assert is_sent(trial)


def subject(content: bytes) -> str:
    [line] = [line for line in content.decode().splitlines() if line.startswith("Subject: ")]
    return line.removeprefix("Subject: ")
