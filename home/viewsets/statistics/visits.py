"""What do the sums of the action log look like: visits, pages, where people come from, and with what?"""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from home import statistics
from home.models import Tally
from home.statistics import OTHER, Period, Sum, pages, words
from home.statistics.periods import Unit
from home.viewsets.statistics.tables import Line, Table, barred
from records import drawing

Of = Tally.Of
_DAY, _SHORT = "j E Y", "j M"


def visits(period: Period) -> list[Table]:
    unit = period.unit
    found = statistics.over_time(period, unit)
    lines = [Line(day_name(start, unit), [each.visitors, each.views], _without(each)) for start, each in found]
    known = any(each.days for _start, each in found)
    return [
        Table(
            key="time",
            title=_("Visitors and page views over time"),
            heading={Unit.DAY: _("Day"), Unit.WEEK: _("Week from"), Unit.MONTH: _("Month")}[unit],
            columns=columns(),
            lines=lines if known else [],
            empty=words.nothing(),
            chart=_chart(found, unit) if known else None,
            chart_words=_("One bar for each row of the table below, which has the same numbers."),
            legend=[("visitors", _("visitors")), ("further", _("further page views"))],
        )
    ]


def _chart(found: list[tuple[Any, Sum]], unit: Unit) -> drawing.Bars:
    short = "M Y" if unit is Unit.MONTH else _SHORT
    rows = [(date_format(start, short), _pieces(each)) for start, each in found]
    return drawing.bars(rows, ["visitors", "further"])


def _pieces(each: Sum) -> dict[str, int]:
    visitors, views = each.visitors or 0, each.views or 0
    return {"visitors": visitors, "further": max(views - visitors, 0)}


def _without(each: Sum) -> str:
    if not each.few or each.visitors is None:
        return ""
    sentence = ngettext(
        "without %(few)d day of fewer than five visitors", "without %(few)d days of fewer than five visitors", each.few
    )
    return sentence % {"few": each.few}


def day_name(start: Any, unit: Unit) -> str:
    return date_format(start, "YEAR_MONTH_FORMAT" if unit is Unit.MONTH else _DAY)


def columns() -> list[str]:
    return [_("Visitors"), _("Page views")]


def of_pages(period: Period) -> list[Table]:
    seen = statistics.by_value(period, Of.PAGE)
    first = statistics.by_value(period, Of.ENTRY)
    names = pages.titles(value for value, _sum in [*seen, *first])
    return [
        _table("page", _("What people read"), _("Page"), _page_lines(seen, names), _several()),
        _table("entry", _("Where people enter"), _("First page of the day"), _page_lines(first, names)),
    ]


def _several() -> str:
    return _("Who reads several pages counts at each: the visitors of pages do not add up to all visitors.")


def _page_lines(found: list[tuple[str, Sum]], names: dict[str, str]) -> list[Line]:
    lines = []
    for value, each in found:
        title = names.get(value, "")
        lines.append(Line(title or _other(value), [each.visitors, each.views], value if title else ""))
    return lines


def _other(value: str) -> str:
    return _("Others, not told by name") if value == OTHER else value


def sources(period: Period) -> list[Table]:
    return [
        _of_value(period, Of.SOURCE, _("Where people come from"), _("Site"), {"": _("No other site, or not said")}),
        _of_value(period, Of.CAMPAIGN, _("Campaigns"), _("Source and name (utm)"), {"": _("No campaign")}),
    ]


def devices(period: Period) -> list[Table]:
    unknown = {"": _("Not known")}
    kinds = {"phone": _("Phone"), "tablet": _("Tablet"), "computer": _("Computer"), "television": _("Television")}
    spoken = {value: _language(value) for value, _sum in statistics.by_value(period, Of.LANGUAGE) if value}
    return [
        _of_value(period, Of.DEVICE, _("Devices"), _("Device"), kinds | unknown),
        _of_value(period, Of.BROWSER, _("Browsers"), _("Browser"), unknown),
        _of_value(period, Of.SYSTEM, _("Operating systems"), _("Operating system"), unknown),
        _of_value(period, Of.LANGUAGE, _("Languages"), _("First language of the browser"), spoken | unknown),
    ]


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _of_value(period: Period, of: Of, title: str, heading: str, names: dict[str, str]) -> Table:
    found = statistics.by_value(period, of)
    names = {**names, OTHER: _other(OTHER)}
    lines = [Line(names.get(value, value), [each.visitors, each.views]) for value, each in found]
    return _table(of.value, title, heading, lines)


def policy(period: Period) -> list[Table]:
    """How often each version of a policy, the list of versions and comparisons were read."""
    found = dict(statistics.by_value(period, Of.PAGE))
    lines = [Line(name, [found[path].visitors, found[path].views], path) for path, name in pages.policy_paths(found)]
    says = _("A version that fewer than five people read on a day is not in here for that day.")
    return [_table("policy", _("Who reads the policy"), _("What is read"), lines, says)]


def _table(key: str, title: str, heading: str, lines: list[Line], says: str = "") -> Table:
    return Table(key, title, heading, columns(), barred(lines), says=says, empty=words.nothing())


def sums(period: Period) -> list[tuple[str, str, str]]:
    """What is summed up, how much it is, and how that compares with the time before."""
    found, before = statistics.total(period), statistics.total(period.before)
    told = [
        (_("Visitors, day by day"), found.visitors, before.visitors),
        (_("Page views"), found.views, before.views),
    ]
    comparable = before.days == period.days
    return [(label, words.number(now), words.change(now, then) if comparable else "") for label, now, then in told]
