"""The list of decisions: found by the number on a receipt, narrowed down, handed out. Reading somebody's is logged."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log

from consent import catalogue
from consent.models import Decision, LedgerEntry, Redaction, Snapshot
from consent.viewsets.filters import OneSiteOrMore, SiteFilter, SnapshotFilter
from consent.viewsets.reading import DECISIONS, ReadersItem
from consent.viewsets.tables import configuration
from policies.states import language_name
from policies.wording import instant
from records import access_log, retention

MOST_IN_A_WORKBOOK = 100_000  # rows; it is made in memory, CSV and JSON are not
_NUMBER = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s\u00ad\u200b\u2010-\u2015]")  # what copying from paper or a mail leaves in a number
_ONE_PERSONS = 50  # other decisions of the same visitor that are listed


def number_in(typed: str) -> UUID | None:
    """The number of a receipt in what somebody typed or pasted: with spaces, without hyphens, or its whole address."""
    found = _NUMBER.search(_BETWEEN.sub("", typed))
    return UUID(found[0]) if found else None


def receipt_of(number: UUID) -> str:
    try:
        return reverse("consent:receipt", args=[number])
    except NoReverseMatch:
        return ""


def described(decisions: list[Any]) -> list[Any]:
    """Decisions with words for what no column says; one question to the database, however many there are."""
    snapshots = Snapshot.objects.in_bulk({row.snapshot_id for row in decisions if row.snapshot_id})
    names = {key: _names(snapshot) for key, snapshot in snapshots.items()}
    for row in decisions:
        called = names.get(row.snapshot_id, {})
        row.allowed = ", ".join(called.get(name, name) for name, yes in row.choices.items() if yes)
        row.refused = ", ".join(called.get(name, name) for name, yes in row.choices.items() if not yes)
        row.when, row.language = instant(row.decided_at, seconds=False), language_name(row.locale)
        shown = snapshots.get(row.snapshot_id)
        row.configuration = configuration(shown) if shown else gettext("a statement")
        row.receipt = receipt_of(row.pk)
    return decisions


def _names(snapshot: Snapshot) -> dict[str, str]:
    """What the groups and services of a snapshot were called, in the language of the moment where it has it."""
    if not catalogue.is_readable(snapshot):
        return {}
    groups = catalogue.published(snapshot).shown(get_language() or "")
    return {row["key"]: row["name"] for group in groups for row in (group, *group["services"])}


class DecisionFilters(OneSiteOrMore):
    decided_at = django_filters.DateFromToRangeFilter(label=_("Dates"), widget=DateRangePickerWidget)
    action = django_filters.ChoiceFilter(
        label=_("Action"), choices=Decision.Action.choices, empty_label=_("All"), widget=forms.RadioSelect
    )
    source = django_filters.ChoiceFilter(
        label=_("Source"), choices=Decision.Source.choices, empty_label=_("All"), widget=forms.RadioSelect
    )
    locale = django_filters.ChoiceFilter(
        label=_("Language"), choices=settings.LANGUAGES, empty_label=_("All"), widget=forms.RadioSelect
    )
    site = SiteFilter(field_name="snapshot__site_id", method="of_site")
    snapshot = SnapshotFilter()

    class Meta:
        model = Decision
        fields = ["decided_at", "action", "source", "locale", "site", "snapshot"]

    def of_site(self, decisions: QuerySet[Decision], name: str, site: Any) -> QuerySet[Decision]:
        return decisions.filter(snapshot__site_id=site.pk)


class ReceiptColumn(Column):
    cell_template_name = "consent/admin_numbers/receipt_cell.html"


class DecisionReport(ReportView):
    model = Decision
    permission_policy = DECISIONS
    permission_required = "view"
    page_title = _("Decisions about consent")
    header_icon = "clipboard-list"
    index_url_name = "consent_decisions:index"
    index_results_url_name = "consent_decisions:results"
    filterset_class = DecisionFilters
    is_searchable = True
    export_filename = "consent-decisions"
    FORMATS = ("xlsx", "csv", "json")
    columns = [
        TitleColumn("when", label=_("Decided"), get_url=lambda row: reverse("consent_decisions:read", args=[row.pk])),
        Column("get_action_display", label=_("Action")),
        Column("allowed", label=_("Allowed")),
        Column("refused", label=_("Refused")),
        Column("get_source_display", label=_("Source")),
        Column("language", label=_("Language")),
        Column("configuration", label=_("About")),
        ReceiptColumn("receipt", label=_("Receipt")),
    ]
    # Not whose: decisions of one person are joined on the screen of each, not in a file.
    export_headings = {
        "id": _("Receipt"),
        "decided_at": _("Decided"),
        "action": _("Action"),
        "source": _("Source"),
        "locale": _("Language"),
        "path": _("Page"),
        "choices": _("Groups"),
        "services": _("Services"),
        "statement": _("Words agreed to"),
        "gpc": _("Global Privacy Control"),
        "expires_at": _("Asked again at"),
        "configuration": _("Configuration (SHA-256)"),
        "version": _("Policy version"),
    }
    list_export = [*export_headings]
    custom_field_preprocess = {name: dict.fromkeys(("csv", "xlsx"), json.dumps) for name in ("choices", "services")}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.is_export:
            return super().get(request, *args, **kwargs)
        found, form = self.get_filtered_queryset(), request.GET["export"]
        return self._hand_out(found, form, found.count())

    def get_filtered_queryset(self) -> QuerySet[Decision]:
        """A receipt's number finds its decision whatever the filters say."""
        newest_first = _standing().defer("leaf", "statement").order_by("-seq")
        if not self.is_searching:
            found: QuerySet[Decision] = self.filter_queryset(newest_first)
            return found
        found = newest_first.filter(pk=self.number) if self.number else newest_first.none()
        for decision in found:
            log(decision, "consent.search", user=self.request.user)
        return found

    def get_search_form(self) -> SearchForm:
        return SearchForm(self.request.GET or None, placeholder=gettext("Number on a receipt"))

    @cached_property
    def number(self) -> UUID | None:
        return number_in(self.search_query)

    def decorate_paginated_queryset(self, object_list: Any) -> list[Any]:
        return described(list(object_list))

    @cached_property
    def no_results_message(self) -> str:
        if not self.is_searching:
            return gettext(
                "No decision was made yet, or none like this. Each choice that a visitor makes in the banner, or on "
                "the page “Cookie settings”, appears here once the configuration is published."
            )
        if self.number is None:
            return gettext("That is no number of a receipt. Paste the number, or the address of the receipt.")
        erased = Redaction.objects.filter(decision=self.number).first()
        if erased is None:
            return gettext("No decision has this number.")
        words = {"when": instant(erased.redacted_at), "why": erased.get_why_display()}
        return gettext("This decision was erased on %(when)s: %(why)s. Its place in the ledger still verifies.") % words

    def _hand_out(self, found: QuerySet[Decision], form: str, rows: int) -> HttpResponseBase:
        if form == "xlsx" and rows > MOST_IN_A_WORKBOOK:
            sentence = gettext("A workbook holds at most %(most)d decisions. Narrow them down, or take CSV or JSON.")
            messages.error(self.request, sentence % {"most": MOST_IN_A_WORKBOOK})
            return redirect("consent_decisions:index")
        asked = {name: value for name, value in self.request.GET.items() if name != "export" and value}
        access_log.note(holding="consent.Decision", act=access_log.Act.EXPORT, count=rows)
        about = ContentType.objects.get_for_model(Decision)
        log(about, "consent.export", user=self.request.user, data={"rows": rows, "form": form, "asked": asked})
        plain = found.annotate(configuration=F("snapshot__sha256"), version=F("policy_version__number"))
        lines = plain.values(*self.list_export).iterator(chunk_size=2000)
        return self._json_lines(lines) if form == "json" else self.as_spreadsheet(lines, form)

    def _json_lines(self, lines: Iterator[dict[str, Any]]) -> HttpResponse | StreamingHttpResponse:
        written = (json.dumps(line, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n" for line in lines)
        response = StreamingHttpResponse(written, content_type="application/jsonl; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.export_filename}.jsonl"'
        return response

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        address = self.get_export_url("json")
        more = Button(_("Download JSON lines"), url=address, icon_name="download", priority=110)
        return [*super().header_more_buttons, more]


class DecisionView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Everything one decision says, where it stands in the ledger, and what else the same visitor decided."""

    permission_policy = DECISIONS
    permission_required = "view"
    page_title = _("Decision")
    header_icon = "clipboard-list"
    template_name = "consent/admin_numbers/decision.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("consent_decisions:index"), "label": DecisionReport.page_title}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = _standing().select_related("snapshot", "policy_version", "rendition")
        decision = get_object_or_404(shown, pk=self.kwargs["number"])
        others = _standing().filter(consent_id=decision.consent_id).exclude(pk=decision.pk).order_by("-seq")
        [row, *rest] = described([decision, *others.defer("leaf", "statement")[:_ONE_PERSONS]])
        log(decision, "consent.read", user=self.request.user)
        return super().get_context_data(
            decision=row,
            others=rest,
            decided=instant(row.decided_at),
            services=_services(row),
            expires=instant(row.expires_at) if row.expires_at else "",
            entry=LedgerEntry.objects.select_related("seal").filter(decision=row.pk, kind="decision").first(),
            **kwargs,
        )


def _standing() -> QuerySet[Decision]:
    """Those whose period is not over: the others are gone, whenever the worker comes by."""
    return retention.unexpired(Decision.objects.all(), timezone.now())


def _services(decision: Decision) -> list[tuple[str, bool]]:
    names = _names(decision.snapshot) if decision.snapshot else {}
    return [(names.get(name, name), yes) for name, yes in decision.services.items()]


class DecisionViewSet(ViewSet):
    name = "consent_decisions"
    url_prefix = "consent/decisions"
    icon = "clipboard-list"
    menu_hook = "register_reports_menu_item"
    menu_item_class = ReadersItem
    menu_label = _("Decisions about consent")
    menu_order = 892

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", DecisionReport.as_view(), name="index"),
            path("results/", DecisionReport.as_view(results_only=True), name="results"),
            path("<uuid:number>/", DecisionView.as_view(), name="read"),
        ]
