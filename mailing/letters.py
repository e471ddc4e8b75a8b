"""How does one person get an answer? A letter is a row of the same queue, under a purpose of its own."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from mailing import addresses
from mailing.models import Delivery, Letter
from mailing.models.deliveries import UNFINISHED
from records import keys, retention
from records.post import Written
from records.registry import Purpose


def write(
    *,
    email: str,
    subject: str,
    text: str,
    locale: str,
    now: datetime,
    purpose: Purpose = Purpose.COMMUNICATION,
    about: str = "",
    reply_to: str = "",
    in_reply_to: str = "",
) -> Letter:
    """Puts a letter on its way: the letter and its delivery in one transaction. `about` names what it answers, such as
    "home.Inquiry:12". What it says and to whom is sealed. It needs no consent to promotional mail: the person wrote
    first."""
    domain = addresses.domain(email)
    with transaction.atomic():
        letter = Letter.objects.create(
            subject_key=keys.of_person(email, now=now),
            email=email,
            locale=locale,
            subject=" ".join(subject.split())[:200],
            text=text,
            purpose=purpose,
            about=about,
            reply_to=reply_to,
            in_reply_to=in_reply_to,
            written_at=now,
        )
        Delivery.objects.create(
            letter=letter,
            purpose=purpose,
            language=locale,
            provider=addresses.provider(domain),
            domain=domain,
            not_before=now,
            queued_at=now,
            changed_at=now,
        )
    return letter


def about(reference: str, *, at: datetime) -> QuerySet[Delivery]:
    """What was written about something, such as "home.Inquiry:12", and what became of it; the newest first. Letters
    whose period is over at `at` (UTC) are gone."""
    standing = retention.unexpired(Letter.objects.filter(about=reference), at)
    return Delivery.objects.filter(letter__in=standing).select_related("letter__subject_key").order_by("-pk")


def waiting(now: datetime) -> bool:
    """Is there a letter that may leave at `now`?"""
    return Delivery.objects.filter(
        letter__isnull=False, state__in=("pending", "deferred"), not_before__lte=now
    ).exists()


def on_its_way(reference: str) -> bool:
    """Is a letter about something yet to be taken by the mail server, or given up?"""
    return Delivery.objects.filter(letter__about=reference, state__in=UNFINISHED).exists()


def stored(reference: str) -> dict[str, Q]:
    """The rows of the letters about something, by the label of their model."""
    return {Letter._meta.label: Q(about=reference), Delivery._meta.label: Q(letter__about=reference)}


def history(reference: str, *, at: datetime) -> list[Written]:
    """The letters about something at `at` (UTC) and what became of each, the newest first."""
    return [
        Written(row.letter.subject, row.letter.text, row.letter.written_at, row.get_state_display())
        for row in about(reference, at=at)
        if row.letter
    ]
