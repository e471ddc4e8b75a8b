"""Whom does the site know at an instant? What has reached its end is gone, whenever the worker comes."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from mailing.models import Subscriber, Subscription
from records import retention

_NOBODY = Q(pk__in=[])


def subscriptions(at: datetime) -> QuerySet[Subscription]:
    """All but the requests that nobody confirmed in time, at `at` (UTC)."""
    return retention.unexpired(Subscription.objects.all(), at)


def people(at: datetime) -> QuerySet[Subscriber]:
    """All but those of whom nothing is left, at `at` (UTC), but requests that nobody confirmed in time."""
    due = retention.due(at)
    over = due.get(Subscription._meta.label, _NOBODY)
    others = Subscription.objects.filter(subscriber=OuterRef("subscriber")).exclude(over)
    forgotten = Subscription.objects.filter(~Exists(others), over).values("subscriber")
    return Subscriber.objects.exclude(due.get(Subscriber._meta.label, _NOBODY)).exclude(pk__in=forgotten)
