"""Which time does somebody want to look at, and what is wrong with what they typed?"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from home.statistics import Period
from home.statistics.periods import LONGEST

USUAL = 28
FIRST = date(2000, 1, 1)
LENGTHS = {7: _("7 days"), 28: _("28 days"), 90: _("90 days"), 365: _("12 months")}
_DAY = "j E Y"


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as year-month-day, such as 2026-03-01.")},
    )


class PeriodForm(forms.Form):
    """A number of days up to today, or a first and a last day; 28 days where nothing is said."""

    days = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(str(days), label) for days, label in LENGTHS.items()],
        error_messages={"invalid_choice": _("Choose 7, 28 or 90 days, or 365 for 12 months.")},
    )
    since = _day_field(_("From"))
    until = _day_field(_("Until"))

    def __init__(self, data: Any, *, today: date) -> None:
        super().__init__(data, auto_id="period_%s")
        self.today = today

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if self.errors:
            return said
        until = min(said["until"] or self.today, self.today)
        if until < FIRST:
            self.add_error("until", _("That is too long ago: choose days after 1999."))
            return said
        since = said["since"]
        if since is None:
            since = until - timedelta(days=(said["days"] or USUAL) - 1)
        self._check(since, until)
        if not self.errors:
            said["period"] = Period(since, until)
        return said

    def _check(self, since: date, until: date) -> None:
        if since > self.today:
            self.add_error("since", _("Nothing is known of days to come: begin with today or before."))
        elif since > until:
            self.add_error("since", _("The first day is after the last: swap them."))
        elif (until - since).days >= LONGEST or since < FIRST:
            self.add_error("since", _("That is too long: look at three years at the most."))

    @property
    def period(self) -> Period | None:
        """None while something is wrong."""
        return self.cleaned_data.get("period") if self.is_valid() else None


def in_words(period: Period) -> str:
    """ "1 February 2026 – 28 February 2026"."""
    return f"{date_format(period.since, _DAY)} – {date_format(period.until, _DAY)}"
