"""Does the database hold anything that nobody declared? Models against the data map, tables against the models."""

from collections.abc import Iterator
from datetime import datetime

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _

from records.promises.counting import counted
from records.promises.shapes import Promise, State, later, listed
from records.registry.coverage import check_every_column_is_declared

MOST = 20  # named to those who mend them
_OWN = {"django_migrations"}  # Django's list of migrations is no model of an app
# Partitions repeat the columns of their table; views hold nothing.
_COLUMNS = """
SELECT k.relname, a.attname FROM pg_class k JOIN pg_attribute a ON a.attrelid = k.oid
WHERE k.relnamespace = ANY(SELECT oid FROM pg_namespace WHERE nspname = ANY(current_schemas(FALSE)))
    AND k.relkind IN ('r', 'p', 'm', 'f') AND NOT k.relispartition AND a.attnum > 0 AND NOT a.attisdropped
"""


def undeclared(now: datetime) -> Iterator[Promise]:
    found = [*map(_said, check_every_column_is_declared()), *unknown_to_models()]
    yield Promise(
        key="records.columns",
        title=_title(),
        promised=_promised(),
        stated_by="",
        state=State.BROKEN if found else State.KEPT,
        evidence=_evidence(len(found)),
        measured={"undeclared": bool(found)},
        details=listed(*found[:MOST]),
        mend="data_map:index",
    )


def _said(message: object) -> str:
    return str(getattr(message, "msg", message))


def unknown_to_models() -> list[str]:
    """Tables and columns of the database that no installed model has, as "table.column"."""
    known: dict[str, set[str]] = {table: set() for table in _OWN}
    for model in apps.get_models(include_auto_created=True, include_swapped=True):
        columns = (field.column or "" for field in model._meta.local_concrete_fields)
        known.setdefault(model._meta.db_table, set()).update(columns)
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        rows = cursor.fetchall()
    return sorted(
        f"{table}.{column}" for table, column in rows if table not in _OWN and column not in known.get(table, set())
    )


@later
def _title() -> str:
    return _("Columns of the database")


@later
def _promised() -> str:
    return _("Whatever is stored is declared: what it is, why, and for how long")


@later
def _evidence(number: int) -> str:
    if not number:
        return _("Every table and column that there is, is declared.")
    return _("Not declared: %(number)s.") % {"number": counted(number)}
