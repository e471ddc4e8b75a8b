"""Do the terms that the site acts on begin and end with the versions that state them?"""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Revision

from home import inquiries
from home.models import HomePage, Inquiry
from policies import chain, freeze
from policies.models import PolicyVersion
from records import promises, retention, terms
from records.models import Term, TermSheet
from records.terms import Kind
from tests import make
from tests.policies import languages, typed

SOON, LATER = make.NOW + timedelta(days=10), make.NOW + timedelta(days=20)
MICROSECOND = timedelta(microseconds=1)


def period(at: datetime) -> str | None:
    term = terms.in_force(Kind.RETENTION, "home.Inquiry", at)
    return term.value["period"] if term else None


def test_freezing_a_version_writes_its_terms(home: HomePage) -> None:
    version = typed.policy(home, typed.retention(), typed.purposes("dpv:DirectMarketing")).versions.get()
    sheet = TermSheet.objects.get()
    assert (sheet.policy, sheet.number, sheet.effective_from) == (version.policy, 1, version.effective_from)
    assert sheet.label == "Privacy policy, version 1"
    assert {(term.kind, term.key) for term in sheet.terms.all()} == {
        ("retention", "home.Inquiry"),
        ("purpose", "dpv:DirectMarketing"),
    }


def test_the_terms_are_part_of_what_is_hashed(home: HomePage) -> None:
    version = typed.policy(home, typed.retention()).versions.get()
    value = {"period": "P1Y", "then": "delete"}
    assert version.content["terms"] == [{"kind": "retention", "key": "home.Inquiry", "value": value}]


def test_the_same_words_with_another_period_are_another_version(home: HomePage) -> None:
    page = typed.policy(home, typed.retention(1, "year", words="As long as the law asks."))
    page = typed.publish(page, typed.retention(2, "year", words="As long as the law asks."))
    assert page.versions.count() == 2


def test_a_scheduled_version_acts_from_its_very_instant(home: HomePage) -> None:
    page = typed.policy(home, typed.retention(1, "year"))
    typed.publish(page, typed.retention(6, "month"), at=SOON)
    assert [period(SOON + late) for late in (-MICROSECOND, MICROSECOND * 0, MICROSECOND)] == ["P1Y", "P6M", "P6M"]


def test_the_purge_follows_at_the_instant_and_no_job_takes_part(home: HomePage) -> None:
    page = typed.policy(home, typed.retention(1, "year"))
    typed.publish(page, typed.retention(6, "month"), at=SOON)
    old = SOON - timedelta(days=250)
    inquiries.receive(page=make.contact(home), name="Ben", email=make.BEN, phone="", message="Hello", now=old)
    retention.expire(now=SOON - MICROSECOND)
    assert Inquiry.objects.exists()
    retention.expire(now=SOON)
    assert not Inquiry.objects.exists()


def test_a_version_withdrawn_in_the_cms_never_acts(home: HomePage) -> None:
    page = typed.policy(home, typed.retention(1, "year"))
    page = typed.publish(page, typed.retention(1, "day"), at=SOON)
    freeze.withdraw(version=page.versions.get(number=2), now=make.NOW, reason="A slip.")
    assert period(LATER) == "P1Y"


def test_an_urgent_fix_acts_until_the_pending_version(home: HomePage) -> None:
    page = typed.policy(home, typed.retention(1, "year"))
    typed.publish(page, typed.retention(6, "month"), at=SOON)
    typed.publish(page, typed.retention(3, "month"))
    assert [period(at) for at in (make.NOW, SOON)] == ["P3M", "P6M"]


def test_the_end_of_a_policy_ends_its_terms(home: HomePage) -> None:
    page = typed.policy(home, typed.retention(1, "year"))
    freeze.end(page=page, effective_from=SOON, now=make.NOW, note="We close.")
    assert [period(SOON - MICROSECOND), period(SOON)] == ["P1Y", None]


def test_a_translation_states_nothing_of_its_own(home: HomePage) -> None:
    page = typed.policy(home, make.text("We keep little."), typed.retention(1, "year"))
    languages.translate(page, "Мы храним мало.").save_revision().publish()
    assert TermSheet.objects.count() == 1
    assert chain.cut_off() == []


def test_a_text_that_cannot_be_frozen_leaves_nothing(home: HomePage) -> None:
    page = typed.policy(home, typed.retention(1, "year"))
    with pytest.raises(ValidationError), transaction.atomic():
        typed.publish(page, typed.retention(1, "year"), typed.retention(6, "month"), at=SOON)
    assert (PolicyVersion.objects.count(), TermSheet.objects.count(), Term.objects.count()) == (1, 1, 1)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_terms_that_cannot_be_written_leave_no_version(home: HomePage, monkeypatch: pytest.MonkeyPatch) -> None:
    page = typed.policy(home, typed.retention(1, "year"))

    def fail(**_sheet: object) -> None:
        raise RuntimeError("the database is full")

    monkeypatch.setattr(terms, "write", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        typed.publish(page, typed.retention(6, "month"))
    assert PolicyVersion.objects.count() == 1


def test_a_promise_names_the_version_that_states_it(home: HomePage) -> None:
    typed.policy(home, typed.retention(6, "month"), typed.grounds("authority"))
    report = promises.report(make.NOW)
    [promise] = [entry for entry in report["promises"] if entry["key"] == "home.Inquiry"]
    assert (promise["promised"], promise["stated_by"]) == (
        "6 months from the day they arrive",
        "Privacy policy, version 1",
    )
    assert [(term["kind"], term["key"]) for term in report["terms"]] == [("ground", "authority")]
