"""What somebody published is shown while their consent stands, and not a moment longer."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale

from consent import decide
from consent.models import Decision
from consent.told import Told
from home import entries
from home.models import FormPage, PublicEntriesPage, PublicEntry
from mailing.models import Letter
from records import holds, retention
from records.models import SubjectKey
from tests import make

State = PublicEntry.State
LATER = make.NOW + timedelta(hours=1)


@pytest.fixture
def form(db: None, clock: Any) -> FormPage:
    return make.reviews()


def read(form: FormPage, at: Any = LATER) -> list[int]:
    return [entry.pk for entry in entries.shown(form, at=at)]


def test_an_entry_rests_on_one_decision_that_names_each_field(form: FormPage) -> None:
    entry = make.entry(form)
    decision = Decision.objects.get()
    assert decision.choices == {f"public:{form.pk}:{key}": True for key in ("name", "stars", "message")}
    assert (decision.source, decision.action) == (Decision.Source.FORM, Decision.Action.GIVE)
    assert (decision.statement, decision.path) == ("Everybody may read this on the site.", "/how-it-went/")
    assert (entry.decision_id, entry.state) == (decision.pk, State.SHOWN)
    assert entry.subject_key == SubjectKey.objects.get()
    assert read(form) == [entry.pk]


def test_a_moderated_form_shows_nothing_before_somebody_approves(db: None) -> None:
    form = make.reviews(moderated=True)
    entry = make.entry(form)
    assert (entry.state, read(form)) == (State.WAITING, [])
    assert list(entries.waiting(at=LATER)) == [entry]
    entries.approve(entry, by=make.vera(), now=LATER)
    assert read(form) == [entry.pk]


@pytest.mark.parametrize("missing", [{"content": []}, {"statement": " "}, {"email": ""}])
def test_nothing_is_written_where_something_is_missing(form: FormPage, missing: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="address to tell its writer"):
        make.entry(form, **missing)
    assert not Decision.objects.exists()
    assert not PublicEntry.objects.exists()


def test_withdrawn_is_gone_and_the_ledger_says_that_it_was(form: FormPage) -> None:
    entry = make.entry(form)
    entries.withdraw(entry, now=LATER)
    assert read(form) == []
    assert not PublicEntry.objects.exists()
    given, taken = Decision.objects.order_by("seq")
    assert (taken.action, taken.source, taken.consent_id) == ("withdraw", "mail", given.consent_id)
    assert taken.choices == dict.fromkeys(given.choices, False)
    assert decide.standing_for(consent_id=given.consent_id, purpose=next(iter(given.choices)), at=LATER) is None


def test_what_was_withdrawn_is_not_withdrawn_again(form: FormPage) -> None:
    entry = make.entry(form)
    entries.withdraw(entry, now=LATER)
    with pytest.raises(entries.Gone):
        entries.withdraw(PublicEntry(pk=entry.pk or 1), now=LATER)
    assert Decision.objects.count() == 2


def test_a_decision_alone_ends_it_whatever_the_row_says(form: FormPage) -> None:
    """As when another program writes one, and nobody has touched the entry since."""
    entry = make.entry(form)
    decide.record(
        choices={f"public:{form.pk}:name": False},
        source=Decision.Source.API,
        at=LATER,
        key=uuid.uuid4(),
        told=Told(),
        statement="No.",
        consent_id=entry.decision.consent_id,
        action=Decision.Action.WITHDRAW,
    )
    assert read(form, at=LATER - timedelta(microseconds=1)) == [entry.pk]
    assert read(form, at=LATER) == []


def test_a_field_that_nobody_agreed_to_is_not_shown(form: FormPage) -> None:
    entry = make.entry(form)
    entry.content.append({"key": "phone", "label": "Telephone", "kind": "phone", "said": "+31 6 5550"})
    assert [each["key"] for each in entries.agreed(entry)] == ["name", "stars", "message"]


def test_nothing_is_shown_after_its_period_though_no_worker_came_and_a_hold_keeps_it(form: FormPage) -> None:
    entry = make.entry(form)
    holds.place(reason="Case 12", by=make.vera(), now=make.NOW, email=make.BEN)
    end = make.NOW + timedelta(days=1095)
    assert read(form, at=end - timedelta(seconds=1)) == [entry.pk]
    assert read(form, at=end) == []
    retention.expire(now=end)
    assert PublicEntry.objects.exists()
    assert read(form, at=end) == []


def test_expiry_deletes_the_row(form: FormPage) -> None:
    make.entry(form)
    retention.expire(now=make.NOW + timedelta(days=1095))
    assert not PublicEntry.objects.exists()


def test_what_was_refused_goes_after_thirty_days(form: FormPage) -> None:
    entries.refuse(make.entry(form), by=make.vera(), now=LATER)
    assert read(form) == []
    retention.expire(now=LATER + timedelta(days=30))
    assert not PublicEntry.objects.exists()


def test_a_hold_keeps_what_is_withdrawn_out_of_everybodys_sight(form: FormPage) -> None:
    entry = make.entry(form)
    hold = holds.place(reason="Case 12", by=make.vera(), now=make.NOW, holding="home.PublicEntry")
    entries.withdraw(entry, now=LATER)
    assert PublicEntry.objects.get().state == State.WITHDRAWN
    assert read(form) == []
    with pytest.raises(entries.Gone):
        entries.of_token(entries.token(entry), at=LATER)
    with pytest.raises(entries.Gone):
        entries.approve(entry, by=hold.placed_by, now=LATER)
    holds.lift(hold, by=hold.placed_by, now=LATER)
    retention.expire(now=LATER)
    assert not PublicEntry.objects.exists()


def test_the_list_asks_the_database_once_however_long_it_is(form: FormPage, django_assert_num_queries: Any) -> None:
    for number in range(12):
        make.entry(form, f"Number {number}")
    retention.due(LATER)
    with django_assert_num_queries(2):  # the terms in force; the entries and their decisions
        assert len([entries.agreed(entry) for entry in entries.shown(form, at=LATER)]) == 12


def test_entries_of_a_translated_form_stand_on_one_page(form: FormPage) -> None:
    russian = Locale.objects.create(language_code="ru")
    form.get_parent().copy_for_translation(russian)
    other = form.copy_for_translation(russian)
    both = [make.entry(form).pk, make.entry(FormPage.objects.get(pk=other.pk), "Хорошо.", locale="ru").pk]
    assert sorted(read(form)) == sorted(read(other)) == both


def test_the_writer_is_told_where_it_stands_and_how_to_take_it_down(form: FormPage) -> None:
    entry = make.entry(form)
    letter = Letter.objects.get()
    assert letter.email == make.BEN
    assert letter.purpose == "dpv:ServiceProvision"
    assert "It is shown here:\n\nhttp://testserver/said/" in letter.text
    assert f"/entries/{entries.token(entry)}/" in letter.text
    assert "Ben" not in letter.subject + letter.text.replace(make.BEN, "")


def test_whoever_waits_is_told_so_and_hears_again_once_it_is_shown(db: None) -> None:
    entry = make.entry(make.reviews(moderated=True))
    vera = make.vera()
    assert "One of us looks at it first" in Letter.objects.get().text
    entries.approve(entry, by=vera, now=LATER)
    assert entries.approve(entry, by=vera, now=LATER) is None
    second = Letter.objects.order_by("pk").last()
    assert second
    assert Letter.objects.count() == 2
    assert "is shown now" in second.text
    assert entries.address(entry) in second.text


def test_what_was_withdrawn_meanwhile_is_not_approved(db: None) -> None:
    entry = make.entry(make.reviews(moderated=True))
    key = entry.pk
    entries.withdraw(entry, now=LATER)
    with pytest.raises(entries.Gone):
        entries.approve(PublicEntry(pk=key), by=make.vera(), now=LATER)


def test_an_empty_page_needs_no_form(client: Client, form: FormPage) -> None:
    PublicEntriesPage.objects.update(form=None)
    answer = client.get("/said/")
    assert "Nothing is shown here yet." in answer.content.decode()
    assert "Write" not in answer.content.decode()
