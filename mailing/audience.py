"""Who receives a list's mail? People who asked, and then confirmed from their own mailbox."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils import translation

from consent import decide
from consent.models import Decision
from consent.told import Told
from mailing.models import MailingList, Subscriber, Subscription

ASK_AGAIN_AFTER = timedelta(minutes=10)  # nobody can be made to flood a stranger's mailbox
ASK_WITHIN = timedelta(days=1)  # a question no mail server took by then is dropped; whoever asks again gets another


class NotAsked(Exception):
    """Nobody has asked for this subscription since it was left."""


def request(*, email: str, mailing_list: MailingList, statement: str, locale: str, now: datetime) -> Subscription:
    """Notes that somebody typed `email` for `mailing_list`. Nothing is sent to it but the question whether they did.

    A known address changes nothing else: whoever typed it learns nothing.
    """
    with transaction.atomic():
        subscriber, _new = Subscriber.objects.get_or_create(
            email__lower=Lower(Value(email)), defaults={"email": email, "locale": locale, "created_at": now}
        )
        subscription, new = Subscription.objects.get_or_create(
            subscriber=subscriber,
            mailing_list=mailing_list,
            defaults={"statement": statement, "requested_at": now},
        )
        if not new and _may_ask_again(subscription, now):
            subscription.statement, subscription.requested_at = statement, now
            subscription.save(update_fields=["statement", "requested_at"])
        return subscription


def _may_ask_again(subscription: Subscription, now: datetime) -> bool:
    return not subscription.asked_since_left or subscription.requested_at < now - ASK_AGAIN_AFTER


def waiting_for_question(now: datetime) -> QuerySet[Subscription]:
    """Requests whose confirmation mail has not left yet."""
    unsent = Q(confirmation_sent_at=None) | Q(confirmation_sent_at__lt=F("requested_at"))
    unanswered = Q(confirmed_at=None) | Q(confirmed_at__lt=F("requested_at"))
    waiting = Subscription.objects.filter(unsent, unanswered, requested_at__gt=now - ASK_WITHIN)
    return waiting.order_by("requested_at")


def confirm(*, subscription: Subscription, told: Told, now: datetime) -> Decision:
    """Records the consent and starts the subscription. Confirming again changes nothing.

    Raises NotAsked when it was left since somebody asked for it: an old link does not bring anyone back.
    """
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
        if subscription.decision and subscription.left_at is None:
            return subscription.decision
        if not subscription.asked_since_left:
            raise NotAsked
        decision = _decide(subscription, True, told=told, now=now)
        subscription.decision, subscription.confirmed_at, subscription.left_at = decision, now, None
        subscription.save(update_fields=["decision", "confirmed_at", "left_at"])
        return decision


def leave(*, subscription: Subscription, told: Told, now: datetime) -> None:
    """Withdraws the consent at once (GDPR Art. 7(3)). Leaving twice changes nothing."""
    with transaction.atomic():
        subscription = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
        if subscription.decision is None or subscription.left_at is not None:
            return
        _decide(subscription, False, told=told, now=now)
        subscription.left_at = now
        subscription.save(update_fields=["left_at"])


def _decide(subscription: Subscription, yes: bool, *, told: Told, now: datetime) -> Decision:
    earlier = subscription.decision
    decision, _new = decide.record(
        choices={subscription.mailing_list.purpose: yes},
        source=Decision.Source.MAIL,
        at=now,
        key=uuid.uuid4(),
        told=told,
        statement=subscription.statement,
        consent_id=earlier.consent_id if earlier else None,
        action=Decision.Action.GIVE if yes else Decision.Action.WITHDRAW,
        locale=translation.get_language() or "",
    )
    return decision
