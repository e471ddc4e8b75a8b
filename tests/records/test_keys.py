"""A person's key is made once, wrapped anew on rotation, and when it is gone nothing is stored under it."""

import io
import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from pytest_django.fixtures import Settings

from home import inquiries
from home.models import FormPage, Inquiry
from mailing import letters
from records import cipher, keys, tasks
from records.models import SubjectKey
from tests import make

OLD, NEW = {"2025": "11" * 32}, {"2026": "22" * 32}
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _old_key(settings: Settings) -> None:
    settings.RECORDS_KEYS = OLD


def taken(email: str = make.ANA) -> SubjectKey:
    with transaction.atomic():
        return keys.of_person(email, now=make.NOW)


def write(page: FormPage, email: str = make.ANA) -> Inquiry:
    return inquiries.receive(page=page, name="Ana", email=email, message="Hello", now=make.NOW)


def rotate() -> int:
    return sum(keys.rotate(now=make.NOW + HOUR))


def gone(email: str = make.ANA) -> int:
    return keys.shred(cipher.blind("email", email))


def test_a_person_has_one_key_however_they_write_their_address(db: None) -> None:
    one = taken()
    assert {taken(email).pk for email in (make.ANA, make.ANA.upper(), f" {make.ANA} ")} == {one.pk}
    assert taken(make.BEN).pk != one.pk
    assert (one.master, one.created_at, one.wrapped_at) == ("2025", make.NOW, make.NOW)


def test_nobody_has_no_key(db: None) -> None:
    with pytest.raises(ValueError, match="empty"):
        taken(" ")
    assert not SubjectKey.objects.exists()


def test_after_an_erasure_the_person_has_a_new_one(db: None) -> None:
    before = taken()
    assert (gone(), gone()) == (1, 0)
    assert taken().pk != before.pk


def test_rotation_wraps_every_key_anew_and_changes_nothing_else(db: None, settings: Settings) -> None:
    page = make.contact(make.site())
    row = write(page)
    before = cipher.unwrap(taken())
    settings.RECORDS_KEYS = NEW | OLD
    assert keys.under() == {"2025": 1}
    assert (rotate(), rotate()) == (1, 0)
    assert keys.under() == {"2026": 1}
    settings.RECORDS_KEYS = NEW
    assert cipher.unwrap(taken()) == before
    assert Inquiry.objects.get(pk=row.pk).message == "Hello"
    assert SubjectKey.objects.get().wrapped_at == make.NOW + HOUR


def test_rotation_goes_in_batches(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "BATCH", 3)
    for number in range(8):
        taken(f"p{number}@mail.example")
    settings.RECORDS_KEYS = NEW | OLD
    assert list(keys.rotate(now=make.NOW)) == [3, 3, 2]
    assert keys.under() == {"2026": 8}


def test_a_rotation_that_was_stopped_goes_on(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "BATCH", 3)
    known = {email: cipher.unwrap(taken(email)) for email in (f"p{number}@mail.example" for number in range(8))}
    settings.RECORDS_KEYS = NEW | OLD
    next(keys.rotate(now=make.NOW))
    assert keys.under() == {"2025": 5, "2026": 3}
    assert {email: cipher.unwrap(taken(email)) for email in known} == known
    assert rotate() == 5
    assert {email: cipher.unwrap(taken(email)) for email in known} == known


def test_without_an_earlier_master_key_rotation_changes_nothing(db: None, settings: Settings) -> None:
    taken()
    settings.RECORDS_KEYS = {"2024": "33" * 32} | OLD
    taken(make.BEN)
    settings.RECORDS_KEYS = NEW | {"2024": "33" * 32}
    assert keys.missing() == ["2025"]
    with pytest.raises(cipher.UnknownKey, match="2025"):
        rotate()
    assert keys.under() == {"2024": 1, "2025": 1}


def test_a_key_goes_with_the_last_row_under_it(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "BATCH", 2)
    page = make.contact(make.site())
    rows = [write(page), write(page), write(page, make.BEN)]
    letters.write(email=make.CLEO, subject="Yes", text="Yes.", locale="en", now=make.NOW)
    for number in range(5):
        taken(f"p{number}@mail.example")
    assert (keys.drop_unused(), keys.drop_unused()) == (5, 0)
    rows[0].delete()
    rows[2].delete()
    assert keys.drop_unused() == 1
    left = {bytes(key.subject) for key in SubjectKey.objects.all()}
    assert left == {cipher.blind("email", email) for email in (make.ANA, make.CLEO)}
    assert Inquiry.objects.get().message == "Hello"


@pytest.mark.parametrize("end", [tasks.expire, lambda: call_command("expire", stdout=io.StringIO())])
def test_a_key_goes_when_the_last_row_has_reached_its_end(db: None, end: Callable[[], object]) -> None:
    page = make.contact(make.site())
    inquiries.receive(page=page, email=make.ANA, message="Hello", now=timezone.now() - timedelta(days=366))
    inquiries.receive(page=page, email=make.BEN, message="Hello", now=timezone.now())
    end()
    assert [bytes(key.subject) for key in SubjectKey.objects.all()] == [cipher.blind("email", make.BEN)]


def test_since_when_a_master_key_is_in_use(db: None, settings: Settings) -> None:
    assert keys.oldest_master_at() is None
    taken()
    assert (keys.oldest_master_at(), keys.missing()) == (make.NOW, [])
    settings.RECORDS_KEYS = NEW | OLD
    rotate()
    assert keys.oldest_master_at() == make.NOW + HOUR


def command(*arguments: str) -> tuple[str, int]:
    said = io.StringIO()
    try:
        call_command("rotate_keys", *arguments, stdout=said, stderr=said)
    except CommandError as refused:
        return f"{said.getvalue()}{refused}", refused.returncode
    return said.getvalue(), 0


def test_the_command_says_what_it_does(db: None, settings: Settings) -> None:
    taken()
    settings.RECORDS_KEYS = NEW | OLD
    text, code = command()
    assert (code, text.splitlines()[-1]) == (0, "1 key wrapped anew. Under 2026: 1. 2025 may be dropped.")
    text, code = command("--json")
    assert (code, json.loads(text)) == (0, {"master": "2026", "rotated": 0, "under": {"2026": 1}, "unused": ["2025"]})


def test_the_command_refuses_without_an_earlier_key(db: None, settings: Settings) -> None:
    taken()
    settings.RECORDS_KEYS = NEW
    for arguments in ((), ("--json",)):
        text, code = command(*arguments)
        assert code == 1
        assert "under 2025, which RECORDS_KEYS does not have" in text
    assert keys.under() == {"2025": 1}
