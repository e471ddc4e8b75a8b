"""Does the database itself refuse to change what was frozen, whoever asks?"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from home.models import HomePage
from policies import freeze
from policies.models import PolicyVersion, PolicyWithdrawal
from tests import make

SOON = make.NOW + timedelta(days=10)
MODELS = [PolicyVersion, PolicyWithdrawal]


@pytest.fixture
def withdrawn(home: HomePage) -> PolicyVersion:
    page = make.revise(make.policy(home), "New.", at=SOON)
    version = page.versions.get(number=2)
    freeze.cancel(revision=version.revision, now=make.NOW, reason="A mistake.")
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
    with pytest.raises(IntegrityError, match="is append-only"), transaction.atomic():
        act(model)


def test_a_version_is_not_backdated(home: HomePage) -> None:
    old = make.policy(home).versions.get()
    old.pk, old.number, old.effective_from = None, 2, old.frozen_at - timedelta(microseconds=1)
    with pytest.raises(IntegrityError, match="policy_version_not_backdated"), transaction.atomic():
        old.save(force_insert=True)


def test_no_number_comes_twice(home: HomePage) -> None:
    old = make.policy(home).versions.get()
    old.pk = None
    with pytest.raises(IntegrityError, match="policy_version_number"), transaction.atomic():
        old.save(force_insert=True)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=1)])
def test_a_version_that_took_force_is_not_withdrawn(home: HomePage, late: timedelta) -> None:
    page = make.revise(make.policy(home), "New.", at=SOON)
    version = page.versions.get(number=2)
    with pytest.raises(IntegrityError, match="only superseded"), transaction.atomic():
        PolicyWithdrawal.objects.create(version=version, withdrawn_at=SOON + late, reason="Too late.")


def test_a_version_is_withdrawn_only_once(withdrawn: PolicyVersion) -> None:
    with pytest.raises(IntegrityError, match="version_id"), transaction.atomic():
        PolicyWithdrawal.objects.create(version=withdrawn, withdrawn_at=make.NOW, reason="Again.")
