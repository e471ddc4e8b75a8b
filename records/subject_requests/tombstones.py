"""Who was erased, by the hash of their address, and what came back with a backup?

A database that is restored knows only its own past: a tombstone is appended to ERASURES_FILE as well, which no restore
of the database touches.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db.models import QuerySet

from records.models import Erasure


class NotWritten(RuntimeError):
    """ERASURES_FILE cannot be written."""


class Unreadable(ValueError):
    """A line of such a file says nothing that can be read."""


@dataclass(frozen=True)
class Tombstone:
    """Whoever has this blind index was erased at that instant (UTC)."""

    subject: bytes
    erased_at: datetime


def unfinished(subject: bytes | None = None) -> QuerySet[Erasure]:
    """Erasures that were interrupted, the oldest first."""
    rows = Erasure.objects.filter(receipt__has_key="left").order_by("pk")
    return rows if subject is None else rows.filter(subject=subject)


def with_plan(subject: bytes, plan_sha256: str) -> Erasure | None:
    """The finished erasure that began with this plan."""
    rows = Erasure.objects.filter(subject=subject, receipt__plan_sha256=plan_sha256)
    return rows.exclude(receipt__has_key="left").order_by("-pk").first()


def write_outside(subject: bytes, at: datetime) -> None:
    """Appends one line of JSON to ERASURES_FILE, where it is set, and waits for the disk. Raises NotWritten."""
    if not settings.ERASURES_FILE:
        return
    line = json.dumps({"subject": subject.hex(), "erased_at": at.isoformat()}).encode() + b"\n"
    try:
        with open(settings.ERASURES_FILE, "a+b", opener=_private) as out:
            fcntl.flock(out, fcntl.LOCK_EX)  # until it is closed
            out.write(line if _is_whole(out) else b"\n" + line)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        raise NotWritten(f"ERASURES_FILE={settings.ERASURES_FILE} cannot be written: {error.strerror}.") from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _is_whole(out: IO[bytes]) -> bool:
    """Does the file end with a line's end? A writer that was killed may have left half a line."""
    if not out.seek(0, os.SEEK_END):
        return True
    out.seek(-1, os.SEEK_END)
    return out.read(1) == b"\n"


def known(files: Iterable[str] = ()) -> list[Tombstone]:
    """The newest tombstone of each person, of the database and of these files, the oldest first. Raises OSError;
    Unreadable for a line that is neither whole nor the last."""
    newest: dict[bytes, datetime] = {bytes(row.subject): row.erased_at for row in Erasure.objects.order_by("erased_at")}
    for path in files:
        for stone in read(path):
            newest[stone.subject] = max(stone.erased_at, newest.get(stone.subject, stone.erased_at))
    return sorted((Tombstone(*each) for each in newest.items()), key=lambda stone: stone.erased_at)


def read(path: str) -> Iterator[Tombstone]:
    """What a file tells. Lines that a killed writer left half are passed over."""
    for number, line in enumerate(Path(path).read_bytes().split(b"\n"), 1):
        if line.strip():
            try:
                yield _read(line)
            except (ValueError, KeyError, TypeError) as error:
                if line.startswith(b'{"subject"') and not line.endswith(b"}"):
                    continue
                raise Unreadable(f"{path}, line {number}, is no tombstone.") from error


def _read(line: bytes) -> Tombstone:
    said = json.loads(line)
    at = datetime.fromisoformat(said["erased_at"])
    if at.tzinfo is None:
        raise ValueError("an instant without a zone")
    return Tombstone(bytes.fromhex(said["subject"]), at)
