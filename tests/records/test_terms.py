"""Which term is in force at an instant, and how is that found out?"""

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from records import terms
from records.models import Term, TermSheet, TermSheetWithdrawal
from records.terms import Kind, Statement
from tests import make

pytestmark = pytest.mark.django_db
PRIVACY, COOKIES = uuid.uuid4(), uuid.uuid4()
SOON, LATER = make.NOW + timedelta(days=10), make.NOW + timedelta(days=20)
MICROSECOND = timedelta(microseconds=1)


def kept(iso: str, key: str = "home.Inquiry") -> Statement:
    return Statement(Kind.RETENTION, key, {"period": iso, "then": "delete"})


def sheet(number: int, at: datetime, *statements: Statement, policy: uuid.UUID = PRIVACY) -> TermSheet:
    label = f"Privacy policy, version {number}"
    return terms.write(policy=policy, number=number, label=label, effective_from=at, statements=statements)


def period(at: datetime) -> str | None:
    term = terms.in_force(Kind.RETENTION, "home.Inquiry", at)
    return term.value["period"] if term else None


@pytest.mark.parametrize(("late", "answer"), [(-MICROSECOND, "P1Y"), (timedelta(0), "P6M"), (MICROSECOND, "P6M")])
def test_a_version_acts_from_its_very_instant(late: timedelta, answer: str) -> None:
    sheet(1, make.NOW, kept("P1Y"))
    sheet(2, SOON, kept("P6M"))
    assert period(SOON + late) == answer


def test_nothing_is_in_force_before_the_first_version() -> None:
    sheet(1, SOON, kept("P1Y"))
    assert period(SOON - MICROSECOND) is None


def test_a_version_that_states_it_no_longer_ends_it() -> None:
    sheet(1, make.NOW, kept("P1Y"), Statement(Kind.PURPOSE, "dpv:DirectMarketing", {}))
    sheet(2, SOON, Statement(Kind.PURPOSE, "dpv:DirectMarketing", {}))
    assert period(SOON) is None
    assert list(terms.all_in_force(Kind.PURPOSE, SOON)) == ["dpv:DirectMarketing"]


def test_a_version_without_any_term_ends_them_all() -> None:
    sheet(1, make.NOW, kept("P1Y"))
    sheet(2, SOON)
    assert period(SOON) is None


def test_a_version_taken_back_never_acts() -> None:
    sheet(1, make.NOW, kept("P1Y"))
    sheet(2, SOON, kept("P1D"))
    terms.withdraw(policy=PRIVACY, number=2, now=make.NOW)
    assert period(LATER) == "P1Y"


def test_a_version_taken_back_supersedes_nothing() -> None:
    sheet(1, make.NOW, kept("P1Y"))
    sheet(2, SOON)
    terms.withdraw(policy=PRIVACY, number=2, now=make.NOW)
    assert period(LATER) == "P1Y"


def test_of_one_instant_the_higher_number_acts() -> None:
    sheet(1, make.NOW, kept("P1Y"))
    sheet(2, make.NOW, kept("P6M"))
    assert period(make.NOW) == "P6M"


def test_an_earlier_version_frozen_later_does_not_outlive_the_newer_one() -> None:
    sheet(1, make.NOW, kept("P1Y"))
    sheet(2, LATER, kept("P6M"))
    sheet(3, SOON, kept("P3M"))
    assert [period(at) for at in (make.NOW, SOON, LATER)] == ["P1Y", "P3M", "P6M"]


def test_each_policy_states_its_own_terms() -> None:
    sheet(1, make.NOW, kept("P1Y"))
    sheet(1, SOON, kept("P2Y", "mailing.Subscription"), policy=COOKIES)
    found = terms.all_in_force(Kind.RETENTION, SOON)
    assert {key: term.value["period"] for key, term in found.items()} == {
        "home.Inquiry": "P1Y",
        "mailing.Subscription": "P2Y",
    }


def test_of_two_policies_the_one_that_took_force_last_counts() -> None:
    sheet(1, make.NOW, kept("P1Y"))
    sheet(1, SOON, kept("P6M"), policy=COOKIES)
    assert [period(SOON - MICROSECOND), period(SOON)] == ["P1Y", "P6M"]
    assert terms.all_in_force(Kind.RETENTION, SOON)["home.Inquiry"].value["period"] == "P6M"


def test_a_version_cannot_say_two_things_of_one_data_set() -> None:
    with pytest.raises(IntegrityError, match="term_once"), transaction.atomic():
        sheet(1, make.NOW, kept("P1Y"), kept("P6M"))
    assert not TermSheet.objects.exists()


@pytest.fixture
def crowd() -> None:
    """Some thousand terms, as the planner of a site with two old policies sees them."""
    for policy in [PRIVACY, COOKIES]:
        sheets = TermSheet.objects.bulk_create(
            TermSheet(policy=policy, number=number, label="P", effective_from=make.NOW + timedelta(days=number))
            for number in range(1, 201)
        )
        Term.objects.bulk_create(
            Term(sheet=row, kind=Kind.RETENTION, key=f"app.Model{n}", value={}, effective_from=row.effective_from)
            for row in sheets
            for n in range(20)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE records_term, records_termsheet, records_termsheetwithdrawal")


def nodes(plan: dict) -> Iterator[dict]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)


def test_one_indexed_query_answers(crowd: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        found = terms.in_force(Kind.RETENTION, "app.Model3", make.NOW + timedelta(days=12))
        assert found
        assert found.sheet.number == 12
    assert len(queries) == 1
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {queries[0]['sql']}")
        [[plan]] = cursor.fetchall()
    plan = plan if isinstance(plan, list) else json.loads(plan)
    used = list(nodes(plan[0]["Plan"]))
    assert "term_in_force" in {node.get("Index Name") for node in used}
    assert not [node for node in used if node["Node Type"] == "Seq Scan" and node["Relation Name"] == "records_term"]


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL refuses TRUNCATE for its own reason
        cursor.execute(statement)


@pytest.mark.parametrize("model", [TermSheet, TermSheetWithdrawal, Term])
@pytest.mark.parametrize(
    "act",
    [
        lambda model: model.objects.update(id=F("id")),
        lambda model: model.objects.all()._raw_delete("default"),
        lambda model: sql(f"UPDATE {model._meta.db_table} SET id = id"),  # noqa: S608 - a table of this project
        lambda model: sql(f"DELETE FROM {model._meta.db_table} WHERE id > 0"),  # noqa: S608
        lambda model: sql(f"TRUNCATE {model._meta.db_table} CASCADE"),
    ],
    ids=["update", "delete", "UPDATE", "DELETE", "TRUNCATE"],
)
def test_terms_stay_as_they_were_written(model: type, act: Callable[[type], object]) -> None:
    sheet(1, SOON, kept("P1Y"))
    terms.withdraw(policy=PRIVACY, number=1, now=make.NOW)
    with pytest.raises(DatabaseError, match="is append-only"), transaction.atomic():
        act(model)
