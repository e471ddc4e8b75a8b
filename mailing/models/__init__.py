"""Who asked for which mail, what was written to them, and which decision allowed each message."""

from mailing.models.audience import POLICY_CHANGES, Field, MailingList, Subscriber, Subscription, Suppression
from mailing.models.campaigns import Campaign, Link, Text
from mailing.models.deliveries import Delivery, Letter, LinkFollowed, Return, Slowdown
from mailing.models.imports import AudienceImport
from mailing.models.segments import Condition, Segment

__all__ = [
    "POLICY_CHANGES",
    "AudienceImport",
    "Campaign",
    "Condition",
    "Delivery",
    "Field",
    "Letter",
    "Link",
    "LinkFollowed",
    "MailingList",
    "Return",
    "Segment",
    "Slowdown",
    "Subscriber",
    "Subscription",
    "Suppression",
    "Text",
]
