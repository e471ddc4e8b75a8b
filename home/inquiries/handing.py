"""Which inquiries may be handed out, to whom, on which ground? And the file that says so much and no more."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from home.inquiries.telling import lines
from home.models import Inquiry
from records import disclosures
from records.disclosures import contents, register
from records.models import Disclosure, Recipient
from records.sealed import Erased

_AT_ONCE = 500  # rows in memory
COLUMNS = {
    "received_at": gettext_lazy("received at"),
    "state": gettext_lazy("state"),
    "page": gettext_lazy("form"),
    "locale": gettext_lazy("language"),
    "name": gettext_lazy("name"),
    "email": gettext_lazy("e-mail"),
    "phone": gettext_lazy("telephone"),
    "message": gettext_lazy("message"),
    "answers": gettext_lazy("what else was asked"),
}
_ASIDE = {"name", "email", "phone", "message"}


class Nothing(Exception):
    """No inquiry would be in the file."""


@dataclass(frozen=True)
class Asked:
    """What somebody wants handed out, and to whom. No recipient: for the owner's own use."""

    rows: QuerySet[Inquiry]
    why: str
    columns: Sequence[str] = ("received_at", "message")
    recipient: Recipient | None = None
    ground: str = ""


@dataclass
class Handed:
    """A file at its start, gone once it is closed. `disclosure` is None for the owner's own use."""

    sha256: str = ""
    disclosure: Disclosure | None = None
    file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    keys: list[int] = field(default_factory=list)  # of the inquiries in it, in the file's order


def hand_out(asked: Asked, *, by: Any, at: datetime) -> Handed:
    """Inquiries as CSV, written one line after the other whatever their number; those of people who were erased are
    left out. For a recipient it goes through the register of disclosures, asked for by the account `by`; the owner's
    own use is no disclosure. Raises disclosures.Refused, and Nothing."""
    handed = Handed()
    try:
        with tempfile.TemporaryFile() as named:
            if asked.recipient is None:
                _write(asked, handed.file, handed, named)
                handed.sha256 = register.measured(handed.file).sha256
            else:
                _disclose(asked, asked.recipient, handed, named, by, at)
    except BaseException:
        handed.file.close()
        raise
    return handed


def _disclose(asked: Asked, recipient: Recipient, handed: Handed, named: IO[bytes], by: Any, at: datetime) -> None:
    row = disclosures.disclose(
        recipient=recipient,
        ground=asked.ground,
        sets={Inquiry._meta.label: [name for name in COLUMNS if name in asked.columns]},
        people=_named(named),
        means=contents.MEANS,
        content=lambda file: _write(asked, file, handed, named),
        asked_by=by,
        reference=asked.why,
        now=at,
    )
    handed.file.close()
    handed.disclosure, handed.file, handed.sha256 = row, row.file, row.sha256_sent


def _named(addresses: IO[bytes]) -> Iterator[str]:
    """Whom the file names, once it is written: kept on the disk, for there may be many."""
    addresses.seek(0)
    yield from (line.decode().rstrip("\n") for line in addresses)


def _write(asked: Asked, file: IO[bytes], handed: Handed, named: IO[bytes]) -> None:
    columns = [name for name in COLUMNS if name in asked.columns]
    file.write(b"\xef\xbb\xbf" + contents.line(["inquiry", *columns]))  # spreadsheets know UTF-8 by it
    rows = asked.rows.select_related("subject_key", "page").order_by("pk")
    for row in rows.iterator(chunk_size=_AT_ONCE):
        if isinstance(row.email, Erased) or isinstance(row.message, Erased):
            continue
        handed.keys.append(row.pk)
        if row.email:
            named.write(row.email.encode() + b"\n")
        file.write(contents.line([row.pk, *(_cell(row, name) for name in columns)]))
    if not handed.keys:
        raise Nothing


def _cell(row: Inquiry, name: str) -> str:
    """One value; `contents.line` sees to it that no spreadsheet takes it for a formula."""
    if name == "page":
        return row.page.title if row.page else ""
    if name == "received_at":
        return row.received_at.astimezone(UTC).isoformat(timespec="seconds")
    if name == "answers":
        return "\n".join(f"{line.label}: {line.said}" for line in lines(row) if line.kind not in _ASIDE)
    return str(getattr(row, name))
