"""What happens when somebody wants no more? It counts from that moment, and is a decision like the one to join."""

from datetime import datetime

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from wagtail.models import Site

from consent.told import Told
from consent.told import at as told_at
from mailing import suppression
from mailing.audience.deciding import is_live, record, tracking_allowed
from mailing.audience.joining import locked
from mailing.models import Subscriber, Subscription


def leave(*, subscription: Subscription, told: Told, now: datetime) -> bool:
    """Withdraws the consent at once (GDPR Art. 7(3)), and with it the one to count followed links. False, and nothing
    written, for a list that was left already."""
    with transaction.atomic():
        row = locked(subscription.pk)
        if not is_live(row):
            return False
        choices = {row.mailing_list.purpose: False}
        if tracking_allowed(row, now):
            choices[row.mailing_list.tracking] = False
        record(row, choices, statement=row.statement, told=told, now=now)
        _end(row, now)
        return True


def leave_all(*, subscriber: Subscriber, told: Told, now: datetime) -> int:
    """Leaves every list, and takes back what was asked for and not confirmed yet; returns how many were left."""
    with transaction.atomic():
        Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)
        theirs = list(subscriber.subscriptions.order_by("mailing_list"))
        left = sum(leave(subscription=each, told=told, now=now) for each in theirs)
        for each in theirs:
            if each.decision_id is None and each.asked_since_left:
                _end(each, now)
        return left


def object_to_mail(*, subscriber: Subscriber, told: Told, now: datetime) -> int:
    """Leaves everything, and puts the address on the suppression list: mail of lists is not sent to it whoever imports
    or types it (GDPR Art. 21(3)). Returns how many lists were left."""
    with transaction.atomic():
        left = leave_all(subscriber=subscriber, told=told, now=now)
        scope, reason = suppression.Scope.LISTS, suppression.Reason.OBJECTION
        suppression.suppress([subscriber.email], scope=scope, reason=reason, now=now)
        return left


def stop_promotions(*, email: str, locale: str, now: datetime) -> int:
    """The same for whoever has this address, a subscriber or not, told of the policy in their language. Returns how
    many lists were left."""
    site = Site.objects.get(is_default_site=True)
    found = Subscriber.objects.filter(email__lower=Lower(Value(email))).first()
    if found:
        return object_to_mail(subscriber=found, told=told_at(site.pk, now, locale), now=now)
    suppression.suppress([email], scope=suppression.Scope.LISTS, reason=suppression.Reason.OBJECTION, now=now)
    return 0


def _end(subscription: Subscription, now: datetime) -> None:
    subscription.left_at = now
    subscription.save(update_fields=["left_at"])
