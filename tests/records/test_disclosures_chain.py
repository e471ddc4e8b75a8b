"""The register shows what was altered, removed, added or moved in it, whoever did; and stays whole under a rush."""

import json
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from records import chained, cipher, disclosures
from records.models import ChainEnd, DisclosedSubject, Disclosure
from records.registry import Ground
from tests import make
from tests.committed import together
from tests.records.disclosing import disclose, listed


@pytest.fixture
def five(db: None) -> None:
    listed(Ground.PURPOSE)
    for number in range(5):
        disclose(content=f"file {number}".encode(), people=[make.ANA, make.BEN][: number % 2 + 1])


def as_superuser(*statements: str) -> None:
    """Somebody with every right takes the guards off, changes rows, and puts the guards back."""
    guarded = ("records_disclosure", "records_disclosedsubject")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_the_first_row_follows_nothing_and_each_other_the_one_before(five: None) -> None:
    rows = list(Disclosure.objects.order_by("number"))
    assert [row.number for row in rows] == [1, 2, 3, 4, 5]
    assert [row.previous for row in rows] == [chained.GENESIS, *(row.sha256 for row in rows[:-1])]
    assert list(disclosures.faults()) == []
    assert all(disclosures.is_intact(row) for row in rows)


@pytest.mark.parametrize(
    ("statements", "place"),
    [
        (["UPDATE records_disclosure SET recipient_name = 'Nobody' WHERE number = 3"], 3),
        (["UPDATE records_disclosure SET at = at + interval '1 microsecond' WHERE number = 2"], 2),
        (["UPDATE records_disclosure SET sets = '{}' WHERE number = 1"], 1),
        (["UPDATE records_disclosure SET subjects = 7 WHERE number = 5"], 5),
        (["UPDATE records_disclosure SET sha256 = previous WHERE number = 4"], 4),
        (
            [
                "DELETE FROM records_disclosedsubject USING records_disclosure d "
                "WHERE disclosure_id = d.id AND number = 3",
                "DELETE FROM records_disclosure WHERE number = 3",
            ],
            3,
        ),
        (
            [
                "DELETE FROM records_disclosedsubject USING records_disclosure d "
                "WHERE disclosure_id = d.id AND number = 5",
                "DELETE FROM records_disclosure WHERE number = 5",
            ],
            5,
        ),
        (
            [
                "UPDATE records_disclosure SET number = 9 WHERE number = 2",
                "UPDATE records_disclosure SET number = 2 WHERE number = 3",
                "UPDATE records_disclosure SET number = 3 WHERE number = 9",
            ],
            2,
        ),
        (
            [
                "UPDATE records_disclosedsubject SET subject = decode('00', 'hex') WHERE id = (SELECT min(id) FROM"
                " records_disclosedsubject)"
            ],
            1,
        ),
        (
            [
                "DELETE FROM records_disclosedsubject WHERE id IN (SELECT s.id FROM records_disclosedsubject s JOIN"
                " records_disclosure d ON d.id = s.disclosure_id WHERE number = 4 LIMIT 1)"
            ],
            4,
        ),
    ],
    ids=["name", "instant", "sets", "count", "hash", "deleted", "last deleted", "moved", "person", "person deleted"],
)
def test_whatever_somebody_with_every_right_does_shows_at_the_first_row(
    five: None, statements: list[str], place: int
) -> None:
    as_superuser(*statements)
    [(found, what)] = disclosures.faults()
    assert (found, bool(what)) == (place, True)
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("verify_disclosures", stdout=out)
    assert ended.value.code == 1
    assert f"disclosure {place}: {what}" in out.getvalue()


def test_all_of_it_gone_shows_too(five: None) -> None:
    as_superuser("DELETE FROM records_disclosedsubject", "DELETE FROM records_disclosure")
    assert [place for place, _what in disclosures.faults()] == [1]


def test_a_row_added_by_hand_shows(five: None) -> None:
    as_superuser(
        "CREATE TEMP TABLE forged ON COMMIT DROP AS SELECT * FROM records_disclosure WHERE number = 5",
        "UPDATE forged SET id = gen_random_uuid(), number = 6, previous = sha256",
        "INSERT INTO records_disclosure SELECT * FROM forged",
    )
    assert [place for place, _what in disclosures.faults()] == [6]


def test_a_whole_register_verifies(five: None) -> None:
    out = StringIO()
    call_command("verify_disclosures", stdout=out)
    assert out.getvalue() == "5 disclosures are as they were put on record.\n"
    out = StringIO()
    call_command("verify_disclosures", json=True, stdout=out)
    assert json.loads(out.getvalue()) == {"intact": True, "rows": 5, "faults": []}


@pytest.mark.parametrize("model", [Disclosure, DisclosedSubject])
@pytest.mark.parametrize(
    "act",
    [
        lambda model: model.objects.all()._raw_delete("default"),
        lambda model: _sql(f"UPDATE {model._meta.db_table} SET id = id"),  # noqa: S608 - a table of this project
        lambda model: _sql(f"TRUNCATE {model._meta.db_table} CASCADE"),
    ],
    ids=["delete", "UPDATE", "TRUNCATE"],
)
def test_rows_stay_as_they_were_written(five: None, model: type, act: Callable[[type], object]) -> None:
    with pytest.raises(DatabaseError, match="is append-only"), transaction.atomic():
        act(model)


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL refuses TRUNCATE for its own reason
        cursor.execute(statement)


def test_a_hundred_at_once_stand_in_one_row_each(committed: None) -> None:
    listed(Ground.PURPOSE)
    tally, crowd = make.recipient(), 20

    def five_times(who: int) -> Callable[[], int]:
        def act() -> int:
            for number in range(5):
                disclose(recipient=tally, people=[f"p{who}.{number}@mail.example"], content=bytes([who, number]))
            return 5

        return act

    assert sum(together(*(five_times(who) for who in range(crowd)))) == 100
    assert list(Disclosure.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 101))
    assert list(disclosures.faults()) == []
    assert ChainEnd.objects.get(pk="records_disclosure").number == 100
    assert len({bytes(each.subject) for each in DisclosedSubject.objects.all()}) == 100


def test_what_is_rolled_back_leaves_no_gap(five: None) -> None:
    with transaction.atomic():
        disclose()
        transaction.set_rollback(True)
    assert Disclosure.objects.count() == 5
    assert disclose().number == 6
    assert list(disclosures.faults()) == []


def test_people_are_known_by_hashes_alone(five: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(d::text || s::text, '') FROM records_disclosure d, records_disclosedsubject s"
        )
        [written] = cursor.fetchone()
    assert make.ANA not in written
    assert cipher.blind("email", make.ANA).hex() in written
