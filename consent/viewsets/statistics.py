"""The report of consent statistics: how often people were asked, and what they decided. Nobody is named."""

import csv
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.views.mixins import Echo
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button

from consent import statistics
from consent.models import Decision, Redaction
from consent.statistics import Asked, Unit
from consent.viewsets import tables
from consent.viewsets.filters import OneSiteOrMore, SiteFilter, SnapshotFilter
from consent.viewsets.reading import DECISIONS, ReadersItem

UNITS = [(Unit.DAY.value, _("Days")), (Unit.MONTH.value, _("Months"))]


class StatisticsFilters(OneSiteOrMore):
    days = django_filters.DateFromToRangeFilter(label=_("Dates"), widget=DateRangePickerWidget)
    unit = django_filters.ChoiceFilter(
        label=_("Over time by"), choices=UNITS, empty_label=_("Weeks"), widget=forms.RadioSelect
    )
    site = SiteFilter()
    snapshot = SnapshotFilter()
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=settings.LANGUAGES, empty_label=_("All"), widget=forms.RadioSelect
    )

    class Meta:
        model = Decision
        fields = ["days", "unit", "site", "snapshot", "language"]


class StatisticsReport(ReportView):
    """The tables are the report; Wagtail's page around them brings the filters and the export."""

    permission_policy = DECISIONS
    permission_required = "view"
    page_title = _("Consent statistics")
    header_icon = "table"
    index_url_name = "consent_statistics:index"
    index_results_url_name = "consent_statistics:results"
    results_template_name = "consent/admin_numbers/statistics_results.html"
    filterset_class = StatisticsFilters
    export_filename = "consent-statistics"
    paginate_by = None
    FORMATS = ("csv", "json")

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What the filters say; nothing while one of them cannot be read."""
        return self.filters.form.cleaned_data if self.filters and self.filters.is_valid() else {}

    @cached_property
    def asked(self) -> Asked:
        typed, snapshot, site = self.chosen.get("days"), self.chosen.get("snapshot"), self.chosen.get("site")
        since, until = (
            [timezone.localdate(at) if at else None for at in (typed.start, typed.stop)] if typed else (None, None)
        )
        today = timezone.localdate(timezone=timezone.get_default_timezone())
        return Asked(
            *statistics.days(since, until, today),
            site=site.pk if site else None,
            snapshot=snapshot.pk if snapshot else None,
            language=self.chosen.get("language") or "",
        )

    @cached_property
    def totals(self) -> statistics.Totals:
        return statistics.totals(self.asked)

    def get_filtered_queryset(self) -> list[tables.Table]:
        return tables.tables(self.asked, Unit(self.chosen.get("unit") or Unit.WEEK))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            period=tables.period(self.asked),
            sums=tables.sums(self.totals),
            zone=timezone.get_default_timezone_name(),
            few=statistics.FEW,
            erased=Redaction.objects.count(),
            **kwargs,
        )

    def as_spreadsheet(self, found: list[tables.Table], form: str) -> HttpResponse | StreamingHttpResponse:
        if form == "json":
            response: Any = JsonResponse(
                self._said() | tables.as_json(self.totals, found), json_dumps_params={"indent": 2}
            )
        else:
            rows = map(csv.writer(Echo()).writerow, tables.as_lines(self.totals, found))
            response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.export_filename}.{form}"'
        return response

    def _said(self) -> dict[str, Any]:
        asked = self.asked
        return {
            "from": asked.since,
            "to": asked.until,
            "time_zone": timezone.get_default_timezone_name(),
            "site": asked.site,
            "configuration": asked.snapshot,
            "language": asked.language or None,
        }

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        words = {"csv": gettext("Download CSV"), "json": gettext("Download JSON")}
        return [
            Button(words[form], url=self.get_export_url(form), icon_name="download", priority=90 + place)
            for place, form in enumerate(self.FORMATS)
        ]


class StatisticsViewSet(ViewSet):
    name = "consent_statistics"
    url_prefix = "consent/statistics"
    icon = "table"
    menu_hook = "register_reports_menu_item"
    menu_item_class = ReadersItem
    menu_label = _("Consent statistics")
    menu_order = 891

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", StatisticsReport.as_view(), name="index"),
            path("results/", StatisticsReport.as_view(results_only=True), name="results"),
        ]
