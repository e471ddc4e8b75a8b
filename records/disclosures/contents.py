"""Which data sets hold something about somebody, and what does a file of some of their columns look like?"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet

from records import people as persons
from records import retention
from records.disclosures.refusals import Sets, as_written
from records.registry import Category, Holding, declared, holdings
from records.sealed import SealedField

MEANS = "file download"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Wanted:
    """Some columns of some data sets, at an instant (UTC): of the people with these addresses; None: of everybody."""

    sets: Sets
    emails: Sequence[str] | None
    at: datetime

    def rows(self, label: str) -> QuerySet[Model]:
        """Those whose period is not over."""
        model = declared()[label].model
        if self.emails is None:
            return retention.unexpired(model._base_manager.all(), self.at).order_by("pk")
        return self._theirs.get(label, model._base_manager.none()).order_by("pk")

    @cached_property
    def _theirs(self) -> dict[str, QuerySet[Model]]:
        joined: dict[str, QuerySet[Model]] = {}
        for email in self.emails or ():
            for found in persons.find(at=self.at, email=email):
                earlier = joined.get(found.entry.label)
                joined[found.entry.label] = found.rows if earlier is None else earlier | found.rows
        return joined


@dataclass(frozen=True)
class Held:
    """A data set that holds something, the columns that may be handed out, and how many rows it is."""

    entry: Holding
    columns: list[str]
    rows: int


def held(emails: Sequence[str] | None, at: datetime) -> list[Held]:
    """Every data set that holds something about these people, or about anybody, at `at` (UTC)."""
    wanted = Wanted({}, emails, at)
    found = [Held(entry, _open_columns(entry), wanted.rows(entry.label).count()) for entry in holdings()]
    return [each for each in found if each.rows and each.columns]


def _open_columns(entry: Holding) -> list[str]:
    """What tells about the person, but for secrets."""
    return [name for name, datum in entry.personal.items() if not datum.secret]


def write(wanted: Wanted, file: IO[bytes], *, as_csv: bool = False) -> dict[str, int]:
    """Writes what is wanted, the same bytes for the same rows; returns rows by data set. CSV holds one data set."""
    counted: dict[str, int] = {}
    if as_csv:
        [(label, columns)] = as_written(wanted.sets).items()
        file.write(b"\xef\xbb\xbf" + line(columns))  # spreadsheets know UTF-8 by it
        for row in _values(label, columns, wanted):
            file.write(line(row.values()))
            counted[label] = counted.get(label, 0) + 1
        return counted
    file.write(b"{")
    for place, (label, columns) in enumerate(as_written(wanted.sets).items()):
        file.write(("," if place else "").encode() + b"\n" + json.dumps(label).encode() + b": [")
        counted[label] = _write_rows(label, columns, wanted, file)
        file.write(b"]")
    file.write(b"\n}\n")
    return counted


def _write_rows(label: str, columns: list[str], wanted: Wanted, file: IO[bytes]) -> int:
    count = 0
    for row in _values(label, columns, wanted):
        said = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        file.write((",\n  " if count else "\n  ").encode() + said.encode())
        count += 1
    return count


def _values(label: str, columns: list[str], wanted: Wanted) -> Iterator[dict[str, Any]]:
    for row in wanted.rows(label).iterator(chunk_size=2000):
        yield {name: _plain(getattr(row, row._meta.get_field(name).attname)) for name in columns}  # type: ignore[union-attr]


def _plain(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def people(wanted: Wanted) -> Iterator[str]:
    """Whose data that is, by their addresses."""
    if wanted.emails is not None:
        yield from (email for email in wanted.emails if _holds_something(wanted, email))
        return
    for label in as_written(wanted.sets):
        yield from _addresses(declared()[label], wanted.at)


def _holds_something(wanted: Wanted, email: str) -> bool:
    theirs = Wanted(wanted.sets, [email], wanted.at)
    return any(theirs.rows(label).exists() for label in as_written(wanted.sets))


def everybody(at: datetime) -> Iterator[str]:
    """The address of everybody of whom the site knows one, in every data set; some of them twice."""
    for entry in holdings():
        yield from _addresses(entry, at)


def _addresses(entry: Holding, at: datetime) -> Iterator[str]:
    for name, datum in entry.personal.items():
        field: Any = entry.model._meta.get_field(name)
        told = isinstance(field, SealedField) or field.get_internal_type() in {"CharField", "EmailField"}
        if datum.category == Category.EMAIL and told and not datum.secret:
            rows = Wanted({}, None, at).rows(entry.label).only("pk", name, *_key(field))
            yield from (said for row in rows.iterator(chunk_size=2000) if "@" in (said := str(getattr(row, name))))


def _key(field: Any) -> list[str]:
    return ["subject_key"] if isinstance(field, SealedField) else []


def line(cells: Iterable[Any]) -> bytes:
    """One line of CSV (RFC 4180)."""
    written = io.StringIO()
    csv.writer(written).writerow([safe(cell) for cell in cells])
    return written.getvalue().encode()


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula. Numbers stay numbers."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, dict | list):
        value = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text
