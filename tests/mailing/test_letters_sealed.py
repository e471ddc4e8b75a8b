"""A letter is sealed: whoever was erased is written no more, and a letter that does not open stops no other."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mailing import deliver, letters, suppression
from mailing.models import Delivery, Letter, Return, Suppression
from mailing.returns import rules
from mailing.returns.shapes import Kind, Report
from records import cipher, keys
from tests import make
from tests.mailing.conftest import PostOffice

State, Reason = Delivery.State, Delivery.Reason
SAID = {"subject": "Your question", "text": "The quay opens at six."}


@pytest.fixture(autouse=True)
def _site(db: None, clock: time_machine.Traveller) -> None:
    make.policy(make.site())


def write(email: str = make.CLEO) -> Delivery:
    letter = letters.write(email=email, locale="en", about="home.Inquiry:1", now=make.NOW, **SAID)
    return Delivery.objects.get(letter=letter)


def fate(row: Delivery) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.reason


def test_a_dump_of_the_table_tells_neither_to_whom_nor_what() -> None:
    write()
    with connection.cursor() as cursor, cursor.copy("COPY mailing_letter TO STDOUT") as copy:
        dump = b"".join(bytes(part) for part in copy)
    assert b"home.Inquiry:1" in dump
    for word in (b"cleo", b"mail.example", b"question", b"quay"):
        assert word not in dump
        assert word.hex().encode() not in dump
    letter = Letter.objects.get(email_index=cipher.blind("email", make.CLEO))
    assert (letter.email, letter.subject, letter.text) == (make.CLEO, *SAID.values())


def test_whoever_was_erased_gets_no_letter(post_office: PostOffice) -> None:
    erased, other = write(), write(make.BEN)
    keys.shred(cipher.blind("email", make.CLEO))
    deliver.send(None)
    assert post_office.addresses == [make.BEN]
    assert (fate(erased), fate(other)) == ((State.SKIPPED, Reason.ERASED), (State.SENT, ""))


@pytest.mark.parametrize("column", ["email", "subject", "text"])
def test_a_letter_that_does_not_open_stops_no_other(post_office: PostOffice, column: str) -> None:
    damaged, other = write(), write(make.BEN)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE mailing_letter SET {column} = '\\x01ff' WHERE id = %s", [damaged.letter_id])  # noqa: S608
    deliver.send(None)
    assert post_office.addresses == [make.BEN]
    assert (fate(damaged), fate(other)) == ((State.SKIPPED, Reason.UNWRITABLE), (State.SENT, ""))


def test_a_bounce_of_an_erased_persons_letter_suppresses_nobody(post_office: PostOffice) -> None:
    row = write()
    deliver.send(None)
    keys.shred(cipher.blind("email", make.CLEO))
    report = Report(delivery=row.pk, kind=Kind.HARD, status="5.1.1", identity="x")
    assert rules.receive(report, source=Return.Source.MAILBOX, now=make.NOW)
    assert fate(row)[0] == State.BOUNCED
    assert not Suppression.objects.exists()
    assert suppression.of(make.CLEO) == []


def test_ten_letters_ask_for_their_keys_in_one_statement(post_office: PostOffice) -> None:
    for number in range(10):
        write(f"p{number}@mail.example")
    with CaptureQueriesContext(connection) as seen:
        deliver.send(None)
    assert len(post_office.addresses) == 10
    assert len([query for query in seen if "records_subjectkey" in query["sql"]]) == 1
