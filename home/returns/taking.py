"""What becomes of a mail that came in for replies? It is put below its inquiry once, or nothing happens."""

import hmac
import logging
from collections.abc import Iterable
from datetime import datetime
from enum import Enum

from django.conf import settings
from django.db import transaction

from home import inquiries
from home.inquiries.handling import key_for
from home.models import IncomingMessage, Inquiry
from home.returns import reading
from home.returns.reading import Mail

logger = logging.getLogger(__name__)
MOST_MAILS = 500  # below one inquiry: whoever has its address cannot fill the table
State = Inquiry.State


class Taken(Enum):
    """What became of it."""

    STORED = "put below its inquiry"
    KNOWN = "known already"
    AUTOMATIC = "written by no person"
    NOBODYS = "no token of ours in its address, or its inquiry is gone"
    UNREADABLE = "cannot be read"

    @property
    def is_settled(self) -> bool:
        """Nobody needs to look at it."""
        return self in {Taken.STORED, Taken.KNOWN, Taken.AUTOMATIC}


def take_in(raw: bytes, *, to: Iterable[str] = (), now: datetime) -> Taken:
    """Puts the reply in `raw`, sent to the addresses `to` where they are known, below the inquiry that the token in
    its address names: who sent it decides nothing. The inquiry is open again. Whatever the mail is made of, this
    raises nothing; what the database raises, it does."""
    try:
        mail = reading.read(raw, to=list(to))
    except Exception as error:  # noqa: BLE001 - the standard parser has raised a dozen kinds over the years
        # Of the mail itself nothing is logged.
        logger.warning("a reply by mail cannot be read: %s", type(error).__name__)
        return Taken.UNREADABLE
    outcome = _take(mail, now)
    if outcome is Taken.NOBODYS:
        logger.info("a reply by mail belongs to no inquiry: %d tokens", len(mail.inquiries))
    return outcome


def _take(mail: Mail, now: datetime) -> Taken:
    if len(mail.inquiries) != 1:  # two: somebody has put it together from two mails
        return Taken.NOBODYS
    if mail.automatic:
        return Taken.AUTOMATIC
    with transaction.atomic():
        [number] = mail.inquiries
        inquiry = inquiries.standing(now).filter(pk=number).first()
        if inquiry is None:
            return Taken.NOBODYS
        return _store(mail, inquiry, now)


def _store(mail: Mail, inquiry: Inquiry, now: datetime) -> Taken:
    try:
        key = key_for(inquiry, now=now)  # the inquiry is locked from here on
    except inquiries.Refused:
        return Taken.NOBODYS
    digest = _digest(mail, inquiry)
    if IncomingMessage.objects.filter(digest=digest).exists():
        return Taken.KNOWN
    if inquiry.messages.count() >= MOST_MAILS:
        logger.warning("inquiry %d has %d mails below it; no more are taken", inquiry.pk, MOST_MAILS)
        return Taken.NOBODYS
    IncomingMessage.objects.create(
        inquiry=inquiry,
        subject_key=key,
        sender=mail.sender,
        subject=mail.subject,
        text=mail.text,
        message_id=mail.message_id,
        digest=digest,
        received_at=now,
    )
    again = [State.OPEN, State.WAITING, State.CLOSED]
    Inquiry.objects.filter(pk=inquiry.pk, state__in=again).update(state=State.OPEN, changed_at=now)
    return Taken.STORED


def _digest(mail: Mail, inquiry: Inquiry) -> bytes:
    """By its number; without one, by what it says. Keyed, for a Message-ID may name its writer."""
    known = mail.message_id or f"{mail.sender}\0{mail.subject}\0{mail.text}"
    said = f"reply\0{inquiry.pk}\0{known}".encode()
    return hmac.digest(bytes.fromhex(settings.RECORDS_INDEX_KEY), said, "sha256")
