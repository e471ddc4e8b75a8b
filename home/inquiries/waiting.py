"""How many people wait for an answer, and since when?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from home.inquiries.telling import owed, standing
from home.models import Inquiry


@dataclass(frozen=True)
class Waiting:
    """`oldest_at` (UTC) is when whoever waits for longest wrote; `mine` are those that one account takes care of."""

    new: int
    open: int
    mine: int
    nobodys: int
    oldest_at: datetime | None
    oldest: int | None


def waiting(*, user: Any, now: datetime) -> Waiting:
    """What is unanswered at `now`; what is closed, spam, or waits for the person is not."""
    rows = standing(now).filter(owed())
    found = rows.aggregate(
        new=Count("pk", filter=Q(state=Inquiry.State.NEW)),
        open=Count("pk", filter=Q(state=Inquiry.State.OPEN)),
        mine=Count("pk", filter=Q(assigned_to=user)),
        nobodys=Count("pk", filter=Q(assigned_to=None)),
        oldest_at=Min("received_at"),
    )
    oldest = rows.order_by("received_at", "pk").values_list("pk", flat=True).first()
    return Waiting(oldest=oldest, **found)
