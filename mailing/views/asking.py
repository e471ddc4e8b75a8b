"""What is somebody told who decides about mail: in which words, under which policy, on which page?"""

import hashlib
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from consent import told
from consent.countries import country
from consent.told import Told
from consent.views import visitor as visitors
from mailing.models import MailingList
from records.models import Controller, Recipient


def statement(request: HttpRequest, mailing_list: MailingList) -> str:
    """The words a person agrees to, kept with their consent."""
    return _("%(owner)s may send me “%(list)s” by e-mail: %(description)s I can leave at any time.") % {
        "owner": Controller.for_request(request).name,
        "list": mailing_list.name,
        "description": mailing_list.description,
    }


def link_statement(request: HttpRequest, mailing_list: MailingList) -> str:
    """The same for counting which links are followed."""
    said = _("%(owner)s may count which links of the mails of “%(list)s” I open. I can end this here at any time.")
    return said % {"owner": Controller.for_request(request).name, "list": mailing_list.name}


def share_statement(request: HttpRequest, recipient: Recipient) -> str:
    """The same for letting data reach somebody else."""
    said = _(
        "%(owner)s may give my e-mail address, my name and what I say about myself here to %(recipient)s. %(words)s I "
        "can take this back here at any time."
    )
    words = {"owner": Controller.for_request(request).name, "recipient": _seated(recipient), "words": recipient.words}
    return " ".join((said % words).split())


def _seated(recipient: Recipient) -> str:
    return f"{recipient.name} ({country(recipient.country)})" if recipient.country else recipient.name


def fingerprint(words: Iterable[str]) -> str:
    """The same while what a page asks for stays the same."""
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def told_now(request: HttpRequest) -> Told:
    """The policy that this person could read when they pressed, in the language of the page."""
    site = visitors.site_of(request)
    return told.at(site.pk, timezone.now(), language()) if site else Told()


def page_of(request: HttpRequest) -> str:
    """The path of the page that was sent; without what only its reader may know."""
    visitor = visitors.of(request)
    return visitor.path if visitor else ""


def language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE
