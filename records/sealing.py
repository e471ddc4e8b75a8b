"""How does a table get sealed columns? For migrations: the key that a sealed value needs, and what was plain before."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.migrations import RunSQL
from django.db.models import Q
from django.utils import timezone

from records import keys
from records.sealed import Erased

BATCH = 500  # rows a transaction

# Half a foreign key: what is written needs its key, which may be deleted all the same.
_REQUIRE = """
CREATE OR REPLACE FUNCTION candor_require_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM records_subjectkey WHERE id = NEW.subject_key_id FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the key of this row of % is gone: nothing more is stored under it', TG_TABLE_NAME
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NEW;
END $$;
"""


def key_required(table: str, *columns: str) -> RunSQL:
    """Refuses a value in one of the sealed `columns` whose key is gone; an erasure waits for whoever is writing one."""
    given = [f"octet_length(NEW.{name}) > 0" for name in columns]
    written = " OR ".join(given)
    changed = " OR ".join(
        f"({some} AND NEW.{name} IS DISTINCT FROM OLD.{name})" for name, some in zip(columns, given, strict=True)
    )
    return RunSQL(
        sql=f"""{_REQUIRE}
CREATE TRIGGER {table}_key_on_insert BEFORE INSERT ON {table}
    FOR EACH ROW WHEN ({written}) EXECUTE FUNCTION candor_require_key();
CREATE TRIGGER {table}_key_on_update BEFORE UPDATE ON {table}
    FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION candor_require_key();
""",
        reverse_sql=f"""
DROP TRIGGER {table}_key_on_insert ON {table};
DROP TRIGGER {table}_key_on_update ON {table};
""",
    )


def seal_rows(model: type[Any], columns: Mapping[str, str], *, email: str) -> int:
    """Seals {plain column: sealed column} of every row without a key and empties the plain ones, in batches; `email` is
    the plain column that says whose row it is. Returns how many rows. Safe to stop and to run again."""

    def seal(row: Any) -> None:
        row.subject_key_id = keys.of_person(getattr(row, email) or "(nobody)", now=timezone.now()).pk
        for plain, sealed in columns.items():
            setattr(row, sealed, getattr(row, plain))
            setattr(row, plain, "")
        row.save()

    return _in_batches(model, Q(subject_key=None), seal)


def open_rows(model: type[Any], columns: Mapping[str, str]) -> int:
    """The way back: what opens is plain again, what was erased is empty."""

    def unseal(row: Any) -> None:
        for plain, sealed in columns.items():
            text = getattr(row, sealed)
            setattr(row, plain, "" if isinstance(text, Erased) else text)
            setattr(row, sealed, "")
        row.subject_key_id = None
        row.save()

    return _in_batches(model, ~Q(subject_key=None), unseal)


def _in_batches(model: type[Any], waiting: Q, act: Callable[[Any], None]) -> int:
    rows = 0
    while True:
        with transaction.atomic():
            batch = list(model._base_manager.select_for_update(of=("self",)).filter(waiting).order_by("pk")[:BATCH])
            for row in batch:
                act(row)
        if not batch:
            return rows
        rows += len(batch)
