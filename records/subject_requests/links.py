"""Which request does a link from a mailbox open, and is it still good? Only the digest of a link is stored."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation

from records import retention
from records.models import SubjectRequest

BYTES = 32
LASTS = timedelta(hours=24)
CHOOSE, ERASE, DOWNLOAD = "choose", "erase", "download"


class NoLink(LookupError):
    """It was never made, or was used already."""


class TooOld(NoLink):
    """Its time is over."""


def give(row: SubjectRequest, opens: str, *, now: datetime, lasts: timedelta = LASTS) -> str:
    """A fresh link for a request, in place of any other it had: returns the token that stands in its address."""
    token = secrets.token_hex(BYTES)  # no sign that a mail program takes for the end of a sentence
    row.link, row.link_opens, row.link_until = digest(token), opens, now + lasts
    row.save(update_fields=["link", "link_opens", "link_until"])
    return token


def find(token: str, *, now: datetime) -> SubjectRequest:
    """The request a link opens, for whoever only looks. Raises NoLink, TooOld."""
    return _good(_opened_by(token, now).first(), now)


def lock(token: str, *, now: datetime) -> SubjectRequest:
    """The same, locked in the caller's transaction: of two who use a link at once the second finds it used.
    Raises NoLink, TooOld."""
    return _good(_opened_by(token, now).select_for_update(no_key=True).first(), now)


def _opened_by(token: str, now: datetime) -> QuerySet[SubjectRequest]:
    """What has reached its end opens no more, whenever the worker comes by."""
    return retention.unexpired(SubjectRequest.objects.filter(link=digest(token)), now)


def _good(row: SubjectRequest | None, now: datetime) -> SubjectRequest:
    if row is None or row.link_until is None:
        raise NoLink
    if now >= row.link_until:
        raise TooOld
    return row


def use_up(row: SubjectRequest) -> None:
    row.link, row.link_opens, row.link_until = None, "", None
    row.save(update_fields=["link", "link_opens", "link_until"])


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


def address(token: str, locale: str) -> str:
    """The whole address of a link, for a letter in this language."""
    with translation.override(locale):
        return f"{settings.SITE_URL}{reverse('records:my_data_link', args=[token])}"
