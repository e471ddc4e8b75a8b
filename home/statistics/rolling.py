"""Which days of the action log are to be summed up, and when is a day's sum the last?

Days are those of UTC, as the pseudonyms of visitors are.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Min

from home.models import Tally
from home.statistics import statements
from records import retention
from records.action_log import backlog
from records.models import Action

SEE = "home.view_tally"  # the right to see any of it
FEW = 5  # visitors; of fewer, somebody might know who they are
OTHER = "*"  # what no page, site or campaign is called: all values of a question that are not told by name
LATE = timedelta(hours=6)  # after midnight, for rows that come late from files of nginx and of the spool
_DAY = timedelta(days=1)
_ONE_TELLER = 0x7461_6C79  # number of an advisory lock


def tally(*, now: datetime) -> list[date]:
    """Sums up every day that the action log still holds as a whole at `now` (UTC) and that is not final yet; returns
    these days. It may be called at any time, and as often as one likes."""
    _close(now)
    return [day for day in _open_days(now) if _tell(day, now)]


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _cut_off(now: datetime) -> datetime:
    """What happened until then is over its period: nobody reads it any more, even where its rows still stand."""
    return next(rule.cut_off_at for rule in retention.rules(now) if rule.key == Action._meta.label)


def _open_days(now: datetime) -> Iterator[date]:
    cut_off, today = _cut_off(now), now.astimezone(UTC).date()
    rows = Action.objects.filter(at__gt=cut_off, at__lt=start_of(today + _DAY))
    span = rows.aggregate(first=Min("at"), last=Max("at"))
    if span["first"] is None:
        return
    first, last = (span[name].astimezone(UTC).date() for name in ("first", "last"))
    # Without the log, a day without rows is a day of which nobody knows.
    last = today if settings.ACTION_LOG else last
    known = set(Tally.objects.filter(of=Tally.Of.ALL, final=True, day__gte=first).values_list("day", flat=True))
    for passed in range((last - first).days + 1):
        day = first + passed * _DAY
        if day not in known and start_of(day) > cut_off:
            yield day


def _tell(day: date, now: datetime) -> bool:
    """Writes the sums of one day in place of the former ones. False where another worker is at it, or has ended it."""
    final = now >= start_of(day + _DAY) + LATE and backlog.is_written(start_of(day + _DAY))
    values: dict[str, Any] = {"day": day, "start": start_of(day), "end": start_of(day + _DAY), "final": final}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ONE_TELLER])
        rows = Tally.objects.filter(of__in=Tally.Of.values, day=day)
        if not cursor.fetchone()[0] or rows.filter(final=True).exists():
            return False
        rows._raw_delete(rows.db)
        for statement in statements.EVERY:
            cursor.execute(statement, {**values, "few": FEW, "other": OTHER})
    return True


def _close(now: datetime) -> None:
    """Days whose first rows have gone are never summed up again: what was told of them last stands."""
    rows = Tally.objects.filter(final=False, day__lte=_cut_off(now).astimezone(UTC).date())
    if rows.filter(of=Tally.Of.ALL).exists():
        rows.update(final=True)
