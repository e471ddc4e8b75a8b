"""What follows from a report: for its row, for its address, for the subscription, for the campaign?"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from consent.told import Told
from mailing import audience, suppression
from mailing.models import Delivery, Return, Subscriber
from mailing.returns import complaints, verdict
from mailing.returns.shapes import Kind, Report, report
from records.sealed import Erased

State = Delivery.State
SOFT_BOUNCES = 3  # of as many campaigns
WITHIN = timedelta(days=90)


def receive(found: Report, *, source: Return.Source, now: datetime) -> Return | None:
    """Writes a report down and does what follows, in one transaction. None for what is known already and for rows that
    are not there (any more). Safe to call twice, also at the same moment."""
    with transaction.atomic():
        # Locked first: a person is either erased before this or after it.
        delivery = _rows().select_for_update(of=("self",), no_key=True).filter(pk=found.delivery).first()
        if delivery is None:
            return None
        values = {"kind": found.kind, "source": source, "status": found.status[:20], "received_at": now}
        row, new = Return.objects.get_or_create(identity=found.identity, defaults={"delivery": delivery, **values})
        if not new:
            return None
        _mark(delivery, found.kind, now)
        _follow({found.kind: [delivery]}, now)
    if found.kind == Kind.COMPLAINT and delivery.campaign:
        complaints.pause_if_too_many(delivery.campaign, now=now)
    return row


def refused(found: Iterable[tuple[int, Return.Kind, str]], *, now: datetime) -> None:
    """The same for what the mail server itself refused: delivery, kind, status. The engine writes the rows' states."""
    said = {key: report(kind, key, status) for key, kind, status in found}
    with transaction.atomic():
        rows = list(_rows().filter(pk__in=said).order_by("pk"))
        Return.objects.bulk_create([_refusal(said[row.pk], now) for row in rows], ignore_conflicts=True)
        _follow({kind: [row for row in rows if said[row.pk].kind == kind] for kind in (Kind.HARD, Kind.SOFT)}, now)


def _refusal(said: Report, now: datetime) -> Return:
    return Return(
        delivery_id=said.delivery,
        kind=said.kind,
        source=Return.Source.SMTP,
        status=said.status[:20],
        identity=said.identity,
        received_at=now,
    )


def _rows() -> QuerySet[Delivery]:
    return Delivery.objects.select_related(
        "campaign",
        "letter__subject_key",
        *("subscription__subscriber", "subscription__mailing_list", "subscription__decision"),
    )


def _mark(delivery: Delivery, kind: Kind, now: datetime) -> None:
    """It came back, so it had been accepted, whatever we knew of it. A complaint is never covered by a bounce."""
    if kind == Kind.LEFT:
        return
    row = Delivery.objects.filter(pk=delivery.pk)
    if kind != Kind.COMPLAINT:
        row = row.exclude(state=State.COMPLAINED)
    row.update(
        state=State.COMPLAINED if kind == Kind.COMPLAINT else State.BOUNCED,
        reason="",
        owner="",
        lease_until=None,
        sent_at=Coalesce("sent_at", Value(now)),
        changed_at=now,
    )


def _follow(found: dict[Kind, list[Delivery]], now: datetime) -> None:
    dead = sorted(email for row in found.get(Kind.HARD, []) if not isinstance(email := _email(row), Erased))
    suppression.suppress(dead, scope=suppression.Scope.ALL, reason=suppression.Reason.HARD_BOUNCE, now=now)
    _suppress_third({row.subscription.subscriber_id for row in found.get(Kind.SOFT, []) if row.subscription}, now)
    for row in found.get(Kind.COMPLAINT, []):
        _complained(row, now)
    for row in found.get(Kind.LEFT, []):
        _leave(row, now)


def _email(row: Delivery) -> str:
    person = row.subscription.subscriber if row.subscription else row.letter
    assert person, "a row is of a subscription or of a letter"
    return person.email


def _suppress_third(subscribers: set[int], now: datetime) -> None:
    """Whoever could not be reached with three campaigns within WITHIN. The rows of the people are locked: of two
    reports at the same moment one sees the other."""
    for person in Subscriber.objects.select_for_update(no_key=True).filter(pk__in=subscribers).order_by("pk"):
        soft = Return.objects.filter(kind=Kind.SOFT, delivery__subscription__subscriber=person)
        recent = soft.filter(received_at__gt=now - WITHIN).values_list("delivery__campaign", "status")
        if len({campaign for campaign, status in recent if verdict.counts(status)}) >= SOFT_BOUNCES:
            reason = suppression.Reason.SOFT_BOUNCES
            suppression.suppress([person.email], scope=suppression.Scope.ALL, reason=reason, now=now)


def _complained(row: Delivery, now: datetime) -> None:
    """No list writes to them again; what the law asks us to tell them still may. The answer to somebody's own letter is
    no list's mail: the row says it, and nothing follows."""
    if row.subscription is None:
        return
    emails, scope = [row.subscription.subscriber.email], suppression.Scope.LISTS
    suppression.suppress(emails, scope=scope, reason=suppression.Reason.COMPLAINT, now=now)
    if row.campaign and row.campaign.is_promotion:
        _leave(row, now)


def _leave(row: Delivery, now: datetime) -> None:
    """Whoever presses "spam" or "unsubscribe" in their mailbox withdraws the consent (GDPR Art. 7(3)). No text was
    shown to them as they did: nothing is claimed to have been."""
    if row.subscription:
        audience.leave(subscription=row.subscription, told=Told(), now=now)
