"""How do the sums of consent statistics read: as tables on a screen, as CSV, as JSON?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from wagtail.models import Site

from consent import catalogue, statistics
from consent.models import Decision, Snapshot
from consent.statistics import ACTIONS, ANSWERS, Asked, Row, Totals, Unit, Veil
from policies.states import language_name

WIDTH = 200  # of the longest bar
_DAY = "j E Y"  # as `policies.wording` names instants


@dataclass(frozen=True)
class Line:
    """A row with its name in words. `shown` and `made` are the lengths of its bars."""

    row: Row
    label: str
    cells: list[int]
    hidden: str = ""
    shown: int = 0
    made: int = 0


@dataclass(frozen=True)
class Table:
    key: str
    title: str
    heading: str
    columns: dict[str, str]
    lines: list[Line]
    charted: bool = False

    @property
    def counted(self) -> int:
        """How many columns a hidden row leaves empty."""
        return len(self.columns) - ("shown" in self.columns)


def tables(asked: Asked, unit: Unit) -> list[Table]:
    """Every break-down, each asked of the database by one query for decisions and one for showings."""
    names, snapshots = _names(), _snapshots()
    return [
        _table("time", gettext("Over time"), _unit(unit), statistics.over_time(asked, unit), _day(unit)),
        _table("group", gettext("By group"), gettext("Group"), statistics.per_group(asked), _in(names)),
        _table("service", gettext("By service"), gettext("Service"), statistics.per_service(asked), _in(names)),
        _table("language", gettext("By language"), gettext("Language"), statistics.by_language(asked), language_name),
        _table(
            "configuration",
            gettext("By published configuration"),
            gettext("Configuration"),
            statistics.by_snapshot(asked),
            _in(snapshots),
        ),
        _table("source", gettext("By source"), gettext("Source"), statistics.by_source(asked), _source),
    ]


def hidden(veil: Veil | None) -> str:
    if veil is Veil.FEW:
        return gettext("fewer than %(few)d") % {"few": statistics.FEW}
    return gettext("not shown") if veil else ""


def configuration(snapshot: Snapshot) -> str:
    """ "Configuration 4, 1 March 2026": as a privacy officer names one. Its content is not read."""
    words = {"number": snapshot.number, "day": date_format(timezone.localdate(snapshot.published_at), _DAY)}
    return gettext("Configuration %(number)d, %(day)s") % words


def as_lines(totals: Totals, found: list[Table]) -> Iterator[list[Any]]:
    """For CSV: the table, the row, what is counted, and how often; the headings first."""
    yield ["table", "name", "counted", "number"]
    for name, number in plain_totals(totals).items():
        yield ["total", "", name, hidden(totals.row.veil) if number is None else number]
    for table in found:
        for line in table.lines:
            for counted in table.columns:
                number = _count(line.row, counted)
                yield [table.key, _plain(line.row.name), counted, line.hidden if number is None else number]


def as_json(totals: Totals, found: list[Table]) -> dict[str, Any]:
    """What is hidden is null."""
    return {
        "fewer_than": statistics.FEW,
        "totals": plain_totals(totals),
        **{
            table.key: [
                {"name": _plain(line.row.name), **{column: _count(line.row, column) for column in table.columns}}
                for line in table.lines
            ]
            for table in found
        },
    }


def plain_totals(totals: Totals) -> dict[str, int | None]:
    counted = {name: _count(totals.row, name) for name in ("shown", "made", *ACTIONS)}
    return counted | {
        "answered_in_banner": totals.answered,
        "not_answered_there": totals.unanswered,
        "with_gpc": totals.gpc,
        "asked_for_gpc": totals.heard,
    }


def period(asked: Asked) -> str:
    """ "1 December 2025 – 1 March 2026"."""
    return f"{date_format(asked.since, _DAY)} – {date_format(asked.until, _DAY)}"


def sums(totals: Totals) -> list[tuple[str, int | str, str, bool]]:
    """What each total counts, how many there are, which part of what that is, and whether it is a part of the row
    above."""
    row, shown = totals.row, (gettext("Visits that saw the banner"), totals.row.shown or 0, "", False)
    if row.veil or totals.answered is None:
        return [shown, (gettext("Decisions"), hidden(row.veil), "", False)]
    return [
        shown,
        (gettext("Answered in the banner"), totals.answered, _share(totals.answered, row.shown), True),
        (gettext("Not answered there"), totals.unanswered or 0, _share(totals.unanswered, row.shown), True),
        (gettext("Decisions"), row.made, "", False),
        *((label, row.counts[action], "", True) for action, label in _actions().items()),
        (gettext("With a Global Privacy Control signal"), totals.gpc or 0, _share(totals.gpc, totals.heard), True),
    ]


def _share(part: int | None, whole: int | None) -> str:
    """Where the part is larger, some browsers answer and do not tell that they saw the banner: then it is no share."""
    return gettext("%(share)d%%") % {"share": round(100 * part / whole)} if part and whole and part <= whole else ""


def _table(key: str, title: str, heading: str, rows: list[Row], label: Callable[[Any], str]) -> Table:
    columns = _columns(rows, answers=key in {"group", "service"})
    longest = max((max(row.shown or 0, row.made) for row in rows), default=0) or 1
    lines = [
        Line(
            row,
            label(row.name),
            [_count(row, column) or 0 for column in columns if column != "shown"],
            hidden(row.veil),
            shown=WIDTH * (row.shown or 0) // longest,
            made=WIDTH * row.made // longest,
        )
        for row in rows
    ]
    return Table(key, title, heading, columns, lines, charted=key == "time")


def _columns(rows: list[Row], *, answers: bool) -> dict[str, str]:
    if answers:
        return dict(zip(ANSWERS, (gettext("Allowed"), gettext("Refused")), strict=True))
    told_apart = any(row.shown is not None for row in rows)
    shown = {"shown": gettext("Banner shown")} if told_apart else {}
    return {**shown, "made": gettext("Decisions"), **_actions()}


def _actions() -> dict[str, str]:
    words = (gettext("Given"), gettext("Refused"), gettext("Changed"), gettext("Withdrawn"))
    return dict(zip(ACTIONS, words, strict=True))


def _count(row: Row, column: str) -> int | None:
    """None where it is hidden."""
    if column == "shown":
        return row.shown
    if row.veil:
        return None
    return row.made if column == "made" else row.counts.get(column, 0)


def _plain(name: Any) -> Any:
    return name.isoformat() if isinstance(name, date) else name


def _unit(unit: Unit) -> str:
    return {Unit.DAY: gettext("Day"), Unit.WEEK: gettext("Week from"), Unit.MONTH: gettext("Month")}[unit]


def _day(unit: Unit) -> Callable[[date], str]:
    return lambda day: date_format(day, "YEAR_MONTH_FORMAT" if unit is Unit.MONTH else _DAY)


def _in(names: dict[Any, str]) -> Callable[[Any], str]:
    return lambda name: names.get(name, str(name))


def _source(value: str) -> str:
    return str(Decision.Source(value).label)


def _names() -> dict[str, str]:
    """Of groups and services, as the sites show them now; one that is gone goes by its key."""
    current = [published for site in Site.objects.all() if (published := catalogue.current(site.pk))]
    groups = [group for published in current for group in published.shown(get_language() or "")]
    return {row["key"]: row["name"] for group in groups for row in (group, *group["services"])}


def _snapshots() -> dict[int, str]:
    return {row.pk: configuration(row) for row in Snapshot.objects.defer("content")}
