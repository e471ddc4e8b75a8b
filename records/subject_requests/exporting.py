"""How does a person get a copy of everything that is stored about them: files for programs, and a page to read?"""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import translation

from records import accounts, people
from records.accounts import Own
from records.models import SubjectKey
from records.people import Found
from records.sealed import SealedBytesField
from records.subject_requests import describing, readable
from records.subject_requests.describing import Column, Facts
from records.subject_requests.plan import is_sealed

AT_ONCE = 500  # rows in memory
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Copy:
    """What was written: SHA-256 and bytes of the zip, and rows by data set."""

    sha256: str
    size: int
    rows: dict[str, int]
    made_at: datetime


def write(file: IO[bytes], *, email: str, now: datetime, locale: str = "") -> Copy:
    """Writes a zip into `file`, which can be read and moved in: a file of JSON for each data set, `schema.json` that
    says what is in them, and `index.html` for people, in the language `locale`, else in the one that is active.

    All of it is as it was at one moment. Raises ValueError for an empty address.
    """
    with translation.override(locale or translation.get_language()), _one_moment(), TemporaryFile("w+b") as tables:
        own = accounts.own(email)
        found = people.find(at=now, email=email, subject=people.subject_of(email).hex())
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            writer = _Writer(archive, tables, describing.facts(now), now)
            rows = {each.entry.label: writer.add(each, own) for each in found}
            writer.finish(email)
    return Copy(*_measured(file), rows={label: count for label, count in rows.items() if count}, made_at=now)


@contextmanager
def _one_moment() -> Iterator[None]:
    """What comes in while the copy is written is in all of it, or in none."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class _Writer:
    """The files of one copy, one after the other: a zip has one open at a time, so the tables of the page wait in a
    temporary file."""

    def __init__(self, archive: zipfile.ZipFile, tables: IO[bytes], known: Facts, now: datetime) -> None:
        self.archive, self.tables, self.known, self.now = archive, tables, known, now
        self.told: dict[str, list[Column]] = {}
        self.chapters: list[readable.Chapter] = []
        self.keys: dict[Any, SubjectKey | None] = {}

    def add(self, found: Found, own: Own) -> int:
        """Writes one data set, where there is anything in it; returns how many rows."""
        entry = found.entry
        told = describing.columns(entry, own)
        rows = self._rows(found)
        first = next(rows, None)
        chapter = readable.Chapter(entry.label, describing.head(entry, told, self.known))
        self.chapters.append(chapter)
        if first is None:
            return 0
        self.told[entry.label] = told
        readable.open_table(self.tables, chapter, told)
        with self._open(f"data/{entry.label}.json") as out:
            out.write(_text(chapter.head)[:-1] + b',"rows":[\n')
            for row in _and(first, rows):
                said = {each.name: describing.plain(each.read(row)) for each in told}
                out.write((b",\n" if chapter.rows else b"") + _text(said))
                readable.row(self.tables, told, said)
                chapter.rows += 1
            out.write(b"\n]}\n")
        readable.close_table(self.tables)
        self._files(found)
        return chapter.rows

    def _files(self, found: Found) -> None:
        """Each as it was sent, beside the tables that name them."""
        fields = [each for each in found.entry.model._meta.concrete_fields if isinstance(each, SealedBytesField)]
        for row in self._rows(found) if fields else []:
            for field in fields:
                with self._open(describing.file_name(field, row)) as out:
                    out.write(getattr(row, field.attname))

    def _rows(self, found: Found) -> Iterator[Any]:
        """With what the copy tells beside, in the same query."""
        entry = found.entry
        rows = found.rows.order_by(*filter(None, [entry.written_in]), "pk")
        if entry.export and entry.export.related:
            rows = rows.select_related(*entry.export.related)
        return map(self._with_key, _stored(rows)) if is_sealed(entry) else _stored(rows)

    def _with_key(self, row: Any) -> Any:
        """Looked up once: a person has one. Joined in the query, a key that is gone would take its row along."""
        if row.subject_key_id not in self.keys:
            self.keys[row.subject_key_id] = SubjectKey.objects.filter(pk=row.subject_key_id).first()
        type(row)._meta.get_field("subject_key").set_cached_value(row, self.keys[row.subject_key_id])
        return row

    def finish(self, email: str) -> None:
        with self._open("schema.json") as out:
            out.write(_text(describing.schema(self.told)))
        with self._open("index.html") as out:
            readable.page(out, self.tables, self.chapters, email=email, now=self.now)

    def _open(self, name: str) -> IO[bytes]:
        info = zipfile.ZipInfo(name, self.now.timetuple()[:6])
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        return self.archive.open(info, "w")


def _stored(rows: QuerySet[Model]) -> Iterator[Any]:
    """A few at once; of many, as many as may be in memory."""
    few = list(rows[: AT_ONCE + 1])
    return iter(few if len(few) <= AT_ONCE else rows.iterator(chunk_size=AT_ONCE))


def _and(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def _text(value: Any) -> bytes:
    return _JSON.encode(value).encode()


def _measured(file: IO[bytes]) -> tuple[str, int]:
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(1 << 16):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size
