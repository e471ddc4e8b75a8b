"""Does the database itself refuse to change what was frozen, whoever asks?"""

from collections.abc import Callable
from copy import copy
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.urls import NoReverseMatch, reverse

from home.models import HomePage
from policies import chain, freeze
from policies.models import FrozenText, PolicyPage, PolicyRendition, PolicyVersion, PolicyWithdrawal
from records.models import Term, TermSheet, TermSheetWithdrawal
from tests import make
from tests.policies import languages

SOON, MICROSECOND = make.NOW + timedelta(days=10), timedelta(microseconds=1)
MODELS = [PolicyVersion, PolicyRendition, PolicyWithdrawal, TermSheet, TermSheetWithdrawal, Term]


@pytest.fixture
def withdrawn(home: HomePage) -> PolicyVersion:
    """At least one row in each of the tables."""
    page = make.policy(home, live=False)
    page.body = [make.text("We keep nothing."), languages.PURPOSES]
    page.save_revision().publish()
    languages.translate(page, "Мы ничего не храним.").save_revision().publish()
    page = make.revise(PolicyPage.objects.get(pk=page.pk), "New.", at=SOON)
    version = page.versions.get(number=2)
    freeze.withdraw(version=version, now=make.NOW, reason="A mistake.")
    return version


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else PostgreSQL refuses TRUNCATE for its own reason
        cursor.execute(statement)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "act",
    [
        lambda model: model.objects.order_by("pk").first().save(),
        lambda model: model.objects.update(id=F("id")),
        lambda model: model.objects.filter(pk__gt=0)._raw_delete("default"),
        lambda model: sql(f"UPDATE {model._meta.db_table} SET id = id"),  # noqa: S608 - a table of this project
        lambda model: sql(f"DELETE FROM {model._meta.db_table} WHERE id > 0"),  # noqa: S608
        lambda model: sql(f"TRUNCATE {model._meta.db_table} CASCADE"),
    ],
    ids=["save", "update", "delete", "UPDATE", "DELETE", "TRUNCATE"],
)
def test_a_row_stays_as_it_was_written(withdrawn: PolicyVersion, model: type, act: Callable[[type], object]) -> None:
    before = list(model.objects.values())
    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        act(model)
    assert before
    assert list(model.objects.values()) == before


@pytest.mark.parametrize("model", MODELS)
def test_the_cms_has_no_form_to_change_it(model: type) -> None:
    names = [f"{model._meta.app_label}_{model._meta.model_name}", model._meta.model_name]
    forms = [f"{name}:{act}" for name in names for act in ("add", "edit", "delete", "copy")]
    for namespace in ("", "wagtailsnippets_"):
        for form in forms:
            with pytest.raises(NoReverseMatch):
                reverse(namespace + form, args=(1,))


def next_of(row: FrozenText, **changes: object) -> FrozenText:
    """A row that fits into the chain behind `row` but for `changes`."""
    added = copy(row)
    values = {"pk": None, "id": None, "number": row.number + 1, "previous_sha256": row.sha256, **changes}
    for name, value in values.items():
        setattr(added, name, value)
    return added


def refused(row: FrozenText, sentence: str) -> None:
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        row.save(force_insert=True)


@pytest.fixture(params=["version", "rendition"])
def last(request: pytest.FixtureRequest, home: HomePage) -> FrozenText:
    page = make.policy(home)
    languages.translate(page, "Мы ничего не храним.").save_revision().publish()
    return PolicyVersion.objects.get() if request.param == "version" else PolicyRendition.objects.get()


def test_what_fits_behind_the_last_one_is_accepted(last: FrozenText) -> None:
    next_of(last).save(force_insert=True)
    assert type(last).objects.count() == 2


def test_nothing_is_backdated(last: FrozenText) -> None:
    refused(next_of(last, frozen_at=last.effective_from + MICROSECOND), "not_backdated|no earlier than its original")


@pytest.mark.parametrize("back", [MICROSECOND, timedelta(days=365)])
def test_nothing_is_slipped_in_with_a_forged_date(last: FrozenText, back: timedelta) -> None:
    forged: datetime = last.frozen_at - back
    refused(next_of(last, frozen_at=forged), "is dated before the one before")


@pytest.mark.parametrize("number", [0, 1, 3])
def test_no_number_comes_twice_or_leaves_a_gap(last: FrozenText, number: int) -> None:
    refused(next_of(last, number=number), f"number {number} is not the next")


@pytest.mark.parametrize("sha256", ["", "0" * 64])
def test_nothing_is_added_that_does_not_follow_the_last_one(last: FrozenText, sha256: str) -> None:
    refused(next_of(last, previous_sha256=sha256), "does not follow the one before")


def test_no_translation_takes_force_before_its_original(home: HomePage) -> None:
    page = make.revise(make.policy(home), "New.", at=SOON)
    languages.translate(page, "Новое.").save_revision().publish()
    early = next_of(PolicyRendition.objects.get(), effective_from=SOON - MICROSECOND)
    refused(early, "no earlier than its original")


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (SOON, "only superseded"),
        (SOON + timedelta(days=1), "only superseded"),
        (make.NOW - MICROSECOND, "before it is frozen"),
    ],
)
def test_a_version_is_withdrawn_between_its_freezing_and_its_instant(
    home: HomePage, at: datetime, sentence: str
) -> None:
    version = make.revise(make.policy(home), "New.", at=SOON).versions.get(number=2)
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        PolicyWithdrawal.objects.create(version=version, withdrawn_at=at, reason="Not then.")


def test_a_version_is_withdrawn_only_once(withdrawn: PolicyVersion) -> None:
    with pytest.raises(IntegrityError, match="version_id"), transaction.atomic():
        PolicyWithdrawal.objects.create(version=withdrawn, withdrawn_at=make.NOW, reason="Again.")


@pytest.mark.parametrize(
    "slip_in",
    [
        lambda sheet: Term.objects.create(
            sheet=sheet, kind="purpose", key="Marketing", value={}, effective_from=make.NOW
        ),
        lambda sheet: TermSheetWithdrawal.objects.create(sheet=sheet, withdrawn_at=make.NOW),
    ],
    ids=["a term", "a withdrawal"],
)
def test_terms_that_were_slipped_in_are_found(home: HomePage, slip_in: Callable[[TermSheet], object]) -> None:
    page = make.revise(make.policy(home), "New.")
    assert list(chain.faults()) == []
    slip_in(TermSheet.objects.get(policy=page.key, number=2))
    assert [fault.row for fault in chain.faults()] == [page.versions.get(number=2)]
