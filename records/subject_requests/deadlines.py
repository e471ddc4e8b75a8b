"""By when is a request answered, and what moves that day?

One month after the address was confirmed, three where a reason was given in time (GDPR Art. 12(3)). Months are counted
as Regulation 1182/71 Art. 3 counts them: the day itself is left out, and what would end on a day that the month does
not have ends on its last. A day off never puts it off: the site cannot know which days those are.
"""

from datetime import datetime, time

from dateutil.relativedelta import relativedelta
from django.utils import timezone

from records.models import SubjectRequest

MONTHS = 1
EXTENDED = 3  # in all


def end(since: datetime, *, months: int = MONTHS) -> datetime:
    """The last second of the day on which `months` after the instant `since` (UTC) end, by the clock of the site."""
    zone = timezone.get_default_timezone()
    day = timezone.localtime(since, zone).date() + relativedelta(months=months)
    return datetime.combine(day, time(23, 59, 59), tzinfo=zone)


def extended(row: SubjectRequest) -> datetime:
    """When a verified request is due once it is extended; what its clock stood still is counted on."""
    assert row.verified_at, "only what was verified has a day"
    assert row.due_at
    return row.due_at + (end(row.verified_at, months=EXTENDED) - end(row.verified_at))


def resumed(row: SubjectRequest, now: datetime) -> datetime:
    """When a request is due whose clock stood still until `now` (UTC)."""
    assert row.stopped_at, "only a clock that stands can go on"
    assert row.due_at
    return row.due_at + (now - row.stopped_at)
