"""What is in the file: which letters, which delimiter, which columns, which lines?"""

import codecs
import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mailing.models import Field

MOST_BYTES = 10 * 1024 * 1024
MOST_LINES = 100_000
REQUIRED = ("email", "consent_source", "consent_at")
OPTIONAL = ("consent_text", "name", "locale", "time_zone")
DELIMITERS = (",", ";", "\t")
_NAME = re.compile(r"[^\W\d_][\w .()/-]{0,39}")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Unreadable(ValueError):
    """Nothing of the file can be imported; the message says why, and what to do."""


@dataclass(frozen=True)
class Table:
    """A file whose columns are known. Reading its lines raises Unreadable where they are no table."""

    text: str
    delimiter: str
    header: list[str]
    skip: int  # lines before the header

    def unknown(self, known: Collection[str]) -> list[str]:
        """Columns that are neither ours nor a declared field's, by the name they have in the file. What does not look
        like a name may be somebody's data: that column is known by its number."""
        return [
            name if _NAME.fullmatch(name) else _("column %(number)d") % {"number": number}
            for number, name in enumerate(self.header, 1)
            if name not in known
        ]

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """Each line that is not empty, with its number in the file."""
        reader = csv.reader(_from(self.text, self.skip), delimiter=self.delimiter, strict=True)
        number, count = 1, 0
        try:
            for cells in reader:
                if number > 1 and any(cell.strip() for cell in cells):
                    count += 1
                    yield number + self.skip, cells
                if count > MOST_LINES:
                    raise Unreadable(_("The file has more than %(most)d lines. Split it.") % {"most": MOST_LINES})
                number = reader.line_num + 1
        except csv.Error as error:
            sentence = _("Line %(line)d is no line of a table: a quotation mark is open, or stands in the wrong place.")
            raise Unreadable(sentence % {"line": number + self.skip}) from error


def known_columns() -> set[str]:
    return {*REQUIRED, *OPTIONAL, *Field.objects.values_list("key", flat=True)}


def read(content: bytes) -> Table:
    """Raises Unreadable for what is no table with the columns that every import has."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than %(most)d MB. Split it.") % {"most": MOST_BYTES // 1024 // 1024})
    text = _decoded(content)
    skip = 1 if text[:4].lower() == "sep=" else 0  # Excel's own line about the delimiter
    delimiter, header = _header(text, skip)
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        sentence = _("The first line has to name the columns of the file. Missing: %(names)s.")
        raise Unreadable(sentence % {"names": ", ".join(missing)})
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Unreadable(_("Two columns have one name: %(names)s.") % {"names": ", ".join(twice)[:200]})
    return Table(text, delimiter, header, skip)


def template() -> bytes:
    """The first line of a file to import, with every column that this site knows, as spreadsheets open it."""
    names = [*REQUIRED, *OPTIONAL]
    names += [key for key in Field.objects.order_by("key").values_list("key", flat=True) if key not in names]
    return codecs.BOM_UTF8 + (",".join(names) + "\r\n").encode()


def _decoded(content: bytes) -> str:
    name = next((name for mark, name in _MARKS if content.startswith(mark)), "") or _unmarked(content)
    try:
        text = content.decode(name)
    except UnicodeDecodeError:
        sentence = _("The file is neither UTF-8 nor UTF-16. In a spreadsheet, choose “CSV UTF-8” as you save it.")
        raise Unreadable(sentence) from None
    if not text.strip():
        raise Unreadable(_("The file is empty."))
    return text


def _unmarked(content: bytes) -> str:
    """UTF-16 without its mark: every second byte of a first line in Latin letters is nought."""
    if content[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if content[:1] == b"\0" else "utf-8"


def _header(text: str, skip: int) -> tuple[str, list[str]]:
    """The delimiter under which the first line has most of the names every import has."""
    known = {*REQUIRED, *OPTIONAL}
    headers = {delimiter: _first(text, skip, delimiter) for delimiter in DELIMITERS}
    best = max(headers, key=lambda delimiter: len(known.intersection(headers[delimiter])))
    return best, headers[best]


def _first(text: str, skip: int, delimiter: str) -> list[str]:
    try:
        cells = next(csv.reader(_from(text, skip), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:  # spreadsheets leave empty cells at the end
        names.pop()
    return names


def _from(text: str, skip: int) -> io.StringIO:
    """Line ends stay as they are: the reader of CSV knows them, also inside quotation marks."""
    file = io.StringIO(text, newline="")
    for _line in range(skip):
        file.readline()
    return file
