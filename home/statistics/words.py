"""How are sums said, and what is said where there are none?"""

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from home.statistics.reading import state
from home.statistics.rolling import FEW


def few() -> str:
    return _("fewer than %(few)d") % {"few": FEW}


def number(count: int | None) -> str:
    return few() if count is None else intcomma(count)


def change(now: int | None, then: int | None) -> str:
    """ "12 % more than in the time before"; empty where it would say nothing."""
    if not now or not then:
        return ""
    percent = round(100 * (now - then) / then)
    if not percent:
        return _("as many as in the time before")
    more, fewer = _("%(percent)d %% more than in the time before"), _("%(percent)d %% fewer than in the time before")
    return (more if percent > 0 else fewer) % {"percent": abs(percent)}


def nothing() -> str:
    """Why there is nothing to see, and what to do about it."""
    if not settings.ACTION_LOG:
        return _("The action log is off, so nothing is counted. Set ACTION_LOG=True and start the site anew.")
    if state().last is None:
        return _("No visits have been counted yet. A worker sums them up within an hour of the first.")
    return _("Nothing was counted in this time. Choose a longer one.")
