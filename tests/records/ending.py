"""Actions whose period is over, for tests of their end."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import User

from records import retention
from records.action_log import expiry, partitions
from records.models import Action, Hold
from records.retention import Rule
from tests import make
from tests.records.acting import event

NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
CUT_OFF = NOW - timedelta(days=365)  # 10 March 2026, noon
DAY = timedelta(days=1)
FEBRUARY, MARCH = datetime(2026, 2, 14, tzinfo=UTC), datetime(2026, 3, 5, tzinfo=UTC)


def months() -> None:
    """Tables for the rows below."""
    partitions.ensure(now=NOW, months=[FEBRUARY.date().replace(day=1), MARCH.date().replace(day=1)])


def rows(*instants: datetime) -> None:
    Action.objects.bulk_create(Action(**event(at)._asdict()) for at in instants)


def rule(key: str = expiry.ACTION, at: datetime = NOW) -> Rule:
    return next(each for each in retention.rules(at) if each.key == key)


def left() -> list[datetime]:
    return list(Action.objects.order_by("at").values_list("at", flat=True))


def hold(**values: object) -> Hold:
    fields = {"reason": "case 7", "placed_at": NOW - DAY, "placed_by": User.objects.first() or make.vera()} | values
    return Hold.objects.create(**fields)


def tables() -> list[str]:
    return [part.name for part in [*partitions.attached(), *partitions.loose()]]
