"""What is due is deleted by beat and a worker, unasked, by the version in force, and the evidence says so."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg

from cms.places import CHECKOUT
from tests.journeys.demo import PATIENCE, Demo

RUNS = "SELECT ran_at, expired, policy, version FROM records_retentionrun WHERE holding = 'home.Inquiry' "
# In a process of the site: a policy of its own, so that no other journey meets it, and its second version is planned.
SHORTEN = """
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from home import inquiries
from home.models import FormPage, HomePage
from policies.models import PolicyPage, PolicyVersion
from tests.policies import typed

now = timezone.now()
someone = {"name": "Old", "email": "old@mail.example", "phone": "", "message": "Hello"}
inquiries.receive(page=FormPage.objects.first(), now=now - timedelta(days=250), **someone)
page = PolicyPage(title="How long we keep", slug="how-long-we-keep", body=[typed.retention(1, "year")], live=False)
HomePage.objects.get(locale__language_code="en").add_child(instance=page)
page.save_revision().publish()
typed.publish(page, typed.retention(6, "month"), at=now + timedelta(seconds=30))
version = PolicyVersion.objects.get(page=page, number=2)
print(page.key, version.effective_from.isoformat())
"""


def environment(demo: Demo) -> dict[str, str]:
    lines = (demo.home / "addresses.env").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def rows(demo: Demo, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(environment(demo)["DATABASE_URL"]) as connection:
        return connection.execute(query).fetchall()  # type: ignore[call-overload]


def wait(ready: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready() and time.monotonic() < deadline:
        time.sleep(0.5)


def in_the_site(demo: Demo, program: str) -> str:
    command, env = [sys.executable, "-c", program], os.environ | environment(demo)
    done = subprocess.run(command, cwd=CHECKOUT, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]


def test_beat_deletes_what_is_due(demo: Demo) -> None:
    wait(lambda: rows(demo, f"{RUNS} AND expired > 0"))
    assert rows(demo, f"{RUNS} AND expired > 0 ORDER BY id")[0][1] == 1
    assert rows(demo, "SELECT id FROM home_inquiry WHERE received_at < now() - interval '365 days'") == []
    assert rows(demo, "SELECT count(*) FROM home_inquiry") > [(0,)]


def test_the_purge_follows_a_shorter_period_at_the_next_beat_and_not_before(demo: Demo) -> None:
    wait(lambda: rows(demo, RUNS))
    policy, instant = in_the_site(demo, SHORTEN).split()
    takes_force = datetime.fromisoformat(instant)
    old = "SELECT id FROM home_inquiry WHERE received_at < now() - interval '240 days'"
    assert len(rows(demo, old)) == 1
    wait(lambda: rows(demo, f"{RUNS} AND ran_at >= '{instant}'"))
    runs = rows(demo, f"{RUNS} ORDER BY id")
    before = [(str(stated_by), version) for at, _rows, stated_by, version in runs if at < takes_force]
    _at, expired, stated_by, version = next(run for run in runs if run[0] >= takes_force)
    assert (expired, str(stated_by), version) == (1, policy, 2), "the first run after the instant, by that version"
    assert (policy, 1) in before, "beat had looked at it while the first version was in force"
    assert (policy, 2) not in before
    assert rows(demo, old) == []
