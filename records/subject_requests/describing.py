"""What is declared of the data sets in a copy: what each is for, how long it is kept, what stands in its columns?

In plain JSON values, and as JSON Schema 2020-12 of the files.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Field
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from records import retention
from records.accounts import Own
from records.models import Recipient
from records.registry import Category, Datum, Holding, OnErase, Subject
from records.sealed import SealedBytesField

JSON = dict[str, Any]
_NAMES = {Category.NAME, Category.ACCOUNT}
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_BY_TYPE: dict[type, JSON] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    list: {"type": "array"},
    dict: {"type": "object"},
}
_BY_COLUMN: dict[str, JSON] = {
    "BooleanField": _BY_TYPE[bool],
    "DateField": {"type": "string", "format": "date"},
    "DateTimeField": _BY_TYPE[datetime],
    "FloatField": {"type": "number"},
    "JSONField": {},
    "UUIDField": {"type": "string", "format": "uuid"},
}


@dataclass(frozen=True)
class Column:
    """One thing that is told of each row, how it is read, and what is declared of it."""

    name: str
    title: str
    schema: JSON
    read: Callable[[Any], Any]
    datum: Datum | None = None
    choices: Mapping[Any, Any] | None = None


def columns(entry: Holding, own: Own) -> list[Column]:
    """What a copy tells of each row: the personal columns that are no secret, since when it is stored, and what the
    data set adds. Of people who work in the CMS only the person themselves is named: others are others' data."""
    names = [name for name, datum in entry.personal.items() if not datum.secret]
    names += [entry.written_in, *(keep.since for keep in entry.keeps.values())]
    names += entry.export.columns if entry.export else ()
    told = [_column(entry, name, own) for name in dict.fromkeys(names) if name and "__" not in name]
    more = entry.export.more.items() if entry.export else ()
    return told + [Column(name, str(each.title), _or_null(_BY_TYPE[each.kind]), each.read) for name, each in more]


def _column(entry: Holding, name: str, own: Own) -> Column:
    field: Any = entry.model._meta.get_field(name)
    datum = entry.personal.get(name)
    choices = dict(field.flatchoices) if field.choices else None
    names_staff = datum is not None and datum.category in _NAMES and entry.subjects == (Subject.STAFF,)
    only = own.names if names_staff and entry.label != settings.AUTH_USER_MODEL else None
    schema = _schema(field) if only is None else _or_null(_schema(field))
    return Column(name, str(field.verbose_name), schema, _reader(field, own, only=only), datum, choices)


def _reader(field: Any, own: Own, *, only: Collection[str] | None) -> Callable[[Any], Any]:
    """How the column is read; of names, where `only` lists the person's own, no others."""

    def read(row: Any) -> Any:
        if isinstance(field, SealedBytesField):
            return file_name(field, row)
        value = getattr(row, field.attname)
        if value is None or not field.is_relation:
            return value if only is None or value in only else None
        if field.related_model._meta.label == settings.AUTH_USER_MODEL:
            return getattr(row, field.name).get_username() if value in own.keys else None
        return str(value)

    return read


def file_name(field: SealedBytesField, row: Any) -> str:
    """Where in the copy the file lies that this row holds; its own name is the last part."""
    named = str(getattr(row, field.named)) if field.named else ""
    plain = re.sub(r"[^\w. -]", "_", named).strip(". ") or field.name
    return f"files/{row._meta.label}/{row.pk}-{plain}"


def _schema(field: "Field[Any, Any]") -> JSON:
    kind = field.get_internal_type()
    if field.is_relation:
        return _or_null(_BY_TYPE[str])
    is_number = kind.endswith(("IntegerField", "AutoField"))
    said = _BY_TYPE[int] if is_number else _BY_COLUMN.get(kind, _BY_TYPE[str])
    return _or_null(said) if field.null else said


def _or_null(said: JSON) -> JSON:
    return said | {"type": [said["type"], "null"]} if isinstance(said.get("type"), str) else said


def plain(value: Any) -> Any:
    """A value as JSON has it: instants in ISO 8601, bytes in hexadecimal."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, UUID | Decimal | Promise):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(each) for each in value]
    return value


@dataclass(frozen=True)
class Facts:
    """What holds at one instant for all data sets: periods in words by label, and companies by what they do."""

    periods: Mapping[str, list[str]]
    companies: Mapping[str, list[str]]

    def kept(self, entry: Holding) -> list[str]:
        """For how long, in words, by the policy version in force."""
        return self.periods.get(entry.label, []) + ([str(entry.until)] if entry.until else [])

    def receivers(self, entry: Holding) -> list[str]:
        """Who else receives it: the companies that do what the data map says, else what that is."""
        return [name for each in entry.receivers for name in self.companies.get(each.value, [str(each.label)])]


def facts(now: datetime) -> Facts:
    periods: dict[str, list[str]] = {}
    for rule in retention.rules(now):
        periods.setdefault(rule.entry.label, []).append(f"{rule.title}: {rule.words}")
    companies: dict[str, list[str]] = {}
    for each in Recipient.objects.exclude(role="").order_by("name"):
        companies.setdefault(each.role, []).append(f"{each.name}, {each.country}" if each.country else each.name)
    return Facts(periods, companies)


def head(entry: Holding, told: list[Column], known: Facts) -> JSON:
    """What a person is to know of a data set beside what is in it (GDPR Art. 15(1))."""
    return {
        "data_set": entry.label,
        "title": str(entry.title),
        "purposes": [_both(purpose) for purpose in entry.purposes],
        "basis": _both(entry.basis) if entry.basis else None,
        "kept": known.kept(entry),
        "on_erasure": str(entry.why_kept) if entry.on_erase == OnErase.KEEP else str(entry.on_erase.label),
        "receivers": known.receivers(entry),
        "columns": {each.name: _said(each) for each in told},
        "not_told": secrets(entry),
    }


def secrets(entry: Holding) -> list[str]:
    """What is stored beside what is told, and tells nothing without a key, or somebody else's."""
    return [_title(entry, name) for name, datum in entry.personal.items() if datum.secret]


def _title(entry: Holding, name: str) -> str:
    return f"{entry.model._meta.get_field(name).verbose_name} ({entry.personal[name].category.label})"  # type: ignore[union-attr]


def _both(term: Any) -> JSON:
    return {"term": str(term.value), "words": str(term.label)}


def _said(told: Column) -> JSON:
    if told.datum is None:
        return {"title": told.title}
    source, optional = _both(told.datum.source), told.datum.optional
    return {
        "title": told.title,
        "category": _both(told.datum.category),
        "source": source,
        "optional": optional,
        "public": told.datum.public,
    }


def schema(told: Mapping[str, list[Column]]) -> JSON:
    """JSON Schema of every file of a copy, by data set: a file is one of `$defs`."""
    files = [{"$ref": f"#/$defs/{label}"} for label in told]
    return {
        "$schema": DIALECT,
        "title": _("Copy of a person's data"),
        "$defs": {label: _of_file(label, each) for label, each in told.items()},
        **({"oneOf": files} if files else {}),
    }


def _of_file(label: str, told: list[Column]) -> JSON:
    words, text = {"type": "array", "items": _BY_TYPE[str]}, _BY_TYPE[str]
    both = {"type": "object", "required": ["term", "words"], "properties": {"term": text, "words": text}}
    head = {
        "title": text,
        "purposes": {"type": "array", "items": both},
        "basis": both,
        "kept": words,
        "on_erasure": text,
        "receivers": words,
        "columns": {"type": "object", "required": [each.name for each in told]},
        "not_told": words,
    }
    row = {
        "type": "object",
        "required": [each.name for each in told],
        "properties": {each.name: each.schema | {"title": each.title} for each in told},
        "additionalProperties": False,
    }
    properties = {"data_set": {"const": label}, **head, "rows": {"type": "array", "items": row}}
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}
