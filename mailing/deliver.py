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

from consent.models import Decision
from mailing import audience, campaigns, messages, notices
from mailing.models import Campaign, Delivery, Subscription

logger = logging.getLogger(__name__)

BATCH = 100  # rows a worker takes at a time
ATTEMPTS = 6  # a server that says "later" (RFC 5321, 4xx) is asked again after 5, 10, 20, 40 and 80 minutes
CLOSING = 421  # the server says so and hangs up (RFC 5321, 3.8)
LEFT_ALONE = timedelta(minutes=10)  # longer than a task may run: whoever held the row is gone
REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)  # this message; other answers are about the sender
State = Delivery.State


def send_confirmation(subscription_id: int, *, now: datetime) -> int:
    """Sends the question for one request, once; returns 1 when it left."""
    with transaction.atomic():
        waiting = audience.waiting_for_question(now).select_related("subscriber", "mailing_list")
        subscription = waiting.select_for_update(of=("self",), skip_locked=True).filter(pk=subscription_id).first()
        if subscription is None:
            return 0
        try:
            messages.confirmation(subscription).send()
        except REFUSED as error:
            logger.warning("the mail server answered %d to a request for confirmation", _code(error))
            if _code(error) < 500:
                return 0
        except ValueError:
            logger.warning("a request for confirmation cannot be written: its address is malformed")
        # Set after a refusal for good, too: asking once more changes nothing until somebody types the address again.
        subscription.confirmation_sent_at = now
        subscription.save(update_fields=["confirmation_sent_at"])
        return 1


def send_batch(campaign_id: int, *, now: datetime) -> int:
    """Takes up to BATCH waiting rows of a campaign and sends or skips each; returns how many it took.

    Raises OSError (smtplib.SMTPException is one) when the mail server cannot be reached or turns us away; rows not
    begun wait again.
    """
    campaign = Campaign.objects.select_related("mailing_list").get(pk=campaign_id)
    taken = _claim(campaign, now)
    try:
        _send_all(taken, campaign)
    finally:
        _give_back(taken)
    campaigns.finish(campaign_id)
    return len(taken)


def _send_all(taken: list[Delivery], campaign: Campaign) -> None:
    if not taken:
        return
    with get_connection() as connection:
        for delivery in taken:
            try:
                _send(delivery, campaign, connection)
            except ValueError:
                # Raised before anything is handed over: by a header with a line break, an address nobody can have.
                _settle(delivery, State.FAILED, "the message cannot be written", was=(State.CLAIMED, State.SENDING))


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
    subscription, decision = _still_agreed(delivery, campaign, now)
    if subscription is None or decision is None:
        _settle(delivery, State.SKIPPED, "the consent was withdrawn or has expired", was=(State.CLAIMED,))
        return
    if reason := campaigns.why_stopped(campaign, now):
        _settle(delivery, State.SKIPPED, reason, was=(State.CLAIMED,))
        return
    message = messages.one_of_many(campaign, subscription, now)
    delivery.decision, delivery.message_id = decision, message.extra_headers["Message-ID"]
    # Written down before the server hears of it: whatever interrupts the hand-over, nobody sends it a second time.
    # A worker that slept so long that its rows were given away finds them gone, and sends nothing.
    if _settle(delivery, State.SENDING, was=(State.CLAIMED,)):
        _hand_over(delivery, message, connection)


def _still_agreed(
    delivery: Delivery, campaign: Campaign, now: datetime
) -> tuple[Subscription, Decision] | tuple[None, None]:
    """The subscription that covers a message at `now`, with its decision: the row's own, and for a notice, which
    concerns the person and no list, any other they still have."""
    theirs = Q(pk=delivery.subscription_id)
    if campaign.kind != Campaign.Kind.PROMOTION:
        theirs |= Q(subscriber__subscriptions=delivery.subscription_id)
    found = Subscription.objects.select_related("subscriber", "mailing_list", "decision").filter(theirs).distinct()
    own_first = sorted(found, key=lambda subscription: subscription.pk != delivery.subscription_id)
    covered = ((subscription, subscription.decision_for_mail(now)) for subscription in own_first)
    return next(((subscription, decision) for subscription, decision in covered if decision), (None, None))


def _hand_over(delivery: Delivery, message: messages.Message, connection: BaseEmailBackend) -> None:
    try:
        connection.send_messages([message])
    except REFUSED as error:
        _refused(delivery, _code(error))
    except smtplib.SMTPResponseException as error:
        _settle(delivery, State.PENDING, f"the server answered {error.smtp_code} to the sender")
        raise
    except OSError:
        _settle(delivery, State.UNKNOWN, "the connection broke while the message was handed over")
        raise
    else:
        _settle(delivery, State.SENT)


def _refused(delivery: Delivery, code: int) -> None:
    """5xx is for good, 4xx for now. Keeps the server's code alone: its text repeats the address."""
    delivery.attempts += 1
    if code < 500 and delivery.attempts < ATTEMPTS:
        delivery.not_before = timezone.now() + timedelta(minutes=5 * 2 ** (delivery.attempts - 1))
        _settle(delivery, State.PENDING, f"the server answered {code}: asked again later")
    else:
        _settle(delivery, State.FAILED, f"the server answered {code}")
    if code == CLOSING:
        raise smtplib.SMTPServerDisconnected(f"the mail server answered {code}: it takes nothing now") from None


def _code(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> int:
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code
    return min(code for code, _text in error.recipients.values())


def _settle(
    delivery: Delivery,
    state: Delivery.State,
    reason: str = "",
    *,
    was: tuple[Delivery.State, ...] = (State.SENDING, State.UNKNOWN),
) -> bool:
    """Writes what became of a row, if nobody else has taken it since; returns whether that was so."""
    row = Delivery.objects.filter(pk=delivery.pk, state__in=was)
    written = row.update(
        state=state,
        reason=reason,
        changed_at=timezone.now(),
        message_id=delivery.message_id,
        decision=delivery.decision_id,
        attempts=delivery.attempts,
        not_before=delivery.not_before,
    )
    return bool(written)


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
    """What a worker should look at now: ("confirmation", subscription), ("notice", policy version) and ("campaign",
    campaign) keys."""
    take_back(now=now)
    for key in audience.waiting_for_question(now).values_list("pk", flat=True)[:BATCH]:
        yield "confirmation", key
    for key in notices.due():
        yield "notice", key
    for campaign in campaigns.unfinished():
        if not campaigns.finish(campaign.pk):
            yield "campaign", campaign.pk
