"""What does a subscriber change with the link from their mailbox? Only what they touched becomes a decision."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from consent.told import Told
from mailing.audience.deciding import is_live, record, tracking_allowed
from mailing.audience.joining import join_from_preferences, locked
from mailing.audience.leaving import leave
from mailing.models import MailingList, Subscriber, Subscription


@dataclass(frozen=True)
class Wish:
    """What somebody ticked or unticked for one list, and the words beside each tick. None: not touched."""

    mailing_list: MailingList
    statement: str
    link_statement: str
    mail: bool | None = None
    links: bool | None = None


def change(
    *, subscriber: Subscriber, wishes: Iterable[Wish], locale: str, told: Told, now: datetime, source_note: str = ""
) -> int:
    """Makes each wish true; returns how many decisions that took. What is so already takes none. Counting followed
    links is asked of people on the list alone."""
    with transaction.atomic():
        Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)  # two browsers one after the other
        made = 0
        for wish in sorted(wishes, key=lambda wish: wish.mailing_list.pk):
            made += _mail(subscriber, wish, locale=locale, told=told, now=now, source_note=source_note)
            made += _links(subscriber, wish, locale=locale, told=told, now=now)
        return made


def _mail(subscriber: Subscriber, wish: Wish, *, locale: str, told: Told, now: datetime, source_note: str) -> bool:
    subscription = _of(subscriber, wish.mailing_list)
    if wish.mail is None or wish.mail == is_live(subscription):
        return False
    if not wish.mail:
        assert subscription is not None  # it is live
        return leave(subscription=subscription, told=told, now=now)
    join_from_preferences(
        subscriber=subscriber,
        mailing_list=wish.mailing_list,
        statement=wish.statement,
        locale=locale,
        told=told,
        now=now,
        source_note=source_note,
    )
    return True


def _links(subscriber: Subscriber, wish: Wish, *, locale: str, told: Told, now: datetime) -> bool:
    found = _of(subscriber, wish.mailing_list)
    if wish.links is None or found is None:
        return False
    subscription = locked(found.pk)
    if not is_live(subscription) or tracking_allowed(subscription, now) == wish.links:
        return False
    choices = {wish.mailing_list.tracking: wish.links}
    record(subscription, choices, statement=wish.link_statement, locale=locale, told=told, now=now)
    return True


def _of(subscriber: Subscriber, mailing_list: MailingList) -> Subscription | None:
    return subscriber.subscriptions.filter(mailing_list=mailing_list).first()


def describe(*, subscriber: Subscriber, name: str, locale: str, time_zone: str, fields: Mapping[str, Any]) -> None:
    """Writes what a person says of themselves. A field of None is forgotten; one that is not named stays."""
    with transaction.atomic():
        row = Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)
        row.name, row.locale, row.time_zone = name, locale, time_zone
        row.fields = {key: value for key, value in {**row.fields, **fields}.items() if value is not None}
        row.save(update_fields=["name", "locale", "time_zone", "fields"])
