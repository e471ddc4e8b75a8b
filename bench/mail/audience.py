"""As many readers as are asked for, each with a subscription and the consent behind it, in a few statements."""

from typing import Any

_READERS = """
INSERT INTO mailing_subscriber (email, digest, domain, provider, name, locale, time_zone, fields, created_at)
SELECT 'reader-' || n || '@mail.example', sha256(convert_to('reader-' || n, 'UTF8')), 'mail.example', 'other',
    'Reader ' || n, 'en', '', '{}', now()
FROM generate_series(%s, %s) n
"""
_DECISIONS = """
INSERT INTO consent_decision (id, consent_id, key, statement, choices, services, source, action, locale, path,
    decided_at, key_id, leaf)
SELECT gen_random_uuid(), gen_random_uuid(), md5('bench' || n)::uuid, 'You may write to me.', '{"mail:news": true}',
    '{}', 'mail', 'give', 'en', '', now(), 'bench', sha256(convert_to('leaf' || n, 'UTF8'))
FROM generate_series(%s, %s) n
"""
_SUBSCRIPTIONS = """
INSERT INTO mailing_subscription (subscriber_id, mailing_list_id, statement, locale, source, source_note, requested_at,
    decision_id, confirmed_at)
SELECT s.id, %s, 'You may write to me.', 'en', 'form', '', now(), d.id, now()
FROM generate_series(%s, %s) n
JOIN mailing_subscriber s ON lower(s.email) = 'reader-' || n || '@mail.example'
JOIN consent_decision d ON d.key = md5('bench' || n)::uuid
"""


def grow(news: Any, first: int, last: int) -> None:
    """Readers from `first` to `last`, on the list `news`."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_READERS, [first, last])
        cursor.execute(_DECISIONS, [first, last])
        cursor.execute("ANALYZE mailing_subscriber, consent_decision")
        cursor.execute(_SUBSCRIPTIONS, [news.pk, first, last])
        cursor.execute("ANALYZE mailing_subscription")


def campaign(news: Any) -> Any:
    """An approved one with the text of the measurement; it merges the reader's name, as real ones do."""
    from wagtail.rich_text import RichText

    from bench.mail.letter import PARAGRAPHS, SUBJECT
    from mailing.models import Campaign, Text

    made = Campaign.objects.create(title=SUBJECT, mailing_list=news)
    body = [("text", RichText(paragraph)) for paragraph in ["<p>Good morning {{ name|dear reader }},</p>", *PARAGRAPHS]]
    Text.objects.create(campaign=made, language="en", subject=SUBJECT, body=body)
    return made
