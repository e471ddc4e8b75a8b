"""What is due about requests whether or not anybody asks: work whose hint was lost, and what has had its time?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from records.models import SubjectRequest
from records.subject_requests import copies

UNREADABLE_AFTER = timedelta(days=30)  # from the end: as long as a person may come back to the answer
Kind, State = SubjectRequest.Kind, SubjectRequest.State


def waiting() -> Iterator[tuple[str, UUID]]:
    """("link" | "copy" | "erasure", key) of requests that wait for a worker."""
    rows = SubjectRequest.objects.order_by("asked_at")
    found = {
        "link": rows.filter(state=State.ASKED, link_until=None),
        "copy": rows.filter(state=State.OPEN, kind=Kind.ACCESS, export=None),
        "erasure": rows.filter(state=State.OPEN, kind=Kind.ERASURE).exclude(plan_sha256=""),
    }
    for kind, those in found.items():
        for key in those.values_list("pk", flat=True):
            yield kind, key


def tidy(*, now: datetime) -> int:
    """Deletes copies whose week is over, and makes unreadable who made a request that ended a month ago and what they
    wrote; the rest of the request stays for three years. Returns how many rows it touched."""
    old = SubjectRequest.objects.filter(ended_at__lte=now - UNREADABLE_AFTER).exclude(email=b"", words=b"")
    return copies.drop(now=now) + old.update(email=b"", words=b"")
