"""How does one person get an answer? A letter is a row of the same queue, under a purpose of its own."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from mailing import addresses
from mailing.models import Delivery, Letter
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
    "home.Inquiry:12". It needs no consent to promotional mail: the person wrote first."""
    domain = addresses.domain(email)
    with transaction.atomic():
        letter = Letter.objects.create(
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


def about(reference: str) -> QuerySet[Delivery]:
    """What was written about something, such as "home.Inquiry:12", and what became of it; the newest first."""
    return Delivery.objects.filter(letter__about=reference).select_related("letter").order_by("-pk")


def waiting(now: datetime) -> bool:
    """Is there a letter that may leave at `now`?"""
    return Delivery.objects.filter(
        letter__isnull=False, state__in=("pending", "deferred"), not_before__lte=now
    ).exists()
