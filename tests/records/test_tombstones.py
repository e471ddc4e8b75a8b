"""A backup brings nobody back: whoever was erased since is erased again, and what they wrote since is not."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from home.models import Inquiry
from mailing import suppression
from mailing.models import Subscriber
from records.models import Erasure
from records.subject_requests import erasing, reapplying, tombstones
from tests import make
from tests.records import life

pytestmark = pytest.mark.django_db
ERASED = make.NOW + timedelta(days=2)
RESTORED = make.NOW + timedelta(days=9)


@pytest.fixture
def outside(settings: Any, tmp_path: Path) -> Path:
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")
    return Path(settings.ERASURES_FILE)


def erased_then_restored(*emails: str) -> None:
    """The database is as it was before the erasure, every row of it."""
    backup = transaction.savepoint()
    for email in emails:
        erasing.carry_out(email, now=ERASED)
    assert life.traces(life.marks(emails[0]), life.dump()) == []
    transaction.savepoint_rollback(backup)
    assert life.traces(life.marks(emails[0]), life.dump()) == life.marks(emails[0])
    assert not Erasure.objects.exists(), "a database knows its own past only"


def reapply(outside: Path, **how: Any) -> reapplying.Outcome:
    return reapplying.reapply(files=[str(outside)], now=RESTORED, **how)


def test_whoever_was_erased_since_the_backup_is_erased_again(outside: Path) -> None:
    life.lived(make.ANA, make.BEN)
    erased_then_restored(make.ANA)
    outcome = reapply(outside)
    assert (outcome.tombstones, outcome.only_in_files, len(outcome.again)) == (1, 1, 1)
    assert outcome.again[0].rows["mailing.Subscriber"] == 1
    text = life.dump()
    assert life.traces(life.marks(make.ANA), text) == []
    assert life.traces(life.marks(make.BEN), text) == life.marks(make.BEN)
    assert [(row.scope, row.reason) for row in suppression.of(make.ANA)] == [("lists", "erasure")]


def test_a_second_time_finds_nobody(outside: Path) -> None:
    life.lived(make.ANA)
    erased_then_restored(make.ANA)
    reapply(outside)
    again = reapply(outside)
    assert (again.tombstones, again.only_in_files, again.again) == (1, 0, ())


def test_what_somebody_wrote_since_their_erasure_stays(outside: Path) -> None:
    make.inquiry(make.ANA)
    erasing.carry_out(make.ANA, now=ERASED)
    make.inquiry(make.ANA, ERASED + timedelta(days=1))
    outcome = reapply(outside)
    assert outcome.again == ()
    assert Inquiry.objects.get().message == "Hello"


def test_of_a_person_who_is_back_and_wrote_anew_only_the_old_goes(outside: Path) -> None:
    """The site went on after the restore before anybody reapplied: old and new lie under one key."""
    life.lived(make.ANA)
    erased_then_restored(make.ANA)
    new = make.inquiry(make.ANA, RESTORED)
    reapply(outside)
    assert Inquiry.objects.get().pk == new.pk
    assert Inquiry.objects.get().message == "Hello", "its key is there"
    assert not Subscriber.objects.exists()
    reapply(outside)
    assert Inquiry.objects.get().message == "Hello"


def test_looking_changes_nothing(outside: Path) -> None:
    life.lived(make.ANA)
    erased_then_restored(make.ANA)
    before = life.dump()
    assert reapply(outside, dry_run=True).again[0].rows["home.Inquiry"] == 1
    assert life.dump() == before


def test_the_file_names_nobody_and_belongs_to_the_site_alone(outside: Path) -> None:
    make.inquiry(make.ANA)
    erasing.carry_out(make.ANA, now=ERASED)
    [line] = outside.read_text().splitlines()
    assert json.loads(line).keys() == {"subject", "erased_at"}
    assert make.ANA not in line
    assert outside.stat().st_mode & 0o777 == 0o600


def test_where_the_file_cannot_be_written_nothing_is_erased(settings: Any) -> None:
    settings.ERASURES_FILE = "/nowhere/erasures.jsonl"
    life.lived(make.ANA)
    before = life.dump()
    with pytest.raises(tombstones.NotWritten, match=r"/nowhere/erasures\.jsonl"):
        erasing.carry_out(make.ANA, now=ERASED)
    assert life.dump() == before


def test_a_line_that_was_cut_short_costs_no_other(outside: Path) -> None:
    make.inquiry(make.ANA)
    make.inquiry(make.BEN)
    erasing.carry_out(make.ANA, now=ERASED)
    with outside.open("a") as out:
        out.write('{"subject": "00ff')  # a writer was killed
    erasing.carry_out(make.BEN, now=ERASED)
    assert len(list(tombstones.read(str(outside)))) == 2


@pytest.mark.parametrize(
    "line", ["hello", '{"subject": "zz", "erased_at": "2026-01-01T00:00:00+00:00"}', '{"subject": "00"}']
)
def test_a_file_that_is_something_else_erases_nobody(outside: Path, line: str) -> None:
    life.lived(make.ANA)
    outside.write_text(line + "\n")
    before = life.dump()
    with pytest.raises(tombstones.Unreadable, match="line 1"):
        reapply(outside)
    assert life.dump() == before


def test_the_command_reads_the_file_of_the_settings_and_others(outside: Path, tmp_path: Path, capsys: Any) -> None:
    life.lived(make.ANA, make.BEN)
    erased_then_restored(make.ANA, make.BEN)
    copy = tmp_path / "copy.jsonl"
    ana, ben = outside.read_text().splitlines()
    outside.write_text(ana + "\n")
    copy.write_text(ben + "\n")
    call_command("reapply_erasures", "--from", str(copy), "--dry-run")
    assert "2 tombstones" in capsys.readouterr().out
    call_command("reapply_erasures", "--from", str(copy), "--json")
    said = json.loads(capsys.readouterr().out)
    assert (said["tombstones"], len(said["again"])) == (2, 2)
    assert life.traces([*life.marks(make.ANA), *life.marks(make.BEN)], life.dump()) == []


def test_the_command_says_that_a_database_alone_knows_its_past_only(settings: Any, capsys: Any) -> None:
    settings.ERASURES_FILE = ""
    call_command("reapply_erasures")
    assert "the database alone: it knows its own past only" in capsys.readouterr().out


def test_the_command_says_which_file_is_not_there(outside: Path) -> None:
    with pytest.raises(CommandError, match=r"missing\.jsonl cannot be read"):
        call_command("reapply_erasures", "--from", "/nowhere/missing.jsonl")
