"""Each promise of this floor, broken on purpose: the command names it and exits 1; mended: 0."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import override_settings

from home import inquiries
from home.models import FormPage, HomePage, Inquiry
from policies.models import PolicyPage
from records import holds, keys, retention
from records.action_log import partitions, stream
from records.models import Action, Disclosure, RetentionRun, SubjectKey, SubjectRequest
from records.registry import Ground
from tests import make
from tests.policies import typed
from tests.records.promised import broken, command, one, tamper

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LONG_AGO = make.NOW - 30 * DAY


@pytest.fixture
def site(db: None, clock: Any) -> FormPage:
    """A site whose worker has just looked at every data set, with a policy of long ago."""
    clock.move_to(LONG_AGO)
    contact = make.contact(make.site())
    state(make.policy(HomePage.objects.get()), typed.retention(1, "week"), typed.grounds(Ground.CONSENT.value))
    clock.move_to(make.NOW)
    retention.expire(now=make.NOW)
    status, said = command()
    assert status == 0, said
    return contact


def state(page: PolicyPage, *clauses: typed.Row) -> None:
    """Publishes a version that names Tally Works as a recipient, and these clauses."""
    typed.publish(page, make.text("Tally Works gets to know some of it."), *clauses)


def policy() -> PolicyPage:
    return PolicyPage.objects.get()


def old_row(page: Any, days: int) -> Inquiry:
    at = make.NOW - days * DAY
    return inquiries.receive(page=page, name="Ben", email=make.BEN, phone="", message="Hello", now=at)


def test_a_row_that_outlived_its_period(site: Any) -> None:
    old_row(site, 9)
    status, said = command()
    assert (status, broken(said)) == (1, ["Inquiries from forms"])
    retention.expire(now=make.NOW)
    assert command()[0] == 0


def test_a_row_that_the_law_keeps_breaks_nothing(site: Any) -> None:
    old_row(site, 9)
    hold = holds.place(reason="Case 7", by=make.vera(), now=make.NOW, holding="home.Inquiry")
    assert command()[0] == 0
    holds.lift(hold, by=User.objects.get(), now=make.NOW + HOUR)
    assert one("home.Inquiry", make.NOW + HOUR).state == "broken"


def test_an_action_that_outlived_its_period(site: Any, clock: Any) -> None:
    state(policy(), typed.retention(1, "week", holding="records.Action"))
    later = make.NOW + 3 * DAY
    clock.move_to(later)
    retention.expire(now=later)
    partitions.ensure(now=make.NOW - 9 * DAY)
    values = {"event": uuid.uuid4(), "kind": "page", "path": "/"}
    action = Action.objects.create(at=make.NOW - 9 * DAY, **values)
    status, said = command()
    assert (status, broken(said)) == (1, ["Log of visitors' actions on the site"])
    retention.expire(now=later)
    assert not Action.objects.filter(event=action.event).exists()
    assert command()[0] == 0


def test_a_run_that_was_missed(site: Any, clock: Any) -> None:
    """Of one data set alone, on a site that was set up long ago."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET applied = %s", [LONG_AGO])
    tamper("DELETE FROM records_retentionrun WHERE holding = 'home.Inquiry'")
    status, said = command()
    assert status == 1
    assert "Deletion of what is due" in broken(said)
    assert "[Inquiries from forms]" in said
    tamper("DELETE FROM records_retentionrun")
    tamper("DELETE FROM records_chainend")
    retention.expire(now=make.NOW)
    assert command()[0] == 0


def test_actions_that_wait_in_the_stream_for_too_long(site: Any) -> None:
    valkey = redis.Redis.from_url(settings.REDIS_URL)
    valkey.delete(stream.KEY)
    waiting = int((make.NOW - 2 * HOUR).timestamp() * 1000)
    valkey.xadd(stream.KEY, {"e": b"x"}, id=f"{waiting}-1")
    try:
        status, said = command()
        assert (status, broken(said)) == (1, ["Actions of visitors on their way to the log"])
        assert "since 2026-03-01 10:00 UTC" in said
    finally:
        valkey.delete(stream.KEY)
        valkey.close()
    assert command()[0] == 0


@pytest.mark.parametrize(
    ("break_it", "mend_it", "name"),
    [
        ("ALTER TABLE home_inquiry ADD COLUMN shoe_size int", "DROP COLUMN shoe_size", "home_inquiry.shoe_size"),
        ("CREATE TABLE copies (email text)", "", "copies.email"),
    ],
)
def test_a_column_that_nobody_declared(site: Any, break_it: str, mend_it: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(break_it)
        status, said = command()
        assert (status, broken(said)) == (1, ["Columns of the database"])
        assert f"[{name}]" in said, "whoever mends it is told where"
        cursor.execute(f"ALTER TABLE home_inquiry {mend_it}" if mend_it else "DROP TABLE copies")
    assert command()[0] == 0


def test_a_request_about_data_that_is_late(site: Any) -> None:
    key = keys.of_person(make.CLEO, now=make.NOW)
    row = SubjectRequest.objects.create(
        kind="access",
        state=SubjectRequest.State.OPEN,
        subject_key=key,
        email=make.CLEO,
        locale="en",
        asked_at=make.NOW - 40 * DAY,
        verified_at=make.NOW - 40 * DAY,
        due_at=make.NOW - HOUR,
    )
    status, said = command()
    assert (status, broken(said)) == (1, ["Requests of people about their data"])
    assert "Late: fewer than 5." in said
    assert make.CLEO not in said
    SubjectRequest.objects.filter(pk=row.pk).update(state=SubjectRequest.State.DONE, ended_at=make.NOW)
    assert command()[0] == 0


def disclosed(ground: str, at: Any = make.NOW - DAY) -> None:
    """A row that no `disclose` wrote."""
    Disclosure.objects.create(
        number=1,
        recipient=make.recipient(),
        recipient_name="Tally Works",
        ground=ground,
        sets={"home.Inquiry": ["name"]},
        subjects=1,
        means="file download",
        sha256_sent="0" * 64,
        stated_by="",
        at=at,
        previous="0" * 64,
        sha256="0" * 64,
    )


def test_a_disclosure_on_a_ground_that_was_not_listed(site: Any) -> None:
    disclosed(Ground.FUNCTION)
    status, said = command()
    assert status == 1
    assert "Data that reached third parties" in broken(said)
    assert "[#1]" in said
    tamper("DELETE FROM records_disclosure")
    assert command()[0] == 0


def test_a_ground_that_was_listed_then_and_is_not_any_more_breaks_nothing(site: Any, clock: Any) -> None:
    clock.move_to(make.NOW - HOUR)
    state(policy(), typed.grounds(Ground.FUNCTION.value))
    clock.move_to(make.NOW)
    disclosed(Ground.CONSENT)
    assert one("records.grounds", make.NOW).state == "kept"
    tamper("UPDATE records_disclosure SET at = %s", make.NOW - HOUR / 2)
    assert one("records.grounds", make.NOW).state == "broken"


def test_a_recipient_whom_no_policy_names(site: Any, clock: Any) -> None:
    disclosed(Ground.CONSENT)
    typed.publish(policy(), typed.grounds(Ground.CONSENT.value))
    status, said = command()
    assert status == 1
    assert "Who received data" in broken(said)
    assert "[Tally Works]" in said
    clock.move_to(make.NOW + HOUR)
    state(policy(), typed.grounds(Ground.CONSENT.value))
    assert one("records.recipients", make.NOW + HOUR).state == "kept"


def test_a_record_of_a_run_that_was_altered(site: Any) -> None:
    run = RetentionRun.objects.order_by("pk").first()
    assert run
    tamper("UPDATE records_retentionrun SET expired = expired + 1 WHERE id = %s", run.pk)
    status, said = command()
    assert (status, broken(said)) == (1, ["Records of what was deleted"])
    tamper("UPDATE records_retentionrun SET expired = expired - 1 WHERE id = %s", run.pk)
    assert command()[0] == 0


def test_a_register_of_disclosures_that_was_altered(site: Any) -> None:
    disclosed(Ground.CONSENT)
    status, said = command()
    assert (status, broken(said)) == (1, ["Register of disclosures"])
    tamper("DELETE FROM records_disclosure")
    assert command()[0] == 0


def test_a_master_key_that_is_gone(site: Any) -> None:
    keys.of_person(make.ANA, now=make.NOW)
    assert command()[0] == 0
    with override_settings(RECORDS_KEYS={"another": "0" * 64}):
        status, said = command()
    assert (status, broken(said)) == (1, ["Keys of what is stored of people"])
    assert command()[0] == 0


def test_a_master_key_that_is_too_old(site: Any) -> None:
    keys.of_person(make.ANA, now=make.NOW - 731 * DAY)
    status, said = command()
    assert (status, broken(said)) == (1, ["Keys of what is stored of people"])
    with override_settings(RECORDS_KEYS={"2026": "1" * 64, **settings.RECORDS_KEYS}):
        assert sum(keys.rotate(now=make.NOW)) == 1
        assert command()[0] == 0
    assert SubjectKey.objects.count() == 1
