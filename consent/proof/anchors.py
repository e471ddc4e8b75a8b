"""Where are seals written down outside the database, and what was written there?

A place is a function named in CONSENT_ANCHORS: it takes the seals that are new to it and returns those it wrote down.
"""

import fcntl
import json
import logging
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from consent.models import Anchor, Seal
from consent.proof import headers

logger = logging.getLogger(__name__)
Place = Callable[[Sequence[Seal], datetime], Sequence[Seal]]
MOST = 1000  # seals a place is given at a time
EVERY = timedelta(days=1)  # between two mails
_LOCK = (0x436F6E73, 0x416E6368)  # "Cons", "Anch": among the advisory locks of this database
# As in the mail: short enough for one line of it.
_MAILED = re.compile(r"\bseal (\d+)\s+([0-9a-f]{64})\b")


@dataclass(frozen=True)
class Anchored:
    """A seal as it was written down: SHA-256 of its line covers it and, through `previous`, all before it."""

    number: int
    digest: str


def anchor(*, now: datetime) -> int:
    """Writes the newest seals down in every place; returns how many. A place that fails is logged, and stops nobody."""
    return sum(_anchor_in(path, now) for path in settings.CONSENT_ANCHORS)


def _anchor_in(path: str, now: datetime) -> int:
    place: Place = import_string(path)
    name = path.rpartition(".")[2]
    try:
        with transaction.atomic():
            return _write_new(place, name, now) if _alone() else 0
    except Exception as error:  # noqa: BLE001 - a seal stands without it
        logger.error("seals could not be anchored by %s: %s: %s", path, type(error).__name__, error)
        return 0


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", _LOCK)
        return bool(cursor.fetchone()[0])


def _write_new(place: Place, name: str, now: datetime) -> int:
    newest = Anchor.objects.filter(place=name).order_by("-seal").values_list("seal", flat=True).first()
    new = list(Seal.objects.filter(number__gt=newest or 0).order_by("number")[:MOST])
    written = place(new, now) if new else []
    rows = [Anchor(seal=seal, place=name, anchored_at=now) for seal in written]
    return len(Anchor.objects.bulk_create(rows))


def file(seals: Sequence[Seal], now: datetime) -> Sequence[Seal]:
    """Appends one line of JSON a seal to CONSENT_ANCHOR_FILE: nothing in it is ever rewritten. Raises OSError."""
    with Path(settings.CONSENT_ANCHOR_FILE).open("a+b") as out:
        fcntl.flock(out, fcntl.LOCK_EX)  # until it is closed
        end = _end(out)
        known = max((anchored.number for anchored in _read(end.decode(errors="replace").splitlines())), default=0)
        lines = [headers.line(headers.of(seal)) + b"\n" for seal in seals if seal.number > known]
        out.write(b"".join([b"\n" if end and not end.endswith(b"\n") else b"", *lines]))
        out.flush()
        os.fsync(out.fileno())
    return seals


def _end(file: BinaryIO) -> bytes:
    """Its last lines, the last of which a writer that was killed may have left half."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - 8192, 0))
    return file.read()


def mail(seals: Sequence[Seal], now: datetime) -> Sequence[Seal]:
    """Sends the newest to CONSENT_ANCHOR_EMAIL, at most once a day: it covers all before it. Raises as Django does."""
    last = Anchor.objects.filter(place="mail").order_by("-anchored_at").first()
    if last and now - last.anchored_at < EVERY:
        return []
    newest = Seal.objects.latest("number")  # more may be new than a place is given
    subject = _("The ledger of consent of %(site)s, seal %(number)d")
    told = {"site": settings.SITE_URL, "number": newest.number}
    body = f"{_why()}\n\nseal {newest.number} {headers.digest(headers.of(newest))}\n"
    EmailMessage(subject % told, body, to=settings.CONSENT_ANCHOR_EMAIL).send()
    return [newest]


def _why() -> str:
    return _(
        "Keep this mail. Its last line stands for every decision recorded so far: if one is altered or removed later, "
        "even by somebody who holds the database and the keys, the ledger will not match it any more.\n\n"
        "To compare, save this mail to a file and run: manage.py verify_proof --against FILE"
    )


def read(path: str) -> list[Anchored]:
    """The seals that a file tells of: that of CONSENT_ANCHOR_FILE, a copy of it, saved mails. Raises OSError."""
    with Path(path).open(encoding="utf-8", errors="replace") as lines:
        return list(_read(lines))


def _read(lines: Iterable[str]) -> Iterator[Anchored]:
    for line in lines:
        plain = line.strip("> \t\r\n")  # as mail programs quote
        if plain.startswith("{"):
            yield from _of_json(plain)
        for number, digest in _MAILED.findall(plain):
            yield Anchored(int(number), digest)


def _of_json(line: str) -> Iterator[Anchored]:
    """A line that was cut short tells nothing."""
    try:
        header = json.loads(line)
    except ValueError:
        return
    if header.keys() == headers.NAMES and isinstance(header["number"], int):
        yield Anchored(header["number"], headers.digest(header))
