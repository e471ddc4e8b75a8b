"""What goes into the archive of a whole site? Every table of one moment, every upload, the keys, and a list of it all.

Inside its seal it is an ordinary ZIP: tables/<name>.copy, media/<path>, keys.json, manifest.json.
"""

import json
import platform
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import django
import wagtail
from django.core.files.storage import default_storage
from django.db import connection

from records.site_transfer import secrets, tables
from records.site_transfer.tables import PEOPLE, Counted, Part
from records.site_transfer.vessel import Sealing

FORM = 1
_BLOCK = 1 << 20  # bytes
_EFFORT = 6  # of 9, for compression


def pack(file: IO[bytes], *, passphrase: str, about: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Writes the archive into `file`; returns its manifest. `about` says for whom and why. Memory stays flat."""
    with (
        Sealing(file, passphrase) as sealed,
        ZipFile(sealed, "w", ZIP_DEFLATED, compresslevel=_EFFORT) as archive,
        _one_moment() as cursor,
    ):
        manifest: dict[str, Any] = {
            "form": FORM,
            "made_at": now.isoformat(),
            **about,
            "versions": _versions(cursor),
            "migrations": tables.migrations(cursor),
            "partitions": tables.partitions(cursor),
            "tables": {name: _table(archive, cursor, name, sealed.keys.people) for name in tables.names(connection)},
            "sequences": tables.sequences(cursor),
            "media": {name: asdict(part) for name, part in _media(archive)},
        }
        manifest["keys"] = asdict(_text(archive, "keys.json", secrets.carried()))
        _text(archive, "manifest.json", manifest)
    return manifest


@contextmanager
def _one_moment() -> Iterator[Any]:
    """A connection of its own that sees one moment of the database, however long the reading takes."""
    reading = connection.copy()
    try:
        with reading.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            tables.plainly(cursor)
            yield cursor
            cursor.execute("COMMIT")
    finally:
        reading.close()


def _table(archive: ZipFile, cursor: Any, name: str, key: bytes) -> dict[str, Any]:
    named = [column for column, _text, _place in tables.columns(cursor, name)]
    rewrite = secrets.leaving(named, key) if name == PEOPLE else None
    return {
        "columns": named,
        **asdict(_part(archive, f"tables/{name}.copy", tables.read(cursor, name, named=named, rewrite=rewrite))),
    }


def _part(archive: ZipFile, name: str, blocks: Iterable[bytes | memoryview]) -> Part:
    counted, entry = Counted(), ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    with archive.open(entry, "w", force_zip64=True) as part:
        for block in blocks:
            counted.take(block)
            part.write(block)
    return counted.part


def _text(archive: ZipFile, name: str, value: Any) -> Part:
    return _part(archive, name, [json.dumps(value, ensure_ascii=False, indent=1).encode()])


def _media(archive: ZipFile) -> Iterator[tuple[str, Part]]:
    for name in stored(""):
        try:
            file = default_storage.open(name)
        except FileNotFoundError:  # deleted since it was listed
            continue
        with file:
            yield name, _part(archive, f"media/{name}", file.chunks(_BLOCK))


def stored(folder: str) -> Iterator[str]:
    """The path of every upload."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # no upload yet
        return
    below = f"{folder}/" if folder else ""
    yield from (f"{below}{name}" for name in sorted(files))
    for name in sorted(folders):
        yield from stored(f"{below}{name}")


def _versions(cursor: Any) -> dict[str, str]:
    cursor.execute("SHOW server_version")
    return {
        "python": platform.python_version(),
        "django": django.get_version(),
        "wagtail": wagtail.__version__,
        "postgresql": cursor.fetchone()[0],
    }
