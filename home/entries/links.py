"""How does the link in a mail name an entry, without a table and without anything about its writer?"""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from home.entries.showing import Gone, standing
from home.models import PublicEntry
from mailing import tokens

ACT = "entry"
_MOST = 2**63  # what a column of numbers can hold


class NotOurs(LookupError):
    """It was never made here, or was changed on the way."""


def token(entry: PublicEntry) -> str:
    """The same for one entry, for as long as it is there: its number, encrypted and authenticated."""
    return tokens.make(ACT, entry.pk)


def address(entry: PublicEntry) -> str:
    """The whole address at which its writer takes the entry down, in the language in which they wrote."""
    with translation.override(entry.locale):
        return f"{settings.SITE_URL}{reverse('home:entry', args=[token(entry)])}"


def of_token(said: str, *, at: datetime) -> PublicEntry:
    """The entry that a link names, if it stands at `at` (UTC). Raises NotOurs, Gone."""
    try:
        number, _second = tokens.read(said, ACT)
    except tokens.BadToken:
        raise NotOurs from None
    entry = standing(at).select_related("form", "decision").filter(pk=number).first() if number < _MOST else None
    if entry is None:
        raise Gone
    return entry
