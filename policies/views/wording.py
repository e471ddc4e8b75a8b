"""How are an instant, the time until it, and what a frozen text rests on said in words?"""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

INSTANT = "j E Y, H:i e"
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400  # seconds
_THINGS = {
    "owner": gettext_lazy("the owner's name"),
    "address": gettext_lazy("postal address"),
    "phone": gettext_lazy("telephone"),
    "email": gettext_lazy("e-mail"),
    "site": gettext_lazy("address of the site"),
    "services": gettext_lazy("services and cookies"),
    "data": gettext_lazy("data we hold"),
}


def instant(at: datetime) -> str:
    """In the site's zone, which is named."""
    return date_format(timezone.localtime(at), INSTANT)


def time_left(at: datetime, now: datetime) -> str:
    """ "in 9 days", rounded down; two days and more are counted in days."""
    seconds = int((at - now).total_seconds())
    if seconds >= 2 * _DAY:
        number = seconds // _DAY
        return ngettext("in %(number)d day", "in %(number)d days", number) % {"number": number}
    if seconds >= _HOUR:
        number = seconds // _HOUR
        return ngettext("in %(number)d hour", "in %(number)d hours", number) % {"number": number}
    if seconds >= _MINUTE:
        number = seconds // _MINUTE
        return ngettext("in %(number)d minute", "in %(number)d minutes", number) % {"number": number}
    return _("in less than a minute")


def things(names: Iterable[str]) -> str:
    """What `expansion.changed` names, each thing once."""
    kinds = dict.fromkeys(name.partition(":")[0] for name in names)
    return ", ".join(str(_THINGS.get(kind, kind)) for kind in kinds)
