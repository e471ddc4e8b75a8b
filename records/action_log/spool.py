"""Where do entries go while Valkey is away or full? To files on this machine's disk, which a worker takes over."""

import fcntl
import logging
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)


class Kind(StrEnum):
    EVENTS = "events"
    AGAIN = "again"  # entries that Valkey may have too: they are written where they are missing
    LOST = "lost"  # one byte for each entry that found no room


def put(raws: Iterable[bytes], *, kind: Kind = Kind.EVENTS) -> None:
    """Appends entries, one line each. What finds no room is counted in a file, and on a full disk in the log."""
    lines = b"".join(raw + b"\n" for raw in raws)
    count = lines.count(b"\n")
    try:
        if _append(kind, lines, most=settings.ACTION_SPOOL_MOST):
            return
        logger.error("the action log has no room left: %s entries are lost and counted", count)
        _append(Kind.LOST, b"." * count)
    except OSError as error:
        logger.error("the action log cannot be written (%s): %s entries are lost", error.strerror, count)


def _append(kind: Kind, data: bytes, *, most: int | None = None) -> bool:
    """False where the file would grow beyond `most` bytes."""
    path = _folder() / kind.value
    with _opened(path) as file:
        if most is not None and os.fstat(file).st_size + len(data) > most:
            return False
        start = os.fstat(file).st_size
        if os.write(file, data) < len(data):  # the disk is full: half a line would spoil the next one
            os.ftruncate(file, start)
            raise OSError(28, "No space left on device")
    return True


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """The file of that name, whose turn this is. A worker that takes the file renames it first: whoever opened it
    before then, and waited, opens it again."""
    while True:
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is_still(path, file):
                yield file
                return
        finally:
            os.close(file)


def _is_still(path: Path, file: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(file))
    except FileNotFoundError:
        return False


def _folder() -> Path:
    folder: Path = settings.ACTION_SPOOL
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def take(*kinds: Kind) -> list[Path]:
    """Files of these kinds that nobody writes to any more, each with a name of its own; those that an earlier worker
    took and did not finish come first."""
    left = [path for kind in kinds for path in _taken(kind)]
    return left + [path for kind in kinds if (path := _take(kind))]


def _taken(kind: Kind) -> list[Path]:
    return sorted(_folder().glob(f"*.{kind}"))


def _take(kind: Kind) -> Path | None:
    path = _folder() / kind.value
    mine = path.with_name(f"{uuid.uuid4().hex}.{kind}")
    try:
        path.rename(mine)
    except FileNotFoundError:
        return None
    with mine.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # whoever is in the middle of a line ends it
    return mine


def lines(path: Path, *, start: int, most: int) -> tuple[list[bytes], int]:
    """Up to `most` whole lines from byte `start` on, and the byte after them. A last line without its end, which a
    machine that went down left, counts as one: it is no entry."""
    found: list[bytes] = []
    with path.open("rb") as file:
        file.seek(start)
        for line in file:
            found.append(line.removesuffix(b"\n"))
            if len(found) == most:
                break
        # Iterating reads ahead: where the next line begins is the sum of what was yielded.
        return found, min(start + sum(len(line) + 1 for line in found), path.stat().st_size)


def waiting() -> int:
    """Bytes in files that no worker has written yet."""
    return sum(path.stat().st_size for path in _folder().iterdir() if path.is_file())
