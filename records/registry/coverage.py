"""Is every column of every installed model declared? The system check, and the lines to paste when one is not."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model

from records.registry.declarations import Holding, declared


def installed_models() -> list[type[Model]]:
    """Every model with a table of its own, those of many-to-many relations included."""
    models = apps.get_models(include_auto_created=True)
    return [model for model in models if model._meta.managed and not model._meta.proxy]


def columns_of(model: type[Model]) -> list[str]:
    return [field.name for field in model._meta.local_concrete_fields]


def check_every_column_is_declared(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E001 undeclared model, E002 undeclared column, E003 declared but gone, E004 a `since` that is no column."""
    entries = declared()
    models = {model._meta.label: model for model in installed_models()}
    errors: list[CheckMessage] = []
    for label, model in models.items():
        errors += _check_model(model, entries.get(label))
    for label in entries.keys() - models.keys():
        errors.append(_error("E003", f"{label} is declared but not installed.", "Delete its declaration.", None))
    return errors


def _check_model(model: type[Model], entry: Holding | None) -> Iterator[CheckMessage]:
    columns = columns_of(model)
    if entry is None:
        yield _error("E001", f"{model._meta.label} is not declared.", _paste_model(model, columns), model)
        return
    missing = [name for name in columns if name not in entry.columns]
    if missing:
        yield _error("E002", f"Undeclared: {_names(missing)} of {entry.label}.", _paste_columns(missing), model)
    gone = sorted(entry.columns - set(columns))
    if gone:
        yield _error("E003", f"Declared but gone: {_names(gone)} of {entry.label}.", "Delete them there.", model)
    for key, keep in entry.keeps.items():
        if not _has_column(model, keep.since):
            yield _error("E004", f"{key}: keep.since={keep.since!r} is no column.", "Name one.", model)


def _has_column(model: type[Model], path: str) -> bool:
    """Its own column, or "relation__column" of a row that hangs on it."""
    name, _, further = path.partition("__")
    try:
        found: Any = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return (
        _has_column(found.related_model, further) if further and found.is_relation else found.concrete and not further
    )


def _error(number: str, message: str, hint: str, model: type[Model] | None) -> Error:
    return Error(message, hint=hint, obj=model, id=f"records.{number}")


def _names(columns: Iterable[str]) -> str:
    return ", ".join(columns)


def _paste_model(model: type[Model], columns: list[str]) -> str:
    quoted = ", ".join(f'"{name}"' for name in columns)
    return (
        f"Add to {model._meta.app_label}/data_map.py (to records/data_map.py for a package's model), where no column "
        f'tells anything about a person:\n\n    nothing_personal("{model._meta.label}", {quoted})\n\n'
        "and where one does, register() it as the neighbours are."
    )


def _paste_columns(columns: list[str]) -> str:
    lines = "\n".join(f'    "{name}": Datum(Category.…),' for name in columns)
    return f"Add to `personal`:\n\n{lines}\n\nor to `other`: {', '.join(repr(name) for name in columns)}"
