"""What does the person hear who runs the check, and who hears of it when nobody does?"""

import io
import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.db import connection, transaction
from django.urls import reverse

from consent import tasks
from consent.catalogue import Published
from consent.models import Decision, Redaction, Verification
from consent.proof import anchors, checked, redact, seal
from records import promises
from tests import make

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def run(*arguments: str) -> tuple[int, str]:
    said = io.StringIO()
    try:
        call_command("verify_proof", *arguments, stdout=said)
    except SystemExit as left:
        return int(str(left.code)), said.getvalue()
    return 0, said.getvalue()


def tamper(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def sealed(published: Published) -> list[Decision]:
    made = [make.decision(published, "analytics") for _ in range(4)]
    seal.seal(now=make.NOW)
    redact.redact([made[3].pk], why=Redaction.Why.ERASURE, now=make.NOW)
    seal.seal(now=make.NOW)
    make.decision(published)
    return made


def test_an_honest_ledger_is_said_to_be_one(sealed: list[Decision]) -> None:
    code, said = run()
    assert code == 0
    assert said.startswith("Nothing was altered: 5 entries under 2 seals, 1 erased in due form, 1 not sealed yet; ")
    row = Verification.objects.get()
    assert (row.entries, row.seals, row.redacted, row.unsealed, row.faults, row.first_fault) == (5, 2, 1, 1, 0, "")


def test_an_altered_decision_is_named_and_the_exit_status_is_1(sealed: list[Decision]) -> None:
    tamper("UPDATE consent_decision SET choices = '{\"analytics\": false}' WHERE id = %s", sealed[1].pk)
    code, said = run()
    sentence = "does not say what its leaf was made of: it was altered, or not written here."
    assert (code, said.splitlines()[0]) == (1, f"decision {sealed[1].pk}: {sentence}")
    assert "Faults: 1, the first above: 5 entries" in said
    assert Verification.objects.get().first_fault == f"decision {sealed[1].pk}: {sentence}"


def test_a_program_reads_the_same(sealed: list[Decision]) -> None:
    assert json.loads(run("--json")[1])["sound"] is True
    tamper("DELETE FROM consent_decision WHERE id = %s", sealed[0].pk)
    code, said = run("--json")
    report = json.loads(said)
    assert (code, report["sound"], report["faults"]) == (1, False, 1)
    assert report["first"] == [
        {
            "kind": "deleted",
            "row": f"decision {sealed[0].pk}",
            "sentence": "is gone, and no redaction says why (entry 1).",
        }
    ]


def test_twenty_faults_are_named_and_all_are_counted(published: Published) -> None:
    for _ in range(25):
        make.decision(published)
    seal.seal(now=make.NOW)
    tamper("UPDATE consent_decision SET locale = 'xx'")
    report = json.loads(run("--json")[1])
    assert (report["faults"], len(report["first"])) == (25, 20)


def test_a_file_that_cannot_be_read_is_named(sealed: list[Decision]) -> None:
    with pytest.raises(Exception, match="--against /nowhere cannot be read: No such file or directory"):
        run("--against", "/nowhere")
    assert not Verification.objects.exists()


def test_a_long_check_says_how_far_it_is(sealed: list[Decision], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consent.management.commands.verify_proof.STEP", 2)
    told = io.StringIO()
    call_command("verify_proof", "-v2", stdout=io.StringIO(), stderr=told)
    assert told.getvalue() == "5 entries\n"


def test_a_worker_checks_once_a_day_and_raises_its_voice(
    sealed: list[Decision], caplog: pytest.LogCaptureFixture, clock: Any
) -> None:
    assert [tasks.verify(), tasks.verify()] == [0, None]
    tamper("DELETE FROM consent_decision WHERE id = %s", sealed[0].pk)
    clock.shift(DAY)
    with caplog.at_level(logging.ERROR):
        assert tasks.verify() == 1
    assert f"the ledger of consent was altered: decision {sealed[0].pk}: is gone" in caplog.text


def test_beat_knows_both_and_neither_piles_up() -> None:
    for name, task in (("seal-consents", tasks.seal), ("verify-consents", tasks.verify)):
        entry = configured.CELERY_BEAT_SCHEDULE[name]
        assert entry["task"] == task.name
        assert entry["options"]["expires"] == entry["schedule"]
    longest = configured.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert tasks.verify.soft_time_limit < tasks.verify.time_limit < longest, "else a second worker begins it anew"


def promise(now: Any) -> promises.Promise:
    return next(found for found in promises.examine(now) if found.key == "consent.proof")


def test_the_promise_is_kept_while_there_is_nothing_to_prove(published: Published) -> None:
    assert promise(make.NOW + 30 * DAY).state == promises.State.KEPT


def test_an_hour_without_a_seal_breaks_the_promise(published: Published) -> None:
    make.decision(published)
    assert promise(make.NOW + HOUR).state == promises.State.KEPT
    late = promise(make.NOW + HOUR + timedelta(microseconds=1))
    assert late.state == promises.State.BROKEN
    assert "Decisions have waited for their seal for more than an hour." in late.evidence
    seal.seal(now=make.NOW + 2 * HOUR)
    assert promise(make.NOW + 3 * HOUR).state == promises.State.KEPT


def test_an_import_of_old_decisions_breaks_nothing(published: Published) -> None:
    make.decision(published, now=make.NOW - 900 * DAY, source=Decision.Source.IMPORT)
    assert promise(make.NOW).state == promises.State.KEPT


def test_two_days_without_a_check_break_the_promise(sealed: list[Decision]) -> None:
    seal.seal(now=make.NOW)
    assert promise(make.NOW + 2 * DAY).state == promises.State.KEPT, "the first seal is younger"
    assert "Nobody has checked the ledger for more than two days." in promise(make.NOW + 3 * DAY).evidence
    checked.check(now=make.NOW + 3 * DAY)
    assert promise(make.NOW + 3 * DAY).state == promises.State.KEPT


def test_a_fault_breaks_the_promise_and_gives_no_receipt_away(sealed: list[Decision], client: Any) -> None:
    tamper("DELETE FROM consent_decision WHERE id = %s", sealed[0].pk)
    checked.check(now=make.NOW)
    assert promise(make.NOW).state == promises.State.BROKEN
    assert "The last check found the ledger altered." in promise(make.NOW).evidence
    assert str(sealed[0].pk) not in client.get(reverse("records:promises")).content.decode()


def test_seals_that_stay_inside_break_the_promise(sealed: list[Decision], settings: Any) -> None:
    settings.CONSENT_ANCHORS = ["consent.proof.anchors.file"]
    settings.CONSENT_ANCHOR_FILE = "/nowhere/seals"
    seal.seal(now=make.NOW)
    checked.check(now=make.NOW + 3 * DAY)
    anchors.anchor(now=make.NOW + 3 * DAY)
    assert "have not been written down outside the database" in promise(make.NOW + 3 * DAY).evidence
