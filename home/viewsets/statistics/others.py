"""What do consent, mail, inquiries, promotions and requests about data look like in numbers?"""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from consent.statistics import Asked
from consent.statistics import Unit as ConsentUnit
from consent.viewsets import tables as consent_tables
from home.models import Inquiry
from home.statistics import Period, beside
from home.viewsets.statistics.tables import Line, Table, barred
from records import drawing
from records.models import SubjectRequest

_SHOWN = ("group", "source", "service", "language")


def consent(period: Period) -> list[Table]:
    """As the report of consent statistics counts them: by the site's days, each choice of fewer than five hidden."""
    asked = Asked(period.since, period.until)
    found = {each.key: each for each in consent_tables.tables(asked, ConsentUnit(period.unit.value))}
    return [_from_consent(found[key]) for key in _SHOWN]


def _from_consent(found: consent_tables.Table) -> Table:
    answers = "yes" in found.columns
    share = [_("Share that allowed it")] if answers else []
    lines = [Line(each.label, [*_cells(each, found), *(_share(each) if answers else [])]) for each in found.lines]
    return Table(found.key, found.title, found.heading, [*found.columns.values(), *share], lines)


def _cells(line: consent_tables.Line, found: consent_tables.Table) -> list[Any]:
    shown: list[Any] = [line.row.shown] if "shown" in found.columns else []
    return shown + ([line.hidden] * found.counted if line.hidden else list(line.cells))


def _share(line: consent_tables.Line) -> list[str]:
    if line.hidden or not line.row.made:
        return [""]
    return [_("%(share)d%%") % {"share": round(100 * line.row.counts["yes"] / line.row.made)}]


def campaigns(period: Period) -> list[Table]:
    """Exact numbers are on the page of each campaign."""
    lines = [
        Line(
            each.campaign.title,
            list(each.numbers.values()),
            date_format(timezone.localtime(each.campaign.queued_at), "j E Y"),
            reverse("campaigns:inspect", args=[each.campaign.pk]),
        )
        for each in beside.campaigns(period, now=timezone.now())
    ]
    headings = [_("Recipients"), _("Accepted"), _("Came back or refused"), _("Reported as spam")]
    headings += [_("Links counted"), _("Followed a link")]
    says = _("Links are counted only for readers who agreed to it. Numbers are in steps of five.")
    empty = _("No campaign was queued in this time.")
    return [Table("campaigns", _("Campaigns sent"), _("Campaign"), headings, lines, says=says, empty=empty)]


def inquiries(period: Period) -> list[Table]:
    found = beside.inquiries(period, now=timezone.now())
    states = [capfirst(str(label)) for label in Inquiry.State.labels]
    weeks = [Line(date_format(start, "j E Y"), list(counts.values())) for start, counts in found.weeks]
    none = found.number == 0
    by_form = barred([Line(title or _("a page that is gone"), [count]) for title, count in found.forms])
    empty = _("No inquiry of this time is there; those whose period is over are gone.")
    says = _("Half of those that were answered had their first answer within %(time)s.")
    waited = says % {"time": _lasts(found.answered_in)} if found.answered_in is not None else ""
    steps = _("Numbers are in steps of five; the inbox shows each inquiry.")
    return [
        Table(
            "weeks",
            _("Inquiries by week"),
            _("Week from"),
            states,
            [] if none else weeks,
            says=f"{waited} {steps}".strip(),
            empty=empty,
            chart=_weeks(found),
            chart_words=_("One bar for each row of the table below, without what is fewer than five."),
            legend=[("visitors", _("inquiries"))],
        ),
        Table("forms", _("Inquiries by form"), _("Form"), [_("Inquiries")], by_form, empty=empty),
    ]


def _weeks(found: beside.Inquiries) -> drawing.Bars | None:
    sums = [(start, sum(count or 0 for count in counts.values())) for start, counts in found.weeks]
    if not any(number for _start, number in sums):
        return None
    rows = [(date_format(start, "j M"), {"visitors": number}) for start, number in sums]
    return drawing.bars(rows, ["visitors"])


def _lasts(time: Any) -> str:
    now = timezone.now()
    return timesince(now - time, now)


def requests(period: Period) -> list[Table]:
    kinds = dict(SubjectRequest.Kind.choices)
    states = [capfirst(str(label)) for label in SubjectRequest.State.labels]
    lines = [
        Line(capfirst(str(kinds.get(kind, _("not chosen yet")))), list(counts.values()))
        for kind, counts in beside.requests(period)
    ]
    empty, says = _("Nobody asked about their data in this time."), _("Numbers are in steps of five.")
    return [Table("requests", _("Requests about data"), _("Request"), states, lines, says=says, empty=empty)]
