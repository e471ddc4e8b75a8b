"""Everything stored about one person is found, however they spell their address, and nothing of anybody else."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from home.models import Inquiry
from mailing.models import Subscriber
from records import people
from records.registry import Holding, OnErase, Subject, holdings
from tests import make
from tests.records import life

pytestmark = pytest.mark.django_db
EVERYWHERE = {
    "consent.Decision",
    "home.Inquiry",
    "mailing.Delivery",
    "mailing.Letter",
    "mailing.LinkFollowed",
    "mailing.Return",
    "mailing.Subscriber",
    "mailing.Subscription",
    "records.DisclosedSubject",
    "records.SubjectKey",
    "records.SubjectRequest",
}


def found(**known: str) -> dict[str, int]:
    counts = {each.entry.label: each.rows.count() for each in people.find(at=make.NOW, **known)}
    return {label: count for label, count in counts.items() if count}


def test_every_data_set_a_person_is_in_is_found() -> None:
    life.lived(make.ANA, make.BEN)
    assert found(email=make.ANA).keys() == EVERYWHERE
    assert found(email=make.ANA)["mailing.Delivery"] == 2, "a campaign's and a letter's"
    assert set(found(email=make.ANA).values()) == {1, 2}


def test_the_blind_index_finds_what_the_address_finds() -> None:
    life.lived(make.ANA, make.BEN)
    assert found(subject=people.subject_of(make.ANA).hex()) == found(email=make.ANA)


def test_a_telephone_number_finds_what_was_written_with_it() -> None:
    life.lived(make.ANA, make.BEN)
    assert found(phone="0044 (0)20 79460101") == {"home.Inquiry": 1}
    assert found(phone="") == {}


def test_nobody_has_an_empty_address() -> None:
    with pytest.raises(ValueError, match="empty"):
        people.subject_of(" ")


def test_whose_period_is_over_is_found_only_by_who_erases() -> None:
    make.inquiry(make.ANA, make.NOW - timedelta(days=366))
    labels = [
        {each.entry.label for each in people.find(at=make.NOW, email=make.ANA, expired=old) if each.rows}
        for old in (False, True)
    ]
    assert "home.Inquiry" not in labels[0]
    assert "home.Inquiry" in labels[1]


def spelled() -> st.SearchStrategy[str]:
    """Ana's address in capitals here and there, between spaces."""
    spaces = st.text(" \t\n ", max_size=3)
    letters = st.lists(st.booleans(), min_size=len(make.ANA), max_size=len(make.ANA))
    words = letters.map(lambda up: "".join(c.upper() if u else c for c, u in zip(make.ANA, up, strict=True)))
    return st.tuples(spaces, words, spaces).map("".join)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stored=spelled(), asked=spelled())
def test_however_the_address_is_spelled(stored: str, asked: str) -> None:
    Inquiry.objects.all().delete()
    Subscriber.objects.all().delete()
    make.inquiry(stored.strip())
    Subscriber.objects.create(email=stored.strip(), locale="en", created_at=make.NOW)
    labels = found(email=asked)
    assert labels["home.Inquiry"] == labels["mailing.Subscriber"] == 1


def test_a_domain_is_found_as_people_and_as_dns_write_it() -> None:
    make.inquiry("ana@müller.example")
    assert found(email="Ana@xn--mller-kva.example")["home.Inquiry"] == 1


def test_children_come_before_what_they_point_at() -> None:
    order = [entry.model for entry in people.in_order(people.searchable()) if entry.on_erase != OnErase.KEEP]
    for place, model in enumerate(order):
        assert not people.parents(model) & set(order[:place]), f"{model._meta.label} comes after its parent"


def of_the_public(entry: Holding) -> bool:
    return bool({Subject.VISITOR, Subject.SUBSCRIBER}.intersection(entry.subjects))


# No address is stored with these, nor anything that leads to one (GDPR Art. 11).
NAMELESS = {"records.Action", "records.HeldAction", "cookie_consent.LogItem"}


def test_every_data_set_about_visitors_can_be_searched() -> None:
    assert {entry.label for entry in holdings() if of_the_public(entry) and not entry.find_by} == NAMELESS


def test_what_an_erasure_deletes_says_when_it_was_written() -> None:
    """Else a restored backup could not be told from what somebody wrote since."""
    going = [entry for entry in people.searchable() if entry.on_erase != OnErase.KEEP]
    assert [entry.label for entry in going if not entry.written_in] == []


def test_what_an_erasure_deletes_is_found_by_the_blind_index_too() -> None:
    going = [entry for entry in people.searchable() if entry.on_erase != OnErase.KEEP]
    assert [entry.label for entry in going if "subject" not in entry.find_by] == ["mailing.AudienceImport"]
