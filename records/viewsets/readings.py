"""Who read what? The log of readings as a report for the privacy officer; and the form that asks for a reason first."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from records import access_log, retention
from records.models import AccessEntry
from records.registry import declared, holdings

ENTRIES = ModelPermissionPolicy(AccessEntry)
LINKED = 5  # rows of one entry that lead to what was read; the numbers of all are in the file


def _readers(request: HttpRequest) -> list[tuple[int, str]]:
    """Everybody who read something, by the name they had last: also those whose account is gone."""
    newest = AccessEntry.objects.order_by().values("user_id").annotate(newest=Max("pk")).values("newest")
    return list(AccessEntry.objects.filter(pk__in=newest).order_by("username").values_list("user_id", "username"))


def _titles() -> list[tuple[str, Any]]:
    return sorted(((entry.label, entry.title) for entry in holdings()), key=lambda pair: str(pair[1]))


class ReadingFilters(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(label=_("Dates"), widget=DateRangePickerWidget)
    user = django_filters.ChoiceFilter(label=_("Who"), field_name="user_id")
    holding = django_filters.ChoiceFilter(label=_("Data set"))
    act = django_filters.ChoiceFilter(label=_("Act"), choices=AccessEntry.Act.choices)
    row = django_filters.CharFilter(
        label=_("Row"), method="having", help_text=_("The number of what was read, such as 12.")
    )

    class Meta:
        model = AccessEntry
        fields = ["at", "user", "holding", "act", "row"]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.filters["user"].extra["choices"] = _readers(self.request)
        self.filters["holding"].extra["choices"] = _titles()

    def having(self, entries: QuerySet[AccessEntry], name: str, value: str) -> QuerySet[AccessEntry]:
        return entries.filter(keys__contains=[value.replace("\0", "").strip().removeprefix("#")])


class RowsColumn(Column):
    cell_template_name = "records/reading_rows.html"


class ReadingReport(ReportView):
    model = AccessEntry
    permission_policy = ENTRIES
    permission_required = "view"
    page_title = _("Who read what")
    header_icon = "view"
    index_url_name = "readings:index"
    index_results_url_name = "readings:results"
    filterset_class = ReadingFilters
    export_filename = "readings"
    no_results_message = _("Nobody has read personal data in the CMS yet, or nobody like this.")
    columns = [
        Column("at", label=_("When"), accessor=lambda entry: f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"),
        Column("username", label=_("Who")),
        Column("get_act_display", label=_("Act")),
        Column("title", label=_("Data set")),
        RowsColumn("rows", label=_("Rows")),
        Column("why", label=_("Why")),
    ]
    export_headings = {
        "at": _("When"),
        "username": _("Who"),
        "get_act_display": _("Act"),
        "holding": _("Data set"),
        "keys": _("Rows"),
        "count": _("Number of rows"),
        "screen": _("Screen"),
        "why": _("Why"),
    }
    list_export = [*export_headings]

    def get_queryset(self) -> QuerySet[AccessEntry]:
        return retention.unexpired(AccessEntry.objects.all(), timezone.now()).order_by("-at", "-pk")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Adds words and links; one query for each data set that is shown. A file has the bare numbers."""
        if self.is_export:
            return object_list
        entries: list[Any] = list(object_list)
        there = _there(entries)
        for entry in entries:
            entry.title, entry.rows = _title(entry.holding), _rows(entry, there)
        return entries

    def as_spreadsheet(self, queryset: Any, spreadsheet_format: str) -> Any:
        access_log.note(holding=AccessEntry._meta.label, act=access_log.Act.EXPORT, count=queryset.count())
        return super().as_spreadsheet(queryset, spreadsheet_format)


def _title(label: str) -> str:
    """A data set in words; by its label what the code has forgotten since."""
    entry = declared().get(label)
    return str(entry.title) if entry else label


def _there(entries: Iterable[AccessEntry]) -> dict[str, set[str]]:
    """By data set: which of the rows that are to be linked still exist."""
    wanted: dict[str, set[str]] = {}
    for entry in entries:
        if access_log.screen_of(entry.holding):
            wanted.setdefault(entry.holding, set()).update(entry.keys[:LINKED])
    return {label: _existing(label, keys) for label, keys in wanted.items()}


def _existing(label: str, keys: Iterable[str]) -> set[str]:
    model = apps.get_model(label)
    readable = []
    for key in keys:
        try:
            readable.append(model._meta.pk.to_python(key))
        except ValidationError:  # of another kind than its keys were then
            continue
    return {str(key) for key in model._default_manager.filter(pk__in=readable).values_list("pk", flat=True)}


def _rows(entry: AccessEntry, there: dict[str, set[str]]) -> dict[str, Any]:
    """What records/reading_rows.html shows: some rows with their links, and how many more there are."""
    screen, found = access_log.screen_of(entry.holding), there.get(entry.holding, set())
    shown = [(key[:8], _address(screen, key) if screen and key in found else "") for key in entry.keys[:LINKED]]
    return {"shown": shown, "more": (entry.count or 0) - len(shown), "counted": entry.count is not None}


def _address(screen: access_log.Screen, key: str) -> str:
    try:
        return reverse(screen.name, kwargs={screen.key: key})
    except NoReverseMatch:
        return ""


class WhyForm(forms.Form):
    why = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("Such as a request you are answering. Kept with each reading; name nobody here."),
    )


class WhyView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """What is read in the next quarter of an hour is read for this reason."""

    page_title = _("Why do you read this?")
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]
    header_icon = "view"
    template_name = "records/reading_why.html"
    form_class = WhyForm

    def form_valid(self, form: WhyForm) -> HttpResponse:
        access_log.remember(self.request.session, form.cleaned_data["why"], timezone.now())
        return redirect(self.onward)

    @property
    def onward(self) -> str:
        """Where whoever was asked was going; the first page of the CMS where that is elsewhere."""
        asked = self.request.GET.get("next", "")
        here = {self.request.get_host()}
        is_ours = url_has_allowed_host_and_scheme(asked, here, require_https=self.request.is_secure())
        return asked if is_ours else reverse("wagtailadmin_home")


class ReadersItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(ENTRIES.user_has_permission(request.user, "view"))


class ReadingViewSet(ViewSet):
    name = "readings"
    url_prefix = "readings"
    icon = "view"
    menu_hook = "register_reports_menu_item"
    menu_item_class = ReadersItem
    menu_label = _("Who read what")
    menu_order = 910

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", ReadingReport.as_view(), name="index"),
            path("results/", ReadingReport.as_view(results_only=True), name="results"),
            path("why/", WhyView.as_view(), name="why"),
        ]
