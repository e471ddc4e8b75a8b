"""What is known of a subscriber, for the person themselves: what they agreed to, and what was sent because of it?"""

from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from consent.models import Decision
from mailing import suppression
from mailing.addresses import domain
from mailing.audience.standing import subscriptions
from mailing.models import Delivery, LinkFollowed, Subscriber, Subscription
from policies.models import PolicyVersion
from records import retention

State = Delivery.State
LEFT_US = [State.SENT, State.BOUNCED, State.COMPLAINED, State.UNKNOWN, State.FAILED]


def masked(email: str) -> str:
    """Enough for its owner to know it again, and for nobody else: links in mails get passed on."""
    return f"{email[:1]}•••@{domain(email)}"


def sent_to(subscriber: Subscriber) -> QuerySet[Delivery]:
    """Messages of lists that were handed to a mail server for this person, the newest first."""
    rows = Delivery.objects.filter(subscription__subscriber=subscriber, state__in=LEFT_US)
    return rows.select_related("campaign", "subscription__mailing_list").order_by("-changed_at", "-pk")


def about(subscriber: Subscriber, *, at: datetime) -> dict[str, Any]:
    """Everything about one person's subscriptions at `at` (UTC) as plain JSON: words, decisions, messages, instants
    (ISO 8601)."""
    theirs = subscriptions(at).filter(subscriber=subscriber)
    return {
        "address": masked(subscriber.email),
        "name": subscriber.name,
        "language": subscriber.locale,
        "time_zone": subscriber.time_zone,
        "fields": subscriber.fields,
        "first_asked_at": _instant(subscriber.created_at),
        "not_written_to": [
            {"scope": entry.scope, "reason": entry.reason, "since": _instant(entry.since_at)}
            for entry in suppression.of(subscriber.email)
        ],
        "subscriptions": [
            _subscription(each, at) for each in theirs.select_related("mailing_list", "decision").order_by("pk")
        ],
        "messages": [_delivery(each) for each in _deliveries(subscriber, at)],
    }


def _subscription(subscription: Subscription, at: datetime) -> dict[str, Any]:
    return {
        "list": subscription.mailing_list.key,
        "name": subscription.mailing_list.name,
        "words": subscription.statement,
        "language": subscription.locale,
        "asked_by": subscription.source,
        "asked_where": subscription.source_note,
        "asked_at": _instant(subscription.requested_at),
        "question_sent_at": _instant(subscription.confirmation_sent_at),
        "confirmed_at": _instant(subscription.confirmed_at),
        "left_at": _instant(subscription.left_at),
        "decisions": [_decision(each) for each in decisions_of(subscription, at=at)],
    }


def decisions_of(subscription: Subscription, *, at: datetime) -> QuerySet[Decision]:
    """What this person decided about this list, the oldest first, without what has reached its end at `at` (UTC)."""
    if subscription.decision is None:
        return Decision.objects.none()
    made = Decision.objects.filter(consent_id=subscription.decision.consent_id)
    return retention.unexpired(made, at).select_related("policy_version").order_by("seq")


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "id": str(decision.pk),
        "decided_at": _instant(decision.decided_at),
        "action": decision.action,
        "choices": decision.choices,
        "words": decision.statement,
        "language": decision.locale,
        "by": decision.source,
        "policy_version": _version(decision.policy_version),
    }


def _deliveries(subscriber: Subscriber, at: datetime) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(subscription__subscriber=subscriber)
    related = rows.select_related("campaign", "policy_version", "subscription__mailing_list")
    followed = retention.unexpired(LinkFollowed.objects.select_related("link"), at)
    return related.prefetch_related("returns", Prefetch("followed", queryset=followed)).order_by("pk")


def _delivery(delivery: Delivery) -> dict[str, Any]:
    assert delivery.subscription is not None  # letters belong to no subscription
    return {
        "number": delivery.pk,
        "list": delivery.subscription.mailing_list.key,
        "kind": delivery.campaign.kind if delivery.campaign else "",
        "language": delivery.language,
        "purpose": delivery.purpose,
        "decision": str(delivery.decision_id) if delivery.decision_id else None,
        "policy_version": _version(delivery.policy_version),
        "state": delivery.state,
        "reason": delivery.reason,
        "queued_at": _instant(delivery.queued_at),
        "first_tried_at": _instant(delivery.first_tried_at),
        "sent_at": _instant(delivery.sent_at),
        "smtp_code": delivery.smtp_code,
        "smtp_words": delivery.smtp_text,
        "links_counted": delivery.tracked,
        "links_followed": [
            {"address": each.link.url, "at": _instant(each.followed_at)} for each in delivery.followed.all()
        ],
        "came_back": [
            {"kind": each.kind, "status": each.status, "at": _instant(each.received_at)}
            for each in delivery.returns.all()
        ],
    }


def _version(version: PolicyVersion | None) -> dict[str, Any] | None:
    return {"number": version.number, "sha256": version.sha256} if version else None


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
