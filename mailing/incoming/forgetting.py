"""Which files on their way in have somebody's address, and how does it get out of them before they are written?"""

import csv
import io
from collections.abc import Iterator

from mailing.incoming import reading
from mailing.incoming.reading import Table, Unreadable
from mailing.models import AudienceImport
from records import cipher

State = AudienceImport.State


def holding(email: str) -> list[int]:
    """Files that wait with a line of this person; few wait at a time, and none for longer than a day."""
    waiting = AudienceImport.objects.filter(state__in=[State.CHECKED, State.QUEUED]).exclude(content=b"")
    return [job.pk for job in waiting.iterator(chunk_size=1) if _lines(bytes(job.content), email)]


def forget(import_id: int, email: str) -> bool:
    """Empties the lines of this person; the others keep their numbers. False where there is none."""
    job = AudienceImport.objects.select_for_update(of=("self",)).filter(pk=import_id).first()
    gone = _lines(bytes(job.content), email) if job else []
    if job is None or not gone:
        return False
    lines = _split(reading.read(bytes(job.content)).text)
    for first, last in gone:
        lines[first:last] = [line[len(line.rstrip("\r\n")) :] for line in lines[first:last]]
    job.content = "".join(lines).encode("utf-8-sig")
    job.save(update_fields=["content"])
    return True


def _lines(content: bytes, email: str) -> list[tuple[int, int]]:
    """Where each row with this address begins and ends: text between quotation marks may have several lines."""
    try:
        table = reading.read(content)
        return list(_found(table, cipher.blind("email", email)))
    except (Unreadable, csv.Error):  # such a file is never written
        return []


def _found(table: Table, subject: bytes) -> Iterator[tuple[int, int]]:
    column, first = table.header.index("email"), table.skip
    rows = csv.reader(_split(table.text)[table.skip :], delimiter=table.delimiter, strict=True)
    for cells in rows:
        last = rows.line_num + table.skip
        if len(cells) > column and cipher.blind("email", cells[column]) == subject:
            yield first, last
        first = last


def _split(text: str) -> list[str]:
    """As the reader of CSV counts lines."""
    return list(io.StringIO(text, newline=""))
