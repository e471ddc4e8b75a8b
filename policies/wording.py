"""How are a version, an instant, the time until it, and what a frozen text rests on said in words?"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from policies.models import PolicyRendition, PolicyVersion
from records.models import TermSheet

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


def versions(sheets: Collection[TermSheet]) -> dict[int, str]:
    """The version each sheet of terms was written for, by the sheet's id, under the title it has in the language that
    is active; the authoritative title where it is not translated."""
    of = {"policy__in": {sheet.policy for sheet in sheets}, "number__in": {sheet.number for sheet in sheets}}
    originals = PolicyVersion.objects.filter(**of).values_list("policy", "number", KT("content__title"))
    translated = PolicyRendition.objects.filter(
        language=get_language(), version__in=PolicyVersion.objects.filter(**of)
    ).order_by("number")
    places = [*originals, *translated.values_list("version__policy", "version__number", KT("content__title"))]
    titles = {(policy, number): title for policy, number, title in places}  # the newest translation comes last
    return {
        sheet.pk: _("%(title)s, version %(number)d") % {"title": titles[key], "number": sheet.number}
        for sheet in sheets
        if (key := (sheet.policy, sheet.number)) in titles
    }


def instant(at: datetime, *, seconds: bool = True) -> str:
    """In the time zone of whoever looks, as editors name instants: “1 March 2027, 00:00 Europe/Berlin”, the seconds
    where there are some. Without `seconds`, as visitors read them: “1 March 2027, 00:00 CET”."""
    local = timezone.localtime(at)
    if not seconds:
        return date_format(local, "DATETIME_FORMAT")
    clock = date_format(local, "H:i:s" if local.second else "H:i")
    return f"{date_format(local, 'DATE_FORMAT')}, {clock} {timezone.get_current_timezone_name()}"


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
