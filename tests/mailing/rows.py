"""Rows of a campaign as they may be found, without anybody having sent anything."""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction

from mailing import addresses, progress
from mailing.models import Campaign, Delivery, Letter, Subscriber, Subscription
from records import keys
from tests import make


def rows(campaign: Campaign, count: int = 1, *, state: str = "sent", **fields: Any) -> list[Delivery]:
    """So many people have such a row. Rows that a mail server accepted say when."""
    people = [_person(f"p{place}@mail.example") for place in range(*_places(count))]
    Subscriber.objects.bulk_create(people)
    of = {"mailing_list": campaign.mailing_list or make.mailing_list(), "statement": "Yes.", "requested_at": make.NOW}
    subscriptions = Subscription.objects.bulk_create(Subscription(subscriber=person, **of) for person in people)
    accepted = {"sent_at": make.NOW} if state in {"sent", "bounced", "complained"} else {}
    values = _values() | {"state": state} | accepted | fields
    return Delivery.objects.bulk_create(
        Delivery(campaign=campaign, subscription=each, **values) for each in subscriptions
    )


def letter(*, state: str = "pending", **fields: Any) -> Delivery:
    made = stored_letter(make.ANA, subject="Re: boats")
    return Delivery.objects.create(letter=made, **_values() | {"state": state} | fields)


def stored_letter(email: str, *, subject: str = "Your question") -> Letter:
    """Without a delivery."""
    with transaction.atomic():
        key = keys.of_person(email, now=make.NOW)
        said = {"email": email, "locale": "en", "subject": subject, "text": "Yes."}
        return Letter.objects.create(subject_key=key, written_at=make.NOW, **said)


def saw_pump(at: datetime) -> None:
    """A worker looked for what is due at `at` (UTC)."""
    cache.set(progress.PUMP_SEEN, at.isoformat())


def _places(count: int) -> tuple[int, int]:
    there = Subscriber.objects.count()
    return there, there + count


def _person(email: str) -> Subscriber:
    known = {"digest": addresses.digest(email), "domain": "mail.example", "provider": "other"}
    return Subscriber(email=email, locale="en", created_at=make.NOW, **known)


def _values() -> dict[str, Any]:
    return {
        "purpose": "promotion",
        "language": "en",
        "provider": "other",
        "domain": "mail.example",
        "not_before": make.NOW - timedelta(minutes=1),
        "queued_at": make.NOW - timedelta(minutes=1),
        "changed_at": make.NOW,
    }


def many(campaign: Campaign, count: int) -> None:
    """So many accepted rows, each of a person of its own, written by the database itself."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [count])
        cursor.execute(SUBSCRIPTIONS, [campaign.mailing_list_id])
        cursor.execute(DELIVERIES, [campaign.pk])


PEOPLE = """
INSERT INTO mailing_subscriber (email, digest, domain, provider, name, locale, time_zone, fields, created_at)
SELECT 'q' || n || '@many.example', 'x', 'many.example', 'other', '', 'en', '', '{}', now()
FROM generate_series(1, %s) n
"""
SUBSCRIPTIONS = """
INSERT INTO mailing_subscription (subscriber_id, mailing_list_id, statement, locale, source, source_note, requested_at)
SELECT id, %s, 'Yes.', 'en', 'form', '', now() FROM mailing_subscriber WHERE domain = 'many.example'
"""
DELIVERIES = """
INSERT INTO mailing_delivery (
    campaign_id, subscription_id, purpose, version, language, provider, domain, tracked, state, reason, owner, attempts,
    not_before, first_tried_at, smtp_code, smtp_text, provider_id, queued_at, sent_at, changed_at
)
SELECT %s, s.id, 'promotion', '', 'en', 'other', 'many.example', false, 'sent', '', '', 1,
    now(), now(), 250, '2.0.0 OK', '', now(), now(), now()
FROM mailing_subscription s JOIN mailing_subscriber p ON p.id = s.subscriber_id WHERE p.domain = 'many.example'
"""
