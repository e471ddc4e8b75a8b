"""How often was a promotion seen and followed? One number a day; who it was is never asked and cannot be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils import timezone

from home.models import Promotion, PromotionCount

Act = PromotionCount.Act
# One statement, so that a row is locked for as long as one write takes, however many browsers tell at once.
_COUNT = """
    INSERT INTO home_promotioncount (promotion_id, day, act, targeted, number)
    SELECT id, %s, %s, %s, 1 FROM home_promotion
    WHERE id = %s AND (starts_at IS NULL OR starts_at <= %s) AND (ends_at IS NULL OR ends_at > %s)
    ON CONFLICT (promotion_id, day, act, targeted) DO UPDATE SET number = home_promotioncount.number + 1
"""


@dataclass(frozen=True)
class Result:
    """Of one day of the site, or summed up. `targeted` are those seen that were chosen by what the visitor did."""

    seen: int = 0
    followed: int = 0
    targeted: int = 0

    def __add__(self, other: "Result") -> "Result":
        return Result(self.seen + other.seen, self.followed + other.followed, self.targeted + other.targeted)

    @property
    def rate(self) -> float | None:
        """Followed, of a hundred seen. None before anybody has seen it."""
        return self.followed / self.seen * 100 if self.seen else None


def count(*, promotion: int, act: PromotionCount.Act, targeted: bool, now: datetime) -> bool:
    """Adds one to today's number. False for a promotion (by id) that is not on at `now`: then nothing is counted."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [day_of(now), act, targeted, promotion, now, now])
        return bool(cursor.rowcount)


def day_of(now: datetime) -> date:
    """The day of the site, whatever the time zone of whoever asks."""
    return timezone.localdate(now, timezone.get_default_timezone())


def results(promotion: Promotion, *, since: date | None = None, until: date | None = None) -> dict[date, Result]:
    """What was counted on each day from `since` to `until`, both included, in order; days without are not in it."""
    rows = PromotionCount.objects.filter(promotion=promotion)
    if since:
        rows = rows.filter(day__gte=since)
    if until:
        rows = rows.filter(day__lte=until)
    return _by_day(rows.order_by("day"))


def _by_day(rows: Iterable[PromotionCount]) -> dict[date, Result]:
    found: dict[date, Result] = {}
    for row in rows:
        seen = row.number if row.act == Act.SEEN else 0
        counted = Result(seen, row.number - seen, seen if row.targeted else 0)
        found[row.day] = found.get(row.day, Result()) + counted
    return found
