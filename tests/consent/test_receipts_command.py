"""manage.py verify_receipt: a receipt against itself, against what was published, and against the rows of the site."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from consent.catalogue import Published
from consent.models import Decision, Seal
from consent.proof import headers, redact, seal
from tests import make
from tests.consent.receipts import Document, agreed_to, changed, file, published_seals, signed_anew


@pytest.fixture
def decision(published: Published) -> Decision:
    """The third of five under one seal."""
    made = [make.decision(published, "analytics") for _ in range(5)]
    seal.seal(now=make.NOW)
    return made[2]


@pytest.fixture
def said(client: Client, decision: Decision) -> Document:
    return file(client, decision)


def run(tmp_path: Path, said: Document, **options: Any) -> tuple[int, str]:
    """The exit status of the command, and what it says."""
    (tmp_path / "receipt.json").write_text(json.dumps(said), encoding="utf-8")
    with (tmp_path / "out.txt").open("w+", encoding="utf-8") as out:
        try:
            call_command("verify_receipt", str(tmp_path / "receipt.json"), stdout=out, no_color=True, **options)
            status = 0
        except SystemExit as stop:
            status = int(str(stop.code))
        out.seek(0)
        return status, out.read()


def test_the_command_says_that_it_holds(tmp_path: Path, said: Document) -> None:
    status, words = run(tmp_path, said)
    assert status == 0
    assert words == (
        f"Receipt {said['receipt_id']} is as the site signed it, under seal 1. The row in this database agrees.\n"
    )


def test_the_command_names_what_does_not_hold(tmp_path: Path, said: Document) -> None:
    forged = changed(said, lambda other: other["record"]["events"][0].update(action="refuse"))
    status, words = run(tmp_path, forged, offline=True)
    assert (status, words) == (1, "It was altered after the site signed it.\n")


def edit(statement: str) -> None:
    """By somebody who may switch the guards of the table off."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE consent_decision SET choices = '{\"analytics\": false}'", "The row was altered"),
        ("UPDATE consent_decision SET choices = '{\"analytics\": false}'", "The row says something else"),
        ("UPDATE consent_decision SET leaf = decode(repeat('00', 32), 'hex')", "another leaf than the one"),
        ("UPDATE consent_decision SET path = '/elsewhere/'", "The row was altered"),
        ("UPDATE consent_decision SET key_id = 'gone'", "The key gone is not configured"),
        ("UPDATE consent_snapshot SET content = replace(content, 'Tally', 'Other')", "The row says something else"),
        ("DELETE FROM consent_decision", "There is no such decision here, and no record that it was erased."),
    ],
)
def test_the_command_finds_a_row_that_was_altered(
    tmp_path: Path, said: Document, statement: str, sentence: str
) -> None:
    edit(statement)
    status, words = run(tmp_path, said)
    assert status == 1
    assert sentence in words
    assert run(tmp_path, said, offline=True)[0] == 0


def test_the_page_itself_says_that_its_record_is_not_the_sealed_one(client: Client, decision: Decision) -> None:
    edit("UPDATE consent_decision SET leaf = decode(repeat('00', 32), 'hex')")
    assert "This record is not the one that was sealed." in client.get(f"/consent/receipt/{decision.pk}/").text


def test_an_old_receipt_of_an_erased_decision_still_holds(tmp_path: Path, said: Document, decision: Decision) -> None:
    redact.redact([decision.pk], why=redact.Why.RETENTION, now=make.NOW)
    assert run(tmp_path, said)[0] == 0
    other = signed_anew(changed(said, lambda other: other["proof"].update(leaf="00" * 32)))
    assert "what is left has another leaf" in run(tmp_path, other)[1]


@pytest.mark.parametrize("form", ["json", "lines", "mail"])
def test_it_is_compared_with_what_was_published(tmp_path: Path, client: Client, said: Document, form: str) -> None:
    [row] = Seal.objects.all()
    texts = {
        "json": json.dumps(published_seals(client)),
        "lines": headers.line(headers.of(row)).decode() + "\n",
        "mail": f"Keep this mail.\n\n> seal 1 {headers.digest(headers.of(row))}\n",
    }
    seals = tmp_path / "seals"
    seals.write_text(texts[form], encoding="utf-8")
    assert run(tmp_path, said, seals=seals, offline=True)[0] == 0


def test_a_seal_that_was_replaced_is_found(tmp_path: Path, client: Client, said: Document) -> None:
    public = published_seals(client)
    public["seals"][0]["sealed_at"] = "2026-01-01T00:00:00.000000+00:00"
    seals = tmp_path / "seals.json"
    seals.write_text(json.dumps(public), encoding="utf-8")
    assert run(tmp_path, said, seals=seals) == (1, "Seal 1 is not the one that was published.\n")
    public["seals"][0]["number"] = 7
    seals.write_text(json.dumps(public), encoding="utf-8")
    assert run(tmp_path, said, seals=seals) == (1, "Seal 1 is not among the published ones.\n")


def test_a_receipt_under_an_earlier_key_holds_while_it_is_configured(
    tmp_path: Path, said: Document, settings: Any
) -> None:
    old, settings.SECRET_KEY = settings.SECRET_KEY, "a new key of the site, as long as the earlier one was"
    assert run(tmp_path, said)[0] == 1
    settings.SECRET_KEY_FALLBACKS = [old]
    assert run(tmp_path, said)[0] == 0


def test_a_receipt_for_a_statement_is_checked_as_well(tmp_path: Path, client: Client, published: Published) -> None:
    said = file(client, agreed_to("You may write to me.", "mail:news"))
    assert run(tmp_path, said)[1].endswith("and not sealed yet. The row in this database agrees.\n")


def test_a_file_that_is_not_there_or_empty_is_a_sentence(tmp_path: Path, said: Document) -> None:
    empty = tmp_path / "empty"
    empty.write_text("nothing")
    for options, sentence in (
        ({"file": tmp_path / "none"}, "cannot be read: No such file"),
        ({"file": empty}, "It is no JSON"),
        ({"file": empty, "seals": empty}, "It is no JSON"),
    ):
        with pytest.raises(CommandError, match=sentence):
            call_command("verify_receipt", str(options.pop("file")), **options)
    with pytest.raises(CommandError, match="holds no seal"):
        run(tmp_path, said, seals=empty)
