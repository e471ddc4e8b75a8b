"""The register of disclosures as a report of the CMS: what went to whom, on which ground, and is each row as it was?"""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import LogFormatter

from records import access_log, disclosures
from records.models import Disclosure, DisclosureOrder, Recipient
from records.registry import Ground
from records.viewsets import disclosure_orders as ordering
from records.viewsets.disclosing import in_words
from records.viewsets.disclosure_new import NewView
from records.viewsets.permitted import DISCLOSURES, ForThoseWhoDisclose, may_see_orders

CHECKED_ON_SCREEN = 1000  # rows; longer registers are checked by verify_disclosures


class DisclosureFilters(WagtailFilterSet):
    at = django_filters.DateFromToRangeFilter(label=_("Dates"), widget=DateRangePickerWidget)
    recipient = django_filters.ModelChoiceFilter(
        label=_("Recipient"), queryset=Recipient.objects.filter(disclosures__isnull=False).distinct().order_by("name")
    )
    ground = django_filters.ChoiceFilter(label=_("Ground"), choices=Ground.choices)

    class Meta:
        model = Disclosure
        fields = ["at", "recipient", "ground"]


class DisclosureReport(ReportView):
    model = Disclosure
    permission_policy = DISCLOSURES
    any_permission_required = ["view", "disclose", "approve"]
    page_title = _("Disclosures")
    header_icon = "download"
    index_url_name = "disclosures:index"
    index_results_url_name = "disclosures:results"
    template_name = "records/disclosures.html"
    filterset_class = DisclosureFilters
    export_filename = "disclosures"
    no_results_message = _("Nothing has gone to a third party yet, or nothing like this.")
    columns = [
        TitleColumn(
            "number",
            label=_("Number"),
            accessor=lambda row: f"#{row.number}",
            get_url=lambda row: reverse("disclosures:read", args=[row.pk]),
        ),
        DateColumn("at", label=_("When")),
        Column("recipient_name", label=_("To whom")),
        Column("get_ground_display", label=_("Ground")),
        Column("subjects", label=_("People")),
        Column("reference", label=_("Reference")),
        Column("asked_by_name", label=_("By")),
    ]
    export_headings = {
        "number": _("Number"),
        "at": _("When"),
        "recipient_name": _("To whom"),
        "recipient_country": _("Country"),
        "ground": _("Ground"),
        "reference": _("Reference"),
        "sets": _("Data sets and columns"),
        "subjects": _("People"),
        "means": _("Means"),
        "bytes_sent": _("Bytes"),
        "sha256_sent": _("Hash of what was sent"),
        "document_sha256": _("Hash of the document"),
        "asked_by_name": _("Asked by"),
        "approved_by_name": _("Approved by"),
        "stated_by": _("Stated by"),
        "version": _("Version"),
        "previous": _("Hash of the row before"),
        "sha256": _("Hash"),
    }
    list_export = [*export_headings]

    def get_queryset(self) -> QuerySet[Disclosure]:
        return Disclosure.objects.order_by("-number")

    @property
    def header_buttons(self) -> list[HeaderButton]:
        user, buttons = self.request.user, []
        if user.has_perm("records.disclose"):
            buttons += [
                HeaderButton(_("New disclosure"), url=reverse("disclosures:new"), icon_name="plus"),
                HeaderButton(_("Propose to a second person"), url=reverse("disclosures:propose"), icon_name="lock"),
            ]
        if may_see_orders(user):
            buttons.append(HeaderButton(_("Proposed"), url=reverse("disclosures:orders"), icon_name="list-ul"))
        return buttons

    def get_context_data(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*arguments, **options)
        if self.results_only or self.is_export:
            return context
        waiting = DisclosureOrder.objects.filter(state=DisclosureOrder.State.PROPOSED).count()
        few = Disclosure.objects.count() <= CHECKED_ON_SCREEN
        fault = next(disclosures.faults(), None) if few else None
        return context | {
            "checked": few,
            "fault": fault,
            "drift": disclosures.drift(timezone.now()),
            "waiting": waiting,
        }


class DisclosureView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    permission_policy = DISCLOSURES
    any_permission_required = ["view", "disclose", "approve"]
    header_icon = "download"
    template_name = "records/disclosure.html"

    @cached_property
    def row(self) -> Disclosure:
        return get_object_or_404(Disclosure, pk=self.kwargs["pk"])

    @property
    def page_title(self) -> str:
        return gettext("Disclosure #%(number)d") % {"number": self.row.number}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("disclosures:index"), "label": DisclosureReport.page_title}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.row
        order = DisclosureOrder.objects.filter(disclosure=row).first() if may_see_orders(self.request.user) else None
        said = {"row": row, "lines": in_words(row.sets), "is_intact": disclosures.is_intact(row), "order": order}
        return super().get_context_data(**said | kwargs)


class Handed(LogFormatter):
    label = _("Hand out data")

    def format_message(self, entry: Any) -> str:
        words = {"recipient": entry.data["recipient"], "ground": Ground(entry.data["ground"]).label}
        return gettext("Handed out data to %(recipient)s: %(ground)s") % words

    def format_comment(self, entry: Any) -> str:
        return f"SHA-256 {entry.data['sha256']}"


def log_disclosures(actions: Any) -> None:
    actions.register_action("records.disclose")(Handed)
    actions.register_action("records.propose", _("Propose a disclosure"), _("Proposed a disclosure"))
    actions.register_action("records.approve_order", _("Approve a disclosure"), _("Approved a disclosure"))
    actions.register_action("records.refuse_order", _("Refuse a disclosure"), _("Refused a disclosure"))


access_log.declare("disclosures:order", holding="records.DisclosureOrder", act=access_log.Act.INSPECT)
access_log.declare("disclosures:document", holding="records.DisclosureOrder", act=access_log.Act.EXPORT)


class DisclosureViewSet(ViewSet):
    name = "disclosures"
    url_prefix = "disclosures"
    icon = "download"
    menu_hook = "register_reports_menu_item"
    menu_item_class = ForThoseWhoDisclose
    menu_label = _("Disclosures")
    menu_order = 905

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", DisclosureReport.as_view(), name="index"),
            path("results/", DisclosureReport.as_view(results_only=True), name="results"),
            path("new/", NewView.as_view(), name="new"),
            path("propose/", ordering.ProposeView.as_view(), name="propose"),
            path("proposed/", ordering.OrderReport.as_view(), name="orders"),
            path("proposed/results/", ordering.OrderReport.as_view(results_only=True), name="orders_results"),
            path("proposed/<int:pk>/", ordering.OrderView.as_view(), name="order"),
            path("proposed/<int:pk>/decide/", ordering.DecideView.as_view(), name="decide"),
            path("proposed/<int:pk>/document/", ordering.DocumentView.as_view(), name="document"),
            path("<uuid:pk>/", DisclosureView.as_view(), name="read"),
        ]
