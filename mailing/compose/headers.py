"""Which headers does a mail carry, besides to whom and when?"""

from email.utils import formataddr, parseaddr
from functools import lru_cache

from django.conf import settings

from mailing import tokens
from mailing.addresses import domain as in_dns
from mailing.compose.encoding import one_line, with_phrase
from mailing.models import Campaign, MailingList

# There is no "Precedence: bulk": no standard has it, and those who answer mail by themselves look for List-Id and for
# Auto-Submitted instead (RFC 3834, 2). What they answer all the same goes to the return address.
AUTOMATIC = {"Auto-Submitted": "auto-generated"}  # RFC 3834, 5: nobody wrote it for this occasion


def own_domain() -> str:
    """The domain that signs: of the site's own sender."""
    return _domain_of(settings.DEFAULT_FROM_EMAIL)


@lru_cache(maxsize=8)
def _domain_of(sender: str) -> str:
    return in_dns(parseaddr(sender)[1])


def sender_of(mailing_list: MailingList | None) -> str:
    """Who writes: "Name <address>"."""
    written = mailing_list.sender if mailing_list and mailing_list.sender else settings.DEFAULT_FROM_EMAIL
    name, address = parseaddr(written)
    return formataddr((one_line(name), reachable(address)))


def reachable(email: str) -> str:
    """An address as every server reads it: the domain as DNS has it (IDNA). Raises ValueError for what is none."""
    local, _at, name = email.strip().rpartition("@")
    if not local or not name or not local.isascii() or any(mark in email for mark in "\r\n\0 <>,"):
        raise ValueError("the address cannot be written into a header")
    return f"{local}@{name if name.isascii() else in_dns(email)}"


def message_id(delivery: int) -> str:
    """The same at every attempt, so that a repeated message is recognised; says nothing about the person."""
    return f"<{tokens.make_lower(tokens.MESSAGE, delivery)}@{own_domain()}>"


def return_address(delivery: int) -> str:
    """Where bounces of this delivery go (VERP), or the site's own sender where none is set."""
    if not settings.MAIL_RETURN_ADDRESS or not delivery:
        return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    local, _at, name = settings.MAIL_RETURN_ADDRESS.rpartition("@")
    return f"{local}+{tokens.make_lower(tokens.RETURN, delivery)}@{name}"


def list_id(key: str, name: str) -> str:
    """RFC 2919: words for people, then the name for machines, which must stay plain."""
    return _list_id(key, name, own_domain())


@lru_cache(maxsize=64)
def _list_id(key: str, name: str, domain: str) -> str:
    return with_phrase(one_line(name), f"<{key}.{domain}>")


def to_leave(url: str) -> dict[str, str]:
    """RFC 2369 and RFC 8058: what makes mailboxes show a button to leave the list."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def feedback_id(campaign: Campaign, list_key: str) -> dict[str, str]:
    """By which Gmail's Postmaster Tools count complaints: campaign, list, kind, sender; nothing about the reader. The
    sender has 5 to 15 characters."""
    sender = own_domain().replace(".", "-")[:15].strip("-").ljust(5, "0")
    return {"Feedback-ID": f"{campaign.pk or 0}:{list_key}:{campaign.kind}:{sender}"}


def answering(message: str) -> dict[str, str]:
    """What puts an answer under the message it answers (RFC 5322, 3.6.4): the last of those that are named."""
    names = one_line(message).split()
    if not names or not all(name.isascii() and name.startswith("<") for name in names):
        return {}
    return {"In-Reply-To": names[-1], "References": " ".join(names)}
