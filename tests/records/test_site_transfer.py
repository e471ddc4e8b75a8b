"""The whole site passes to a new owner: what arrives is what was handed over, row by row, and can be read there."""

import hashlib
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from home.models import Inquiry
from records import disclosures
from records.models import DisclosedSubject, Disclosure, DisclosureOrder, Recipient, SubjectKey, SubjectRequest
from records.site_transfer import tables, unpacking, vessel
from tests import make
from tests.records import transferring
from tests.records.disclosing import proposed
from tests.records.transferring import WORDS, another_site, contents, filled, sequences, uploads


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """A passphrase that costs little to try; uploads on a disk."""
    monkeypatch.setattr(vessel, "COST", 10)
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    (tmp_path / "words").write_text(WORDS)


def transfer(order: DisclosureOrder, folder: Path, /, **options: Any) -> str:
    out = StringIO()
    said = {"to": str(folder / "site"), "recipient": order.recipient.name, "order": order.pk}
    call_command("transfer_site", passphrase_file=str(folder / "words"), stdout=out, **said | options)
    return out.getvalue()


def restore(folder: Path, **options: Any) -> str:
    out = StringIO()
    call_command("restore_transfer", str(folder / "site"), passphrase_file=str(folder / "words"), stdout=out, **options)
    return out.getvalue()


def test_every_table_every_upload_and_every_sequence_arrives_and_verifies(
    committed: None, tmp_path: Path, settings: Any
) -> None:
    order = filled()
    before, numbers, files = contents(), sequences(), uploads()
    said = transfer(order, tmp_path)
    assert "2 uploads" in said
    assert (tmp_path / "site").stat().st_mode & 0o777 == 0o600
    with another_site(settings, tmp_path / "elsewhere"):
        settings.RECORDS_KEYS = {"new": os.urandom(32).hex()}
        told = restore(tmp_path)
        after = contents()
        changed = {name for name in before if before[name] != after[name]}
        assert changed == {tables.PEOPLE, "consent_verification"}  # wrapped anew; and the proof says when it ran
        proof = "consent_verification_id_seq"  # went on, for the same reason
        assert sequences()[proof] == numbers.pop(proof, 0) + 1
        assert numbers.items() <= sequences().items()
        assert uploads() == files
        assert SubjectKey.objects.get(subject=SubjectRequest.objects.get().subject).master == "new"
        assert SubjectRequest.objects.get().words == "What do you know of me?"
        assert Inquiry.objects.get().name == "Ana\tB\\c\n'\""
        assert User.objects.get(username="vera")
        Recipient.objects.create(name="Later Ltd")  # the next number is free
    assert len([rows for rows in before.values() if rows]) > 30
    for line in ("Restored", "versions and 0 translations are as", "Nothing was altered", "1 disclosures are as they"):
        assert line in told


def test_the_act_is_on_record_with_everybody_whose_data_went(committed: None, tmp_path: Path) -> None:
    order = filled()
    transfer(order, tmp_path)
    row = Disclosure.objects.get(number=2)
    assert (row.recipient_name, row.ground, row.reference) == ("New Quay Ltd", "succession", "Contract of sale 7")
    assert (row.asked_by_name, row.approved_by_name) == ("vera", "ben")
    archive = (tmp_path / "site").read_bytes()
    assert (row.sha256_sent, row.bytes_sent) == (hashlib.sha256(archive).hexdigest(), len(archive))
    assert DisclosedSubject.objects.filter(disclosure=row).count() == row.subjects == 2
    assert make.ANA.encode() not in archive
    assert list(disclosures.faults()) == []
    with pytest.raises(CommandError, match="handed out once"):
        transfer(order, tmp_path, to=str(tmp_path / "again"))
    assert not (tmp_path / "again").exists()


def test_it_takes_an_approved_order_for_that_recipient_and_a_new_file(committed: None, tmp_path: Path) -> None:
    order = filled()
    for options, sentence in [
        ({"order": 999}, "There is no order 999"),
        ({"recipient": "Others Ltd"}, "is for New Quay Ltd, not for Others Ltd"),
        ({"to": str(tmp_path / "words")}, "nothing is overwritten"),
        ({"to": str(tmp_path / "no" / "folder")}, "Nothing is on record"),
    ]:
        with pytest.raises(CommandError, match=sentence):
            transfer(order, tmp_path, **options)
    court = proposed(User.objects.get(username="vera"), now=timezone.now())
    with pytest.raises(CommandError, match="second person has not approved"):
        transfer(court, tmp_path)
    DisclosureOrder.objects.filter(pk=order.pk).update(state="proposed")
    with pytest.raises(CommandError, match="second person has not approved"):
        transfer(order, tmp_path)
    assert Disclosure.objects.count() == 1
    assert not (tmp_path / "site").exists()


def test_verify_only_and_the_keys_write_nothing_into_the_database(
    committed: None, tmp_path: Path, settings: Any
) -> None:
    transfer(filled(), tmp_path)
    with another_site(settings, tmp_path / "elsewhere"):
        before = contents()
        assert "The archive is whole: http://testserver" in restore(tmp_path, verify_only=True)
        restore(tmp_path, keys_to=str(tmp_path / "keys"))
        assert contents() == before
    lines = (tmp_path / "keys").read_text().splitlines()
    assert f"RECORDS_INDEX_KEY={settings.RECORDS_INDEX_KEY}" in lines
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o600
    assert not any(key in line for line in lines for key in settings.RECORDS_KEYS.values())


@pytest.mark.parametrize("name", ["RECORDS_INDEX_KEY", "MAIL_SUPPRESSION_KEY", "SECRET_KEY", "CONSENT_PROOF_KEYS"])
def test_a_site_with_other_keys_is_told_which_and_nothing_is_written(
    committed: None, tmp_path: Path, settings: Any, name: str
) -> None:
    settings.CONSENT_PROOF_KEYS = {"2026": "ab" * 32}
    transfer(filled(), tmp_path)
    with another_site(settings, tmp_path / "elsewhere"):
        before = contents()
        setattr(settings, name, {} if name == "CONSENT_PROOF_KEYS" else "cd" * 32)
        with pytest.raises(CommandError, match=name):
            restore(tmp_path)
        assert contents() == before


def test_a_site_in_use_takes_no_archive(committed: None, tmp_path: Path, settings: Any) -> None:
    transfer(filled(), tmp_path)
    with another_site(settings, tmp_path / "elsewhere"):
        User.objects.create_user("somebody")
        with pytest.raises(CommandError, match=r"in use already \(auth_user\)"):
            restore(tmp_path)
        assert User.objects.get().username == "somebody"


def test_another_version_takes_no_archive(committed: None, tmp_path: Path, settings: Any) -> None:
    transfer(filled(), tmp_path)
    with another_site(settings, tmp_path / "elsewhere"):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'records' AND name LIKE '0010%'")
        with pytest.raises(CommandError, match=r"not of one version: records\.0010"):
            restore(tmp_path)


def test_an_upload_of_the_same_name_stays(committed: None, tmp_path: Path, settings: Any) -> None:
    transfer(filled(), tmp_path)
    with another_site(settings, tmp_path / "elsewhere"):
        transferring.default_storage.save("documents/plan.pdf", transferring.ContentFile(b"mine"))
        with pytest.raises(CommandError, match=r"documents/plan\.pdf"):
            restore(tmp_path)
        assert uploads() == {"documents/plan.pdf": b"mine"}
        assert not User.objects.exists()


def test_what_fails_on_the_way_in_leaves_nothing(
    committed: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    transfer(filled(), tmp_path)
    with another_site(settings, tmp_path / "elsewhere"):
        before, save = contents(), FileSystemStorage._save

        def full(storage: FileSystemStorage, name: str, content: Any) -> str:
            if name.endswith(".png"):
                raise OSError(28, "No space left on device")
            return str(save(storage, name, content))

        monkeypatch.setattr(FileSystemStorage, "_save", full)
        with pytest.raises(CommandError, match="No space left"):
            restore(tmp_path)
        assert contents() == before
        assert uploads() == {}


@pytest.mark.django_db
def test_a_database_that_was_only_migrated_counts_as_new() -> None:
    with connection.cursor() as cursor:
        assert set(tables.filled(cursor)) <= unpacking.MIGRATED
