"""An address that is suppressed is known by its hash alone, and by every way of writing it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailing import addresses, suppression
from mailing.models import MailingList, Suppression
from tests import make

Scope, Reason = suppression.Scope, suppression.Reason
LATER = make.NOW.replace(hour=13)
emails = st.sampled_from(["ana", "BEN", "Cleo"]).flatmap(
    lambda name: st.sampled_from(["mail.example", "MAIL.example"]).map(lambda domain: f"{name}@{domain}")
)


def entries(email: str) -> list[tuple[str, str]]:
    return [(row.scope, row.reason) for row in suppression.of(email)]


def test_an_address_is_found_however_it_is_written(db: None) -> None:
    assert suppression.suppress(["Ana@Mail.example "], scope=Scope.LISTS, reason=Reason.COMPLAINT, now=make.NOW) == 1
    assert entries("ana@mail.example") == entries("ANA@MAIL.EXAMPLE") == [("lists", "complaint")]
    assert entries(make.BEN) == []


def test_one_that_is_there_keeps_its_reason_and_its_date(db: None) -> None:
    suppression.suppress([make.ANA], scope=Scope.LISTS, reason=Reason.OBJECTION, now=make.NOW)
    assert suppression.suppress([make.ANA], scope=Scope.LISTS, reason=Reason.EDITOR, now=LATER) == 0
    [row] = suppression.of(make.ANA)
    assert (row.reason, row.since_at) == ("objection", make.NOW)


def test_two_scopes_stand_beside_each_other_the_wider_first(db: None) -> None:
    for scope in (Scope.LISTS, Scope.ALL):
        suppression.suppress([make.ANA], scope=scope, reason=Reason.HARD_BOUNCE, now=make.NOW)
    assert entries(make.ANA) == [("all", "hard"), ("lists", "hard")]


def test_only_entries_for_the_reasons_that_are_named_are_lifted(db: None) -> None:
    suppression.suppress([make.ANA], scope=Scope.ALL, reason=Reason.EDITOR, now=make.NOW)
    suppression.suppress([make.ANA], scope=Scope.LISTS, reason=Reason.OBJECTION, now=make.NOW)
    assert suppression.lift(make.ANA, reasons=[Reason.OBJECTION, Reason.COMPLAINT]) == 1
    assert entries(make.ANA) == [("all", "editor")]
    assert suppression.lift(make.ANA.upper()) == 1
    assert suppression.lift(make.ANA) == 0


def test_the_table_tells_no_address(db: None) -> None:
    suppression.suppress([make.ANA], scope=Scope.ALL, reason=Reason.EDITOR, now=make.NOW)
    row = Suppression.objects.get()
    assert len(bytes(row.digest)) == 32
    assert "ana" not in f"{row} {vars(row)}".lower()


def test_a_hash_made_with_another_key_is_another_hash(settings: object) -> None:
    before = addresses.digest(make.ANA)
    settings.MAIL_SUPPRESSION_KEY = "another"  # type: ignore[attr-defined]
    assert addresses.digest(make.ANA) != before


def test_an_entry_outlives_the_person(news: MailingList) -> None:
    person = make.subscriber(make.ANA, news).subscriber
    suppression.suppress([make.ANA], scope=Scope.LISTS, reason=Reason.ERASURE, now=make.NOW)
    person.delete()
    assert entries(make.ANA) == [("lists", "erasure")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(st.lists(st.tuples(st.booleans(), st.lists(emails, max_size=3), st.sampled_from(list(Scope))), max_size=8))
def test_the_list_is_what_was_put_there_and_not_lifted(
    db: None, acts: list[tuple[bool, list[str], suppression.Scope]]
) -> None:
    Suppression.objects.all().delete()
    expected: set[tuple[str, str]] = set()
    for puts, some, scope in acts:
        said = {(email.lower(), scope.value) for email in some}
        if puts:
            count = suppression.suppress(some, scope=scope, reason=Reason.EDITOR, now=make.NOW)
            assert count == len(said - expected)
            expected |= said
        else:
            gone = {entry for entry in expected if entry[0] in {email.lower() for email in some}}
            assert sum(suppression.lift(email) for email in some) == len(gone)
            expected -= gone
    names = ("ana", "ben", "cleo")
    found = {(f"{name}@mail.example", row.scope) for name in names for row in suppression.of(f"{name}@mail.example")}
    assert found == expected


@pytest.mark.parametrize("some", [[], [make.ANA, make.ANA.upper(), make.ANA]])
def test_the_same_address_twice_is_one(db: None, some: list[str]) -> None:
    assert suppression.suppress(some, scope=Scope.ALL, reason=Reason.EDITOR, now=make.NOW) == min(len(some), 1)
