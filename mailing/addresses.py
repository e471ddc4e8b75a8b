"""What does an address say by itself: which domain, whose mailboxes, and which hash stands for it?"""

import hashlib
import hmac
import re
from email.utils import parseaddr

from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

_SENDER = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")


class Provider(TextChoices):
    """Who runs the mailbox. Rates and slowdowns are kept for each."""

    GMAIL = "gmail", "Gmail"
    MICROSOFT = "microsoft", "Microsoft"
    YAHOO = "yahoo", "Yahoo"
    OTHER = "other", _("others")


DOMAINS = {
    Provider.GMAIL: ("gmail.com", "googlemail.com"),
    Provider.MICROSOFT: ("outlook.com", "hotmail.com", "live.com", "msn.com"),
    Provider.YAHOO: ("yahoo.com", "ymail.com", "rocketmail.com", "aol.com"),
}
_HOUSES = {Provider.MICROSOFT: ("outlook", "hotmail", "live"), Provider.YAHOO: ("yahoo",)}  # hotmail.fr, yahoo.co.uk
EXCHANGERS = {  # endings of the names of mail exchangers (MX)
    Provider.GMAIL: (".google.com", ".googlemail.com"),
    Provider.MICROSOFT: (".outlook.com", ".office365.us"),
    Provider.YAHOO: (".yahoodns.net",),
}


def normal(email: str) -> str:
    """One spelling of one mailbox, as the unique index has it."""
    return email.strip().lower()


def domain(email: str) -> str:
    """After the last @, in the form that DNS has it (IDNA)."""
    name = normal(email).rpartition("@")[2]
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name


def provider(domain: str, exchangers: list[str] | None = None) -> Provider:
    """By the domain itself, else by its mail exchangers where they are known."""
    for who, names in DOMAINS.items():
        if domain in names or domain.partition(".")[0] in _HOUSES.get(who, ()):
            return who
    for who, endings in EXCHANGERS.items():
        if any(f".{exchanger}".rstrip(".").lower().endswith(endings) for exchanger in exchangers or []):
            return who
    return Provider.OTHER


def digest(email: str) -> bytes:
    """The keyed hash that stands for an address on the suppression list (HMAC-SHA256, 32 bytes)."""
    one_spelling = f"{normal(email).rpartition('@')[0]}@{domain(email)}"  # müller.example and xn--mller-kva.example
    return hmac.digest(settings.MAIL_SUPPRESSION_KEY.encode(), one_spelling.encode(), hashlib.sha256)


def is_sender(text: str) -> bool:
    """Is this "Name <address>" or an address, on one line?"""
    return "\n" not in text and "\r" not in text and bool(_SENDER.fullmatch(parseaddr(text)[1]))
