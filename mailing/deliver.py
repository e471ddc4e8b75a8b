"""Why did this person (not) get this mail? Every message is allowed by a decision, checked again as it leaves."""

import logging
import smtplib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from mailing import audience, campaigns, messages
from mailing.models import Campaign, Delivery, Subscription

logger = logging.getLogger(__name__)

BATCH = 100  # rows a worker takes at a time
ATTEMPTS = 6  # a server that says "later" (RFC 5321, 4xx) is asked again after 5, 10, 20, 40 and 80 minutes
LEFT_ALONE = timedelta(minutes=10)  # longer than a task may run: whoever held the row is gone
State = Delivery.State


def send_confirmation(subscription_id: int, *, now: datetime) -> int:
    """Sends the question for one request, once; returns 1 when it left."""
    with transaction.atomic():
        waiting = audience.waiting_for_question().select_related("subscriber", "mailing_list")
        subscription = waiting.select_for_update(of=("self",), skip_locked=True).filter(pk=subscription_id).first()
        if subscription is None:
            return 0
        messages.confirmation(subscription).send()
        subscription.confirmation_sent_at = now
        subscription.save(update_fields=["confirmation_sent_at"])
        return 1


def send_batch(campaign_id: int, *, now: datetime) -> int:
    """Takes up to BATCH waiting rows of a campaign and sends or skips each; returns how many it took.

    Raises OSError (smtplib.SMTPException is one) when the mail server cannot be reached; rows not begun wait again.
    """
    campaign = Campaign.objects.select_related("mailing_list").get(pk=campaign_id)
    taken = _claim(campaign, now)
    try:
        with get_connection() as connection:
            for delivery in taken:
                _send(delivery, campaign, connection)
    finally:
        _give_back(taken)
    campaigns.finish(campaign_id)
    return len(taken)


def _claim(campaign: Campaign, now: datetime) -> list[Delivery]:
    """Rows nobody else holds, locked while they are marked (PostgreSQL's SKIP LOCKED)."""
    with transaction.atomic():
        due = Q(not_before=None) | Q(not_before__lte=now)
        waiting = campaign.deliveries.filter(due, state=State.PENDING).order_by("pk")
        keys = list(waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
        Delivery.objects.filter(pk__in=keys).update(state=State.CLAIMED, changed_at=now)
    return list(Delivery.objects.filter(pk__in=keys).order_by("pk"))


def _give_back(taken: list[Delivery]) -> None:
    keys = [delivery.pk for delivery in taken]
    Delivery.objects.filter(pk__in=keys, state=State.CLAIMED).update(state=State.PENDING)


def _send(delivery: Delivery, campaign: Campaign, connection: BaseEmailBackend) -> None:
    now = timezone.now()
    subscription = Subscription.objects.select_related("subscriber", "mailing_list", "decision").get(
        pk=delivery.subscription_id
    )
    if not subscription.allows_mail(now):
        return _settle(delivery, State.SKIPPED, "the consent was withdrawn or has expired")
    delivery.decision = subscription.decision
    message = messages.promotional(campaign, subscription)
    delivery.message_id = message.extra_headers["Message-ID"]
    # Written down before the server hears of it: whatever interrupts the next line, nobody sends it a second time.
    _settle(delivery, State.SENDING)
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        return _refused(delivery, min(code for code, _text in error.recipients.values()))
    except smtplib.SMTPResponseException as error:
        return _refused(delivery, error.smtp_code)
    except OSError:
        _settle(delivery, State.UNKNOWN, "the connection broke while the message was handed over")
        raise
    return _settle(delivery, State.SENT)


def _refused(delivery: Delivery, code: int) -> None:
    """5xx is for good, 4xx for now. Keeps the server's code alone: its text repeats the address."""
    delivery.attempts += 1
    if 400 <= code < 500 and delivery.attempts < ATTEMPTS:
        delivery.not_before = timezone.now() + timedelta(minutes=5 * 2 ** (delivery.attempts - 1))
        return _settle(delivery, State.PENDING, f"the server answered {code}: asked again later")
    return _settle(delivery, State.FAILED, f"the server answered {code}")


def _settle(delivery: Delivery, state: Delivery.State, reason: str = "") -> None:
    delivery.state, delivery.reason, delivery.changed_at = state, reason, timezone.now()
    delivery.save(update_fields=["state", "reason", "changed_at", "message_id", "decision", "attempts", "not_before"])


def take_back(*, now: datetime) -> int:
    """Rows whose worker is gone: those not begun wait again, the one in its hands is unknown and never repeated."""
    stale = Delivery.objects.filter(changed_at__lt=now - LEFT_ALONE)
    waiting = stale.filter(state=State.CLAIMED).update(state=State.PENDING, changed_at=now)
    lost = stale.filter(state=State.SENDING).update(
        state=State.UNKNOWN, reason="the worker ended while the message was handed over", changed_at=now
    )
    if lost:
        logger.warning("%d deliveries were interrupted and are not repeated", lost)
    return waiting + lost


def unfinished(*, now: datetime) -> Iterator[tuple[str, int]]:
    """What a worker should look at now: ("confirmation", subscription) and ("campaign", campaign) keys."""
    take_back(now=now)
    for key in audience.waiting_for_question().values_list("pk", flat=True)[:BATCH]:
        yield "confirmation", key
    for campaign in campaigns.unfinished():
        if not campaigns.finish(campaign.pk):
            yield "campaign", campaign.pk
