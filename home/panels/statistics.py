"""How many came last week, and what did they read? For the first page of the CMS."""

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from home import statistics
from home.models import Tally
from home.statistics import OTHER, SEE, Period, pages, words
from home.statistics.periods import Unit

_DAYS, _TOP = 7, 3
_WIDE, _HIGH = 12, 40  # units of a bar of the sparkline


class VisitStatus(Component):
    """The last seven days that are over, for those who may see statistics."""

    name = "statistics"
    order = 180
    template_name = "home/statistics/panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        user = (parent_context or {})["request"].user
        if not user.has_perm(SEE):
            return {}
        today = timezone.now().astimezone(UTC).date()
        period = Period.last(_DAYS, until=today - timedelta(days=1))
        found, before = statistics.total(period), statistics.total(period.before)
        address = reverse("statistics:index")
        if not found.days:
            return {"may": True, "empty": words.nothing(), "address": address}
        return {
            "may": True,
            "address": f"{address}?since={period.since}&until={period.until}",
            "visitors": words.number(found.visitors),
            "change": words.change(found.visitors, before.visitors) if before.days == _DAYS else "",
            "top": list(_top(period)),
            **_spark(period),
        }


def _top(period: Period) -> list[tuple[str, str]]:
    found = [pair for pair in statistics.by_value(period, Tally.Of.PAGE) if pair[0] != OTHER][:_TOP]
    names = pages.titles(path for path, _sum in found)
    return [(names.get(path, path), words.number(each.views)) for path, each in found]


def _spark(period: Period) -> dict[str, Any]:
    """Bars of the days, and the same in words."""
    found = statistics.over_time(period, Unit.DAY)
    most = max((each.visitors or 0 for _day, each in found), default=0) or 1
    heights = [_HIGH * (each.visitors or 0) // most for _day, each in found]
    said = [f"{date_format(day, 'j M')}: {words.number(each.visitors)}" for day, each in found]
    return {
        "bars": [(place * _WIDE, _HIGH - height, height) for place, height in enumerate(heights)],
        "words": _("Visitors of each day: %(days)s.") % {"days": "; ".join(said)},
    }
