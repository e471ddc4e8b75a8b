"""A backup job says what it did; the site says whether that is often enough, and how old the oldest is."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from records import terms
from records.models import Backup
from records.terms import Kind, Statement
from tests import make
from tests.policies import typed
from tests.records.promised import broken, command, one

DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def note(*options: str) -> None:
    call_command("note_backup", *options, verbosity=0)


def state(iso: str) -> None:
    said = [Statement(Kind.RETENTION, "backups", {"period": iso, "then": "delete"})]
    label = "Privacy policy, version 1"
    terms.write(policy=uuid.uuid4(), number=1, label=label, effective_from=make.NOW - 9 * DAY, statements=said)


def test_a_site_that_was_never_told_of_a_backup_says_so() -> None:
    found = one("records.backups", make.NOW)
    assert (found.state, found.evidence) == (
        "unshown",
        "No backup was noted yet. None was restored for a test yet.",
    )


def test_a_backup_that_was_not_made(clock: Any) -> None:
    note()
    assert one("records.backups", make.NOW + 2 * DAY).state == "kept"
    clock.move_to(make.NOW + 2 * DAY + timedelta(seconds=1))
    status, said = command()
    assert status == 1
    assert "Backups" in broken(said)
    note()
    assert "Backups" not in broken(command()[1])


def test_a_backup_that_was_never_tried(clock: Any) -> None:
    note()
    clock.move_to(make.NOW + 366 * DAY)
    note()
    assert "For more than a year none was restored for a test." in str(
        one("records.backups", make.NOW + 366 * DAY).evidence
    )
    note("--restored")
    found = one("records.backups", make.NOW + 366 * DAY)
    assert (found.state, found.measured["restored_at"]) == ("kept", make.NOW + 366 * DAY)


def test_a_backup_that_is_kept_for_too_long(clock: Any) -> None:
    state("P1M")
    note("--oldest", "2026-01-15")
    status, said = command()
    assert status == 1
    assert "How long backups are kept" in broken(said)
    note("--oldest", "2026-02-10")
    assert one("records.backups.kept", make.NOW).state == "kept"


def test_whoever_does_not_say_how_old_the_oldest_is_keeps_no_promise_about_it(clock: Any) -> None:
    state("P1M")
    assert one("records.backups.kept", make.NOW).state == "unshown"
    note()
    assert one("records.backups.kept", make.NOW).state == "broken"


def test_where_no_policy_speaks_of_backups_nothing_is_promised(clock: Any) -> None:
    note("--oldest", "2020-01-01")
    assert "How long backups are kept" not in command()[1]


@pytest.mark.parametrize("said", ["soon", "2026-13-01", "2026-03-02", "01.03.2026"])
def test_what_is_no_day_or_has_not_come_is_refused(clock: Any, said: str) -> None:
    with pytest.raises(CommandError, match=r"is no day|has not come"):
        note("--oldest", said)
    assert not Backup.objects.exists()


def test_a_note_that_is_too_long_is_refused() -> None:
    with pytest.raises(CommandError, match="200 signs"):
        note("--note", "x" * 201)


def test_a_clause_of_the_policy_states_for_how_long_they_are_kept(clock: Any) -> None:
    page = typed.policy(make.site(), typed.retention(30, "day", holding="backups"))
    sentence = "We keep backups for 30 days from the day they are made, then delete them."
    assert sentence in page.versions.get().text
    found = one("records.backups.kept", make.NOW)
    assert (found.promised, found.stated_by, found.state) == ("30 days", "Privacy policy, version 1", "unshown")
    assert terms.in_force(Kind.RETENTION, "backups", make.NOW).value == {"period": "P30D", "then": "delete"}  # type: ignore[union-attr]
