"""Who receives a list's mail? People who asked, and then confirmed from their own mailbox."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Lower

from consent.models import Decision
from consent.told import Told
from mailing import suppression
from mailing.audience.deciding import is_live, record
from mailing.models import MailingList, Subscriber, Subscription

Source = Subscription.Source
ASK_AGAIN_AFTER = timedelta(minutes=10)  # nobody can be made to flood a stranger's mailbox
# Whoever objected, or reported our mail, gets no question more often than this, whichever list somebody types.
ASK_SUPPRESSED_AGAIN_AFTER = timedelta(days=7)
ASK_WITHIN = timedelta(days=1)  # a question no mail server took by then is dropped; whoever asks again gets another
# What a person's own act from their mailbox answers. An editor's decision stays.
ANSWERED = tuple(reason for reason in suppression.Reason if reason != suppression.Reason.EDITOR)

_WANTED = Q(left_at=None) | Q(left_at__lt=F("requested_at"))  # not left since it was asked for


class NotAsked(Exception):
    """Nobody has asked for this subscription since it was left."""


class Suppressed(Exception):
    """The address is on the suppression list, and is not asked now. Whoever typed it must not learn that."""


def request(
    *,
    email: str,
    mailing_list: MailingList,
    statement: str,
    locale: str,
    now: datetime,
    source: Source = Source.FORM,
    source_note: str = "",
    name: str = "",
) -> Subscription:
    """Notes that somebody typed `email` for `mailing_list`. Nothing is sent to it but the question whether they did.

    A known address changes nothing else: whoever typed it learns nothing. `source_note` says where exactly: the path
    of the page. Raises Suppressed.
    """
    with transaction.atomic():
        if _is_spared(email, now):
            raise Suppressed
        subscriber, _new = Subscriber.objects.get_or_create(
            email__lower=Lower(Value(email)),
            defaults={"email": email, "name": name, "locale": locale, "created_at": now},
        )
        asked = {
            "statement": statement,
            "locale": locale,
            "source": source,
            "source_note": source_note[:200],
            "requested_at": now,
        }
        subscription, new = Subscription.objects.get_or_create(
            subscriber=subscriber, mailing_list=mailing_list, defaults=asked
        )
        if not new and _may_ask_again(subscription, now):
            _set(subscription, asked)
        return subscription


def _is_spared(email: str, now: datetime) -> bool:
    """Is this an address on the suppression list that gets no question now?"""
    entries = suppression.of(email)
    if any(entry.reason not in ANSWERED for entry in entries):
        return True
    if not entries:
        return False
    since = max(now - ASK_SUPPRESSED_AGAIN_AFTER, *(entry.since_at for entry in entries))
    asked = Subscription.objects.filter(subscriber__email__lower=Lower(Value(email)))
    return asked.filter(requested_at__gt=since, requested_at__lt=now).exists()


def _may_ask_again(subscription: Subscription, now: datetime) -> bool:
    return not subscription.asked_since_left or subscription.requested_at < now - ASK_AGAIN_AFTER


def _set(subscription: Subscription, values: dict[str, object]) -> None:
    for name, value in values.items():
        setattr(subscription, name, value)
    subscription.save(update_fields=list(values))


def waiting_for_question(now: datetime) -> QuerySet[Subscription]:
    """Requests whose confirmation mail has not left yet: of those from one form the first, which asks for all."""
    unsent = Q(confirmation_sent_at=None) | Q(confirmation_sent_at__lt=F("requested_at"))
    unanswered = Q(confirmed_at=None) | Q(confirmed_at__lt=F("requested_at"))
    same = {"subscriber": OuterRef("subscriber"), "requested_at": OuterRef("requested_at"), "pk__lt": OuterRef("pk")}
    waiting = Subscription.objects.filter(unsent, unanswered, _WANTED, requested_at__gt=now - ASK_WITHIN)
    first = ~Exists(Subscription.objects.filter(_WANTED, **same))
    return waiting.filter(first).order_by("requested_at", "pk")


def asked_together(subscription: Subscription) -> list[Subscription]:
    """What one person asked for in one form, `subscription` among it: one mail asks about all of it."""
    asked = Subscription.objects.filter(_WANTED, subscriber=subscription.subscriber_id)
    together = asked.filter(requested_at=subscription.requested_at)
    return list(together.select_related("mailing_list", "subscriber").order_by("mailing_list"))


def question_sent(subscription: Subscription, *, now: datetime) -> int:
    """Marks all that was asked together as asked; returns how many rows that are."""
    keys = [each.pk for each in asked_together(subscription)]
    return Subscription.objects.filter(pk__in=keys).update(confirmation_sent_at=now)


def confirm(*, subscription: Subscription, told: Told, now: datetime) -> Decision:
    """Records the consent and starts the subscription. Confirming again changes nothing.

    The address leaves the suppression list where it was there for something that its owner has now answered. Raises
    NotAsked when the list was left since somebody asked for it: an old link does not bring anyone back.
    """
    with transaction.atomic():
        subscription = locked(subscription.pk)
        if subscription.decision and subscription.left_at is None:
            return subscription.decision
        if not subscription.asked_since_left:
            raise NotAsked
        return start(subscription, told=told, now=now)


def join_from_preferences(
    *,
    subscriber: Subscriber,
    mailing_list: MailingList,
    statement: str,
    locale: str,
    told: Told,
    now: datetime,
    source_note: str = "",
) -> Decision:
    """Asks and confirms in one act: the link came from this very mailbox, so no second mail has to prove it."""
    asked = {
        "statement": statement,
        "locale": locale,
        "source": Source.PREFERENCES,
        "source_note": source_note[:200],
        "requested_at": now,
    }
    with transaction.atomic():
        made, new = Subscription.objects.get_or_create(subscriber=subscriber, mailing_list=mailing_list, defaults=asked)
        subscription = locked(made.pk)
        if is_live(subscription) and subscription.decision:
            return subscription.decision
        if not new:
            _set(subscription, asked)
        return start(subscription, told=told, now=now)


def start(subscription: Subscription, *, told: Told, now: datetime) -> Decision:
    """Writes the consent to what the locked row says, and puts the person on the list."""
    choices = {subscription.mailing_list.purpose: True}
    words = {"statement": subscription.statement, "locale": subscription.locale}
    decision = record(subscription, choices, told=told, now=now, **words)
    _set(subscription, {"decision": decision, "confirmed_at": now, "left_at": None})
    suppression.lift(subscription.subscriber.email, reasons=ANSWERED)
    return decision


def locked(pk: int) -> Subscription:
    """The row as it is now, and nobody else's to change until the transaction ends."""
    # Not joined with its decision: after a wait for the row, PostgreSQL has the decision of before the wait.
    rows = Subscription.objects.select_related("mailing_list", "subscriber")
    return rows.select_for_update(of=("self",)).get(pk=pk)
