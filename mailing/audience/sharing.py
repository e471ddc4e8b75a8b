"""To whom else may a person's data go, by their own choice? Asked on the page of their preferences, and taken back
there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from consent.models import Decision
from consent.told import Told
from mailing.audience.deciding import record
from mailing.models import Subscriber, Subscription
from records.models import Recipient

_PREFIX = "share:"


@dataclass(frozen=True)
class Share:
    """A recipient, and the words beside its tick. `allowed` is what somebody ticked or unticked; None: not touched."""

    recipient: Recipient
    statement: str
    allowed: bool | None = None

    @property
    def key(self) -> str:
        return str(self.recipient.pk)


def purpose(recipient: Recipient) -> str:
    """The name, among a decision's choices, of letting data reach this recipient. It outlives a change of name."""
    return f"{_PREFIX}{recipient.pk}"


def offered(subscriber: Subscriber, at: datetime) -> list[tuple[Recipient, bool]]:
    """Whom this person may let have their data, and whether they do at `at` (UTC): those that ask, and those that asked
    once and were allowed, for what was given can be taken back. Nobody before an address was confirmed."""
    if _speaker(subscriber) is None:
        return []
    allowed = standing(subscriber, at)
    found = Recipient.objects.filter(Q(asks=True) | Q(pk__in=allowed)).order_by("name")
    return [(recipient, recipient.pk in allowed) for recipient in found]


def standing(subscriber: Subscriber, at: datetime) -> set[int]:
    """The recipients (by id) that this person allows at `at` (UTC): of all they decided the newest word counts."""
    theirs = Decision.objects.filter(consent_id__in=_consents(subscriber), decided_at__lte=at)
    newest: dict[str, bool] = {}
    for decision in theirs.order_by("seq"):
        newest |= {name: decision.allows(name, at) for name in decision.choices if name.startswith(_PREFIX)}
    named = (name.removeprefix(_PREFIX) for name, yes in newest.items() if yes)
    return {int(name) for name in named if name.isdecimal()}


def share(*, subscriber: Subscriber, wishes: Iterable[Share], locale: str, told: Told, now: datetime) -> int:
    """Makes each wish true, each with a decision of its own; returns how many that took. What is so already takes
    none."""
    with transaction.atomic():
        Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)  # two browsers one after the other
        speaker, allowed, made = _speaker(subscriber), standing(subscriber, now), 0
        for wish in wishes:
            if speaker and wish.allowed is not None and wish.allowed != (wish.recipient.pk in allowed):
                choices = {purpose(wish.recipient): wish.allowed}
                record(speaker, choices, statement=wish.statement, locale=locale, told=told, now=now)
                made += 1
        return made


def _speaker(subscriber: Subscriber) -> Subscription | None:
    """The subscription beside whose decisions those about recipients stand."""
    return subscriber.subscriptions.filter(decision__isnull=False).select_related("decision").order_by("pk").first()


def _consents(subscriber: Subscriber) -> list[UUID]:
    return list(subscriber.subscriptions.filter(decision__isnull=False).values_list("decision__consent_id", flat=True))
