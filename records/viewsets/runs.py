"""What did retention delete, when and by which version? And what will be due tomorrow?"""

from datetime import datetime, timedelta
from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSet

from records import retention
from records.models import RetentionRun
from records.registry import kept
from records.viewsets.permitted import RUNS, ForReadersOfRuns

DAY = timedelta(days=1)


def titles() -> dict[str, str]:
    """Every rule in words, by its key."""
    return {key: str(keep.rows or entry.title) for key, (entry, keep) in kept().items()}


class RunFilters(WagtailFilterSet):
    ran_at = django_filters.DateFromToRangeFilter(label=_("Dates"), widget=DateRangePickerWidget)
    holding = django_filters.ChoiceFilter(label=_("Data set"))
    did = django_filters.ChoiceFilter(
        label=_("What it did"),
        method="doing",
        choices=[
            ("deleted", _("deleted rows")),
            ("held", _("left rows that a hold covers")),
            ("any", _("whatever it did, also nothing")),
        ],
        empty_label=_("deleted rows, or left some that a hold covers"),
    )

    class Meta:
        model = RetentionRun
        fields = ["ran_at", "holding", "did"]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.filters["holding"].extra["choices"] = sorted(titles().items(), key=lambda pair: pair[1])

    def filter_queryset(self, queryset: QuerySet[RetentionRun]) -> QuerySet[RetentionRun]:
        """Most runs find nothing to do: their records are shown to whoever asks for them."""
        found: QuerySet[RetentionRun] = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("did") else found.filter(Q(expired__gt=0) | Q(held__gt=0))

    def doing(self, runs: QuerySet[RetentionRun], name: str, value: str) -> QuerySet[RetentionRun]:
        if value == "any":
            return runs
        return runs.filter(expired__gt=0) if value == "deleted" else runs.filter(held__gt=0)


class RunReport(ReportView):
    model = RetentionRun
    permission_policy = RUNS
    permission_required = "view"
    page_title = _("Retention runs")
    header_icon = "history"
    index_url_name = "retention_runs:index"
    index_results_url_name = "retention_runs:results"
    template_name = "records/runs.html"
    filterset_class = RunFilters
    export_filename = "retention-runs"
    no_results_message = _(
        "No run has deleted anything yet, or none like this. The filters show those with nothing to do."
    )
    columns = [
        Column("ran", label=_("Run")),
        Column("title", label=_("Data set")),
        Column("expired", label=_("Deleted")),
        Column("held", label=_("Held")),
        Column("cut_off", label=_("Rows up to")),
        Column("oldest_left", label=_("Oldest row left")),
        Column("source", label=_("Stated by")),
    ]
    export_headings = {
        "ran_at": _("Run"),
        "holding": _("Data set"),
        "expired": _("Deleted"),
        "held": _("Held"),
        "cut_off_at": _("Rows up to"),
        "oldest_left_at": _("Oldest row left"),
        "period_days": _("Kept for (days)"),
        "stated_by": _("Stated by"),
        "sha256": _("Hash"),
    }
    list_export = [*export_headings]

    def get_queryset(self) -> QuerySet[RetentionRun]:
        return RetentionRun.objects.order_by("-pk")

    def decorate_paginated_queryset(self, object_list: Any) -> list[RetentionRun]:
        """Adds words. What the code has forgotten since shows its key."""
        runs: list[Any] = list(object_list)
        named = titles()
        for run in runs:
            run.title = named.get(run.holding, run.holding)
            run.source = run.stated_by or _("the data map: no version covers it")
            run.ran, run.cut_off, run.oldest_left = map(
                _to_the_minute, (run.ran_at, run.cut_off_at, run.oldest_left_at)
            )
        return runs

    def get_context_data(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*arguments, **options)
        if self.results_only or self.is_export:
            return context
        now = timezone.now()
        ahead = [outcome for outcome in retention.preview(now=now + DAY) if outcome.rows or outcome.held]
        latest = RetentionRun.objects.order_by("-pk").first()
        return context | {
            "ahead": ahead,
            "latest": latest,
            "next_run": _next_run(latest, now),
            "missed": retention.missed(now),
        }


def _to_the_minute(at: datetime | None) -> str:
    """In the time zone of the site: evidence says when, not how long ago."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _next_run(latest: RetentionRun | None, now: datetime) -> datetime:
    """When beat asks a worker again; now, where that has passed or never happened."""
    return max(latest.ran_at + timedelta(seconds=settings.EXPIRE_EVERY), now) if latest else now


class RunViewSet(ViewSet):
    name = "retention_runs"
    url_prefix = "retention-runs"
    icon = "history"
    menu_hook = "register_reports_menu_item"
    menu_item_class = ForReadersOfRuns
    menu_label = _("Retention runs")
    menu_order = 920

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", RunReport.as_view(), name="index"),
            path("results/", RunReport.as_view(results_only=True), name="results"),
        ]
