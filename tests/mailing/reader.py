"""What a reader has in hand: the links of a mail, and the row behind it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mailing import tokens
from mailing.models import Campaign, Delivery, Subscriber, Subscription
from mailing.views import links
from policies.models import PolicyVersion
from records.registry import Purpose
from tests import make


def confirm(subscription: Subscription) -> str:
    return f"/mail/confirm/{tokens.for_confirmation(subscription)}/"


def unsubscribe(subscription: Subscription, delivery: int = 0) -> str:
    return f"/mail/unsubscribe/{tokens.make(tokens.UNSUBSCRIBE, subscription.pk, delivery)}/"


def preferences(subscriber: Subscriber, *, made: timedelta = timedelta(0)) -> str:
    """As in a mail that was sent `made` ago."""
    return f"/mail/preferences/{links.preferences_token(subscriber.pk, timezone.now() - made)}/"


def view(delivery: Delivery) -> str:
    return f"/mail/view/{tokens.make(tokens.VIEW, delivery.pk)}/"


def why(delivery: Delivery) -> str:
    return f"/mail/why/{tokens.make(tokens.WHY, delivery.pk)}/"


def go(delivery: int, link: int) -> str:
    return f"/mail/go/{tokens.make(tokens.LINK, delivery, link)}/"


def delivered(subscription: Subscription, campaign: Campaign | None = None, **fields: Any) -> Delivery:
    """A mail that has left."""
    values = {
        "campaign": campaign or make.campaign(subscription.mailing_list),
        "subscription": subscription,
        "decision": subscription.decision,
        "policy_version": PolicyVersion.objects.first(),
        "purpose": Purpose.PROMOTION,
        "language": "en",
        "state": Delivery.State.SENT,
        "queued_at": make.NOW,
        "not_before": make.NOW,
        "changed_at": make.NOW,
        "sent_at": make.NOW,
        "smtp_code": 250,
    }
    return Delivery.objects.create(**values | fields)
