"""Is an archive whole, and does it fit here? Only then is anything written, and all of it or nothing."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from records.site_transfer import secrets, tables
from records.site_transfer.packing import FORM, stored
from records.site_transfer.tables import PEOPLE, Counted
from records.site_transfer.vessel import Opened, Unreadable

_BLOCK = 1 << 20  # bytes
# A database that was only migrated has rows of Django's and Wagtail's own, and roles.
MIGRATED = frozenset(
    {
        *("auth_group", "auth_group_permissions", "auth_permission", "django_content_type"),
        *("wagtailcore_collection", "wagtailcore_groupcollectionpermission", "wagtailcore_grouppagepermission"),
        *("wagtailcore_groupapprovaltask", "wagtailcore_groupapprovaltask_groups", "wagtailcore_locale"),
        *("wagtailcore_page", "wagtailcore_referenceindex", "wagtailcore_site", "wagtailcore_task"),
        *(
            "wagtailcore_workflow",
            "wagtailcore_workflowpage",
            "wagtailcore_workflowtask",
            "wagtailsearch_indexentry",
            "modelsearch_indexentry",
        ),
    }
)
_WELCOME = 2  # pages that Wagtail brings: the root, and one that says hello


class Unfit(Exception):
    """The archive is whole and this site cannot take it. The message says why; nothing was written."""


class Archive:
    """An opened archive: its manifest, and its parts."""

    def __init__(self, opened: Opened, archive: ZipFile) -> None:
        self.keys, self._archive = opened.keys, archive
        self.manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))

    def blocks(self, name: str) -> Iterator[bytes]:
        with self._archive.open(name) as part:
            while block := part.read(_BLOCK):
                yield block

    def lines(self, name: str) -> Iterator[bytes]:
        with self._archive.open(name) as part:
            yield from part

    def settings(self) -> dict[str, Any]:
        return dict(json.loads(self._archive.read("keys.json")))

    def parts(self) -> dict[str, dict[str, Any]]:
        found = {f"tables/{name}.copy": part for name, part in self.manifest["tables"].items()}
        found |= {f"media/{name}": part for name, part in self.manifest["media"].items()}
        return found | {"keys.json": self.manifest["keys"]}

    def check(self) -> None:
        """Is each part there, and as it is listed? Raises Unreadable."""
        if self.manifest["form"] != FORM:
            raise Unreadable(_("This archive was made by a later version of the site's software."))
        listed = self.parts()
        if {*self._archive.namelist()} != {*listed, "manifest.json"}:
            raise Unreadable(_("The archive does not hold what its list says."))
        for name, part in listed.items():
            counted = Counted()
            for block in self.blocks(name):
                counted.take(block)
            if asdict(counted.part) != {key: part[key] for key in ("sha256", "size", "rows")}:
                raise Unreadable(_("%(name)s is not as the archive's list says.") % {"name": name})


@contextmanager
def opened(file: IO[bytes], *, passphrase: str) -> Iterator[Archive]:
    """The archive, once all of it was read and found whole. Raises Unreadable."""
    sealed = Opened(file, passphrase)
    sealed.check()
    try:
        with ZipFile(io.BufferedReader(sealed, _BLOCK)) as archive:
            found = Archive(sealed, archive)
            found.check()
            yield found
    except (BadZipFile, KeyError, json.JSONDecodeError) as error:
        raise Unreadable(_("The archive does not hold what its list says.")) from error


def restore(archive: Archive) -> None:
    """Makes this site the archived one: every row, every sequence, every upload. Raises Unfit; then nothing is written.
    The database is migrated, and else as new."""
    if names := secrets.missing(archive.settings()):
        raise Unfit(secrets.advice(names))
    with connection.cursor() as cursor:
        _check_fit(cursor, archive.manifest)
        with transaction.atomic():
            tables.plainly(cursor)
            _load(cursor, archive)
            _compare(cursor, archive)
            _store(archive)


def _check_fit(cursor: Any, manifest: dict[str, Any]) -> None:
    there, here = ({tuple(each) for each in found} for found in (manifest["migrations"], tables.migrations(cursor)))
    if there != here:
        app, name = min(there ^ here)
        sentence = _(
            "The archive and this site are not of one version: %(migration)s is in one of them alone. Install the "
            "version that made the archive, restore, and then bring the site up to date."
        )
        raise Unfit(sentence % {"migration": f"{app}.{name}"})
    if missing := sorted(manifest["tables"].keys() ^ {*tables.names(connection)}):
        raise Unfit(_("Tables are in one of the two alone: %(names)s.") % {"names": ", ".join(missing)})
    used = sorted(set(tables.filled(cursor)) - MIGRATED)
    cursor.execute("SELECT count(*) FROM wagtailcore_page")
    if used or cursor.fetchone()[0] > _WELCOME:
        sentence = _("This site is in use already (%(names)s). An archive is restored into a new, migrated database.")
        raise Unfit(sentence % {"names": ", ".join(used[:5]) or "wagtailcore_page"})
    if taken := sorted(manifest["media"].keys() & {*stored("")}):
        raise Unfit(_("Uploads of that name are there already, such as %(name)s.") % {"name": taken[0]})


def _load(cursor: Any, archive: Archive) -> None:
    """Append-only tables and chains refuse rows that come late: their rules rest until all is in its place."""
    listed = archive.manifest["tables"]
    _rules(cursor, listed, "DISABLE")
    tables.make_partitions(cursor, archive.manifest["partitions"])
    for name in sorted(MIGRATED & listed.keys()):
        cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
    for name, part in listed.items():
        tables.write(cursor, name, part["columns"], _lines(archive, name, part["columns"]))
    tables.set_sequences(cursor, archive.manifest["sequences"])
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _rules(cursor, listed, "ENABLE")


def _rules(cursor: Any, names: Any, act: str) -> None:
    for name in names:
        cursor.execute(sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(name), sql.SQL(act)))


def _lines(archive: Archive, name: str, columns: list[str]) -> Iterator[bytes]:
    if name != PEOPLE:
        yield from archive.blocks(f"tables/{name}.copy")
        return
    rewrite = secrets.arriving(columns, archive.keys.people)
    for line in archive.lines(f"tables/{name}.copy"):
        yield b"\t".join(rewrite(line.rstrip(b"\n").split(b"\t"))) + b"\n"


def _compare(cursor: Any, archive: Archive) -> None:
    """Reads every table back. Raises Unfit where one is not what it was."""
    for name, part in archive.manifest["tables"].items():
        counted = Counted()
        rewrite = secrets.leaving(part["columns"], archive.keys.people) if name == PEOPLE else None
        for block in tables.read(cursor, name, named=part["columns"], rewrite=rewrite):
            counted.take(block)
        if counted.part.sha256 != part["sha256"]:
            raise Unfit(_("The table %(name)s is not what it was, so nothing was restored.") % {"name": name})


def _store(archive: Archive) -> None:
    """Writes the uploads; takes back what it wrote where one cannot be."""
    written: list[str] = []
    try:
        for name in archive.manifest["media"]:
            with archive._archive.open(f"media/{name}") as part:
                written.append(default_storage.save(name, File(part)))
            if written[-1] != name:
                raise Unfit(_("The upload %(name)s cannot keep its name here.") % {"name": name})
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise
