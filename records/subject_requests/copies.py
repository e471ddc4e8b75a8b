"""How does a person get a copy of their data: made by a worker, sealed, fetched once, gone after a week?"""

import hashlib
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.db import transaction

from records import cipher
from records.models import ExportFile, SubjectRequest
from records.subject_requests import events, exporting, filing, links, telling

LASTS = timedelta(days=7)
Kind, State = SubjectRequest.Kind, SubjectRequest.State


def make(request_id: Any, *, now: datetime, again: bool = False) -> bool:
    """Makes the copy, seals it under the person's key and writes the letter with the link to it; the request is done.
    Safe to repeat: false, and nothing made, where it was made. `again` makes another in its place."""
    with transaction.atomic():
        own = SubjectRequest.objects.select_for_update(no_key=True).filter(pk=request_id, kind=Kind.ACCESS)
        row = own.filter(state__in=[State.OPEN, State.STOPPED, State.DONE] if again else [State.OPEN]).first()
        if row is None or not row.is_readable:
            return False
        ExportFile.objects.filter(request=row).delete()
        _store(row, now)
        token = links.give(row, links.DOWNLOAD, now=now, lasts=LASTS)
        telling.tell(row, telling.Letter.COPY, now=now, address=links.address(token, row.locale), until=row.link_until)
        events.note(row, events.Act.COPY, now=now)
        filing.end(row, State.DONE, now=now)
    return True


def _store(row: SubjectRequest, now: datetime) -> None:
    file = BytesIO()
    exporting.write(file, email=row.email, now=now, locale=row.locale)
    content = file.getvalue()
    sealed = cipher.seal(content, row.subject_key, _place(row))
    ExportFile.objects.create(request=row, sealed=sealed, sha256=hashlib.sha256(content).hexdigest(), made_at=now)


def fetch(row: SubjectRequest, *, now: datetime) -> bytes:
    """The zip, once: the link is used up, and the sealed file is emptied. `row` is locked, in a transaction of the
    caller's. Raises links.NoLink where the file is gone."""
    copy = ExportFile.objects.filter(request=row, fetched_at=None, made_at__gt=now - LASTS).first()
    if copy is None:
        raise links.NoLink
    content = cipher.open_sealed(bytes(copy.sealed), row.subject_key, _place(row))
    links.use_up(row)
    copy.sealed, copy.fetched_at = b"", now
    copy.save(update_fields=["sealed", "fetched_at"])
    events.note(row, events.Act.FETCHED, now=now)
    return content


def _place(row: SubjectRequest) -> str:
    return f"records.ExportFile.sealed:{row.pk}"


def drop(*, now: datetime) -> int:
    """Deletes copies whose week is over, fetched or not; returns how many."""
    return ExportFile.objects.filter(made_at__lte=now - LASTS).delete()[0]
