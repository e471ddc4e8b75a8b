"""A worker is killed in the middle of expiry: the next run finishes, and the records count each row once."""

import random

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Sum
from kombu import Connection

from records import retention
from records.models import RetentionRun, RetentionTally
from records.tasks import expire
from tests.journeys.crash.scene import Scene, kill_all

pytestmark = pytest.mark.timeout(300)

ROWS = 150_000
KILLS = 2
SESSIONS = "sessions.Session"
FILL = """
INSERT INTO django_session (session_key, session_data, expire_date)
SELECT md5(number::text), repeat('x', 200), now() - interval '1 day' - number * interval '1 second'
FROM generate_series(1, %s) AS number
"""


def look(scene: Scene) -> None:
    """What beat asks a worker for."""
    with Connection(scene.broker) as broker:
        expire.apply_async(connection=broker)


def recorded() -> int:
    return RetentionRun.objects.filter(holding=SESSIONS).aggregate(rows=Sum("expired"))["rows"] or 0


def under_way() -> int:
    """Rows that are gone and of which no record tells yet."""
    return RetentionTally.objects.filter(holding=SESSIONS).aggregate(rows=Sum("rows"))["rows"] or 0


def test_killed_again_and_again_it_finishes_and_counts_each_row_once(scene: Scene, dice: random.Random) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FILL, [ROWS])
    for _each in range(KILLS):
        before, worker = Session.objects.count(), scene.worker()
        look(scene)
        scene.wait("the first batches", lambda before=before: Session.objects.count() < before)  # type: ignore[misc]
        kill_all(worker, dice)
        left = Session.objects.count()
        assert 0 < left < before, "a kill after the last batch shows nothing"
        assert recorded() == 0, "a record would claim what is still there"
        assert under_way() == ROWS - left
    scene.worker()
    look(scene)
    scene.wait("the record", recorded)
    assert (Session.objects.count(), recorded(), under_way()) == (0, ROWS, 0)
    assert retention.verify() is None
