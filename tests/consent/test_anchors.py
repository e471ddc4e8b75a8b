"""Is each seal written down outside the database, once, and does the ledger answer to what is written there?"""

import io
import json
import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from consent.catalogue import Published
from consent.models import Anchor, Seal
from consent.proof import anchors, checked, headers, seal
from consent.proof.anchors import Anchored
from tests import make

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def file(settings: Any, tmp_path: Path) -> Path:
    settings.CONSENT_ANCHOR_FILE = str(tmp_path / "seals.jsonl")
    settings.CONSENT_ANCHORS = ["consent.proof.anchors.file"]
    return tmp_path / "seals.jsonl"


@pytest.fixture
def mailed(settings: Any) -> None:
    settings.CONSENT_ANCHOR_EMAIL = ["vera@mail.example", "notary@mail.example"]
    settings.CONSENT_ANCHORS = ["consent.proof.anchors.mail"]


def seals(published: Published, count: int = 1, now: Any = make.NOW) -> None:
    for _ in range(count):
        make.decision(published)
        seal.seal(now=now)


def test_the_file_gets_one_line_a_seal(published: Published, file: Path) -> None:
    seals(published, 2)
    assert anchors.anchor(now=make.NOW) == 2
    seals(published)
    assert [anchors.anchor(now=make.NOW) for _ in range(2)] == [1, 0]
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [headers.of(row) for row in Seal.objects.order_by("number")]
    assert list(Anchor.objects.order_by("seal").values_list("seal", "place")) == [(n, "file") for n in (1, 2, 3)]


def test_what_a_killed_writer_left_is_completed_and_never_rewritten(published: Published, file: Path) -> None:
    seals(published, 2)
    first, second = (headers.line(headers.of(row)).decode() for row in Seal.objects.order_by("number"))
    file.write_text(f"{first}\n{second[:40]}", encoding="utf-8")  # and no row says that the first was written
    anchors.anchor(now=make.NOW)
    assert file.read_text(encoding="utf-8") == f"{first}\n{second[:40]}\n{second}\n"
    assert [row.number for row in anchors.read(str(file))] == [1, 2]
    assert checked.check(now=make.NOW).is_sound


def test_a_file_that_cannot_be_written_is_named_and_stops_nobody(
    published: Published, settings: Any, mailed: None, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CONSENT_ANCHOR_FILE = "/nowhere/seals.jsonl"
    settings.CONSENT_ANCHORS = ["consent.proof.anchors.file", "consent.proof.anchors.mail"]
    seals(published)
    with caplog.at_level(logging.ERROR):
        assert anchors.anchor(now=make.NOW) == 1, "the mail went"
    assert "seals could not be anchored by consent.proof.anchors.file: FileNotFoundError: " in caplog.text
    assert "/nowhere/seals.jsonl" in caplog.text


def test_the_newest_seal_is_mailed_at_most_once_a_day(published: Published, mailed: None) -> None:
    seals(published, 2)
    assert anchors.anchor(now=make.NOW) == 1
    seals(published)
    assert anchors.anchor(now=make.NOW + DAY - HOUR) == 0
    assert anchors.anchor(now=make.NOW + DAY) == 1
    assert anchors.anchor(now=make.NOW + 3 * DAY) == 0, "nothing is new"
    assert [message.to for message in mail.outbox] == [["vera@mail.example", "notary@mail.example"]] * 2
    digests = {row.number: headers.digest(headers.of(row)) for row in Seal.objects.all()}
    assert mail.outbox[0].body.splitlines()[-1] == f"seal 2 {digests[2]}"
    assert max(len(line) for line in mail.outbox[0].body.splitlines()[-1:]) < 78, "no mail program breaks it"
    assert "seal 2" in mail.outbox[0].subject


def test_a_saved_mail_is_read_again_however_it_was_quoted(tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_bytes(
        b"From: candor\r\nSubject: seal 7\r\n\r\n\xff> Keep this mail.\r\n> > seal 7 " + b"ab" * 32 + b"\r\n{\r\n{}\r\n"
    )
    assert anchors.read(str(tmp_path / "mail.eml")) == [Anchored(7, "ab" * 32)]


def test_a_place_of_ones_own_is_a_function(published: Published, settings: Any) -> None:
    settings.CONSENT_ANCHORS = [f"{__name__}.notary"]
    seals(published, 3)
    assert anchors.anchor(now=make.NOW) == 2
    assert [anchor.place for anchor in Anchor.objects.all()] == ["notary", "notary"]


def notary(seals: list[Seal], now: object) -> list[Seal]:
    return seals[:2]


def test_a_ledger_made_anew_does_not_match_what_was_written_down(published: Published, file: Path) -> None:
    seals(published)
    anchors.anchor(now=make.NOW)
    line = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(line | {"root": "00" * 32}), encoding="utf-8")
    [fault] = checked.check(now=make.NOW).first
    assert str(fault) == "seal 1: is not the one that was anchored outside."


@pytest.mark.parametrize("loss", ["cut", "gone"])
def test_a_file_that_lost_its_end_is_no_witness(published: Published, file: Path, loss: str) -> None:
    seals(published, 2)
    anchors.anchor(now=make.NOW)
    if loss == "gone":
        file.unlink()
    else:
        file.write_text(file.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    [fault] = checked.check(now=make.NOW).first
    told = {
        "cut": "does not tell of seal 2, which was written to it.",
        "gone": "cannot be read: No such file or directory.",
    }
    assert str(fault) == f"file of anchors: {file} {told[loss]}"


def test_a_copy_or_a_mail_is_compared_when_it_is_named(published: Published, mailed: None, tmp_path: Path) -> None:
    seals(published)
    anchors.anchor(now=make.NOW)
    (tmp_path / "mail").write_text(mail.outbox[0].body, encoding="utf-8")
    call_command("verify_proof", "--against", str(tmp_path / "mail"), stdout=io.StringIO())
    (tmp_path / "mail").write_text(f"seal 1 {'0' * 64}\nseal 2 {'0' * 64}", encoding="utf-8")
    said = io.StringIO()
    with pytest.raises(SystemExit, match="1"):
        call_command("verify_proof", "--against", str(tmp_path / "mail"), stdout=said)
    assert said.getvalue().splitlines()[:2] == [
        "seal 1: is not the one that was anchored outside.",
        "seal 2: was anchored outside, and is missing: 1 anchored seals are cut off.",
    ]
