"""Who received data of a person in the last three years, and is told of the erasure (GDPR Art. 19)?"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from records import post
from records.models import DisclosedSubject, Disclosure, Erasure
from records.registry import Purpose

BACK = timedelta(days=3 * 365)


def recipients_of(subject: bytes, *, now: datetime) -> list[dict[str, Any]]:
    """By recipient: name, country, e-mail where one is known, and the disclosures by number and day. Names nobody."""
    those = DisclosedSubject.objects.filter(subject=subject, disclosure__at__gt=now - BACK)
    found: dict[int, dict[str, Any]] = {}
    acts = Disclosure.objects.filter(pk__in=those.values("disclosure")).select_related("recipient")
    for row in acts.order_by("number"):
        fresh = {
            "name": row.recipient.name,
            "country": row.recipient.country,
            "email": row.recipient.email,
            "told": False,
            "disclosures": [],
        }
        known = found.setdefault(row.recipient_id, fresh)
        known["disclosures"].append({"number": row.number, "date": f"{row.at:%Y-%m-%d}"})
    return list(found.values())


def notify(erasure: Erasure, *, now: datetime) -> list[dict[str, Any]]:
    """Writes to each that has an address, in the transaction of the caller; returns all, for whoever tells the rest."""
    found = recipients_of(bytes(erasure.subject), now=now)
    for each in found:
        each["told"] = bool(each["email"]) and _write(erasure, each, now)
    return found


def _write(erasure: Erasure, to: dict[str, Any], now: datetime) -> bool:
    """Names the disclosure and nobody: which person it was is told on the way that was agreed for it."""
    with translation.override(settings.LANGUAGE_CODE):
        numbers = [
            _("Disclosure %(number)d of %(date)s") % {"number": said["number"], "date": said["date"]}
            for said in to["disclosures"]
        ]
        subject = _("Data that we handed to you has to be erased")
        text = _letter() % {"site": settings.SITE_URL, "disclosures": "\n".join(numbers)}
    try:
        post.write(
            email=to["email"],
            subject=subject,
            text=text,
            locale=settings.LANGUAGE_CODE,
            now=now,
            purpose=Purpose.LEGAL,
            about=f"{erasure._meta.label}:{erasure.pk}",
        )
    except post.NoCarrier:
        return False
    return True


def _letter() -> str:
    return _(
        "Somebody whose data we handed to you had their data erased at %(site)s. Their data was in:\n\n"
        "%(disclosures)s\n\n"
        "Article 19 of the GDPR obliges us to tell you. Please erase it as well, unless the law tells you to keep it. "
        "This mail names nobody: answer it, and we tell you over a safe way who it is.\n"
    )
