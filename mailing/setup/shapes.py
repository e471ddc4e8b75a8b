"""What is checked, what may come out of it, and which settings and senders it is about."""

from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from ipaddress import ip_address
from typing import Any

from django.conf import settings

from mailing import addresses
from mailing.models import MailingList

SMTP_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class Status(StrEnum):
    OK = "ok"
    MISSING = "missing"
    WRONG = "wrong"
    UNKNOWN = "unknown"  # could not look


class Check(StrEnum):
    SPF = "spf"
    DKIM = "dkim"
    DMARC = "dmarc"
    ALIGNMENT = "alignment"
    REPLIES = "replies"
    RETURN_PATH = "return_path"
    RETURNS = "returns"
    TLS = "tls"
    REVERSE = "reverse"
    HELO = "helo"
    SITE = "site"


@dataclass(frozen=True)
class Said:
    """A sentence by its key in `words.SENTENCES`, with what goes into its gaps."""

    key: str
    words: dict[str, Any]


@dataclass(frozen=True)
class Finding:
    check: Check
    subject: str  # a domain, a host, an address of a page
    status: Status
    said: tuple[Said, ...] = ()
    seen: tuple[str, ...] = ()  # records and answers as they came
    record: str = ""  # what to publish in DNS, or to set, as it is


@dataclass(frozen=True)
class Server:
    """The mail server that takes this site's messages. `tls`: "starttls", "ssl" (from the first byte) or ""."""

    host: str
    port: int
    tls: str

    @property
    def is_local(self) -> bool:
        """On this machine or in this network: its own address says nothing of what receivers see."""
        try:
            return not ip_address(self.host).is_global
        except ValueError:
            return "." not in self.host or self.host.endswith((".local", ".internal", ".localhost"))


@dataclass(frozen=True)
class Configured:
    senders: tuple[str, ...]  # domains after From:
    selectors: tuple[str, ...]
    return_address: str
    reads_returns: bool
    by_provider: bool  # a provider's programming interface instead of SMTP
    server: Server | None
    site_url: str

    @property
    def return_domain(self) -> str:
        return addresses.domain(self.return_address) if self.return_address else ""


def configured() -> Configured:
    """What the settings and the mailing lists say now."""
    used = [settings.DEFAULT_FROM_EMAIL, *MailingList.objects.exclude(sender="").values_list("sender", flat=True)]
    domains = dict.fromkeys(addresses.domain(parseaddr(sender)[1]) for sender in used)
    by_provider = settings.MAIL_TRANSPORT == "backend" and settings.EMAIL_BACKEND != SMTP_BACKEND
    return Configured(
        senders=tuple(domain for domain in domains if domain),
        selectors=tuple(settings.MAIL_DKIM_SELECTORS),
        return_address=settings.MAIL_RETURN_ADDRESS,
        reads_returns=bool(settings.MAIL_RETURN_MAILBOX),
        by_provider=by_provider,
        server=None if by_provider else _server(),
        site_url=settings.SITE_URL,
    )


def _server() -> Server:
    tls = "ssl" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else ""
    return Server(settings.EMAIL_HOST, settings.EMAIL_PORT, tls)
