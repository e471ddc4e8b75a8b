"""What beat has workers do for the action log."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings

from records import tasks
from records.action_log import partitions, pseudonym
from records.models import Salt
from tests import make
from tests.records.acting import event, fill, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log", "clock")]


def test_entries_become_rows() -> None:
    partitions.ensure(now=make.NOW)
    fill(event(), event())
    assert tasks.drain_actions() == len(written()) == 2


def test_months_are_made_and_salts_destroyed(clock: time_machine.Traveller) -> None:
    pseudonym.prepare(now=make.NOW)
    assert tasks.tend_actions() == 4
    clock.shift(timedelta(days=31))
    assert Salt.objects.count() == 1
    assert tasks.tend_actions() == 1
    assert Salt.objects.count() == 0
    assert partitions.missing(now=make.NOW + timedelta(days=31)) == []


def test_beat_asks_for_both() -> None:
    asked = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert asked["records.tasks.drain_actions"] <= 10
    assert asked["records.tasks.tend_actions"] <= 3600
