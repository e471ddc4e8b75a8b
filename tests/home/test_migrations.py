"""Do inquiries that were stored in plain text come through the migration that seals them, and back?"""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from home.models import Inquiry
from records import cipher, keys, sealing
from tests import make

PLAIN, BETWEEN = [("home", "0003_answers")], [("home", "0004_sealed_columns")]
PEOPLE = [make.ANA, make.BEN, make.ANA.upper(), make.CLEO, make.ANA]


def migrate(targets: list[tuple[str, str]] | None = None) -> Any:
    """Goes to `targets`, or to the newest of everything; returns the models of that time."""
    executor = MigrationExecutor(connection)
    return executor.migrate(targets or executor.loader.graph.leaf_nodes()).apps


def columns() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'home_inquiry'")
        return {name for (name,) in cursor.fetchall()}


def write(prefix: str, apps: Any) -> None:
    for number, email in enumerate(PEOPLE):
        said = {"name": f"N{number}", "email": email, "phone": "020" if number else "", "message": f"Words {number}"}
        values = {f"{prefix}{name}": value for name, value in said.items()}
        apps.get_model("home", "Inquiry").objects.create(received_at=make.NOW, **values)


def said() -> list[tuple[str, str, str, str]]:
    return [(row.name, row.email, row.phone, row.message) for row in Inquiry.objects.order_by("pk")]


WRITTEN = [(f"N{number}", email, "020" if number else "", f"Words {number}") for number, email in enumerate(PEOPLE)]


@pytest.fixture
def _small_batches(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 2)


@pytest.mark.usefixtures("_small_batches")
def test_they_are_sealed_and_found_and_come_back() -> None:
    write("", migrate(PLAIN))
    migrate()
    assert said() == WRITTEN
    assert not any(name.startswith("plain_") for name in columns())
    assert Inquiry.objects.filter(email_index=cipher.blind("email", make.ANA)).count() == 3
    assert len(set(Inquiry.objects.values_list("subject_key"))) == 3
    keys.shred(cipher.blind("email", make.BEN))
    old = migrate(PLAIN).get_model("home", "Inquiry")
    rows = list(old.objects.order_by("pk").values_list("name", "email", "phone", "message"))
    assert rows == [WRITTEN[0], ("", "", "", ""), *WRITTEN[2:]]


@pytest.mark.usefixtures("_small_batches")
def test_a_migration_that_was_stopped_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    apps = migrate(BETWEEN)
    write("plain_", apps)
    asked, of_person = [], keys.of_person

    def stops(email: str, **how: Any) -> Any:
        asked.append(email)
        if len(asked) == 4:
            raise KeyboardInterrupt
        return of_person(email, **how)

    with monkeypatch.context() as patched:
        patched.setattr(keys, "of_person", stops)
        with pytest.raises(KeyboardInterrupt):
            migrate()
    model = apps.get_model("home", "Inquiry")
    assert model.objects.exclude(subject_key=None).count() == 2
    assert sorted(model.objects.values_list("plain_email", flat=True))[:2] == ["", ""]
    migrate()
    assert said() == WRITTEN


def test_every_migration_is_written(db: None) -> None:
    assert {"name_index", "email_index", "phone_index", "subject_key_id"} <= columns()
