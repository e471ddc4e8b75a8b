"""How long does a cookie last: "session", "PT30M", "P2Y", "unlimited"? In words, and in seconds to compare."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records import periods

_CLOCK = {"S": 1, "M": 60, "H": 3600}
UNLIMITED = "unlimited"  # storage that nothing ends but the visitor
_CALENDAR = {"D": 1, "W": 7, "M": 31, "Y": 366}  # days, at the most


def seconds(lifetime: str) -> int:
    """At the most; 0 for one that ends with the session, or that nobody has stated."""
    if lifetime == UNLIMITED:
        return 1000 * _CALENDAR["Y"] * 86400
    if lifetime.startswith("PT"):
        return int(lifetime[2:-1]) * _CLOCK[lifetime[-1]]
    return int(lifetime[1:-1]) * _CALENDAR[lifetime[-1]] * 86400 if lifetime.startswith("P") else 0


def words(lifetime: str) -> str:
    """In the language of the moment: "2 years", "until the browser is closed"; "" for one that nobody has stated."""
    if lifetime == "session":
        return _("until the browser is closed")
    if lifetime == UNLIMITED:
        return _("until you delete it in your browser")
    if not lifetime.startswith("PT"):
        return periods.parse(lifetime).words() if lifetime else ""
    number = int(lifetime[2:-1])
    forms = {
        "S": ngettext("%(number)d second", "%(number)d seconds", number),
        "M": ngettext("%(number)d minute", "%(number)d minutes", number),
        "H": ngettext("%(number)d hour", "%(number)d hours", number),
    }
    return forms[lifetime[-1]] % {"number": number}
