"""The privacy officer's inbox: who asked for what about their data, by when is it answered, what was done?"""

import json
from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import log

from records import post
from records.models import SubjectRequest
from records.subject_requests import events, telling
from records.viewsets import request_acts
from records.viewsets.request_screens import INDEX, INSPECT, ForHandlers, Way, may_handle, may_read, verified

State = SubjectRequest.State
SOON = timedelta(days=7)
VERIFIED = [choice for choice in State.choices if choice[0] != State.ASKED]


class RequestFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=VERIFIED, empty_label=_("All"), widget=forms.RadioSelect
    )
    kind = django_filters.ChoiceFilter(
        label=_("About"), choices=SubjectRequest.Kind.choices, empty_label=_("All"), widget=forms.RadioSelect
    )
    due = django_filters.ChoiceFilter(
        label=_("Due"),
        choices=[("late", _("late")), ("soon", _("within a week"))],
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="is_due",
    )
    mine = django_filters.ChoiceFilter(
        label=_("Whose"),
        choices=[("me", _("assigned to me")), ("nobody", _("assigned to nobody"))],
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="of_whom",
    )

    class Meta:
        model = SubjectRequest
        fields = ["state", "kind", "due", "mine"]

    def is_due(self, rows: QuerySet[SubjectRequest], name: str, value: str) -> QuerySet[SubjectRequest]:
        now = timezone.now()
        if value == "late":
            return rows & SubjectRequest.objects.late(now)
        return rows.filter(state=State.OPEN, due_at__gte=now, due_at__lte=now + SOON)

    def of_whom(self, rows: QuerySet[SubjectRequest], name: str, value: str) -> QuerySet[SubjectRequest]:
        return rows.filter(assigned_to=self.request.user if value == "me" else None)


def due(row: SubjectRequest, now: Any) -> str:
    """The day in words, and what it means today."""
    if row.due_at is None:
        return "–"
    day = f"{timezone.localtime(row.due_at):%Y-%m-%d}"
    if row.state == State.STOPPED:
        return gettext("clock stopped; was %(day)s") % {"day": day}
    if row.state != State.OPEN:
        return day
    days = (timezone.localtime(row.due_at).date() - timezone.localtime(now).date()).days
    if days < 0:
        late = ngettext("late by %(count)d day", "late by %(count)d days", -days) % {"count": -days}
        return f"{day}: {late}"
    left = ngettext("%(count)d day left", "%(count)d days left", days) % {"count": days}
    return f"{day}: {gettext('today') if days == 0 else left}"


class RequestReport(ForHandlers, ReportView):
    """Nobody's name or address stands in the list."""

    permission_required = "view"
    page_title = _("Data requests")
    header_icon = "user"
    index_url_name = INDEX
    index_results_url_name = "subject_requests:index_results"
    results_template_name = "records/request_results.html"
    filterset_class = RequestFilters
    paginate_by = 50
    no_results_message = _("There is no request, or none like this.")
    columns = [
        TitleColumn("number", label=_("Request"), get_url=lambda row: reverse(INSPECT, args=[row.pk])),
        Column("get_kind_display", label=_("About")),
        Column("get_state_display", label=_("State")),
        Column("due", label=_("Due")),
        Column("assigned_to", label=_("Assigned to")),
        Column("since", label=_("Confirmed")),
    ]

    def get_queryset(self) -> QuerySet[SubjectRequest]:
        rows = verified(timezone.now()).select_related("assigned_to")
        return rows.defer("email", "words").order_by(F("ended_at").desc(nulls_first=True), "due_at")

    def decorate_paginated_queryset(self, object_list: Any) -> list[SubjectRequest]:
        now, rows = timezone.now(), list(object_list)
        for row in rows:
            row.number, row.due = str(row), due(row, now)
            row.since = f"{timezone.localtime(row.verified_at):%Y-%m-%d}"
        return rows


class RequestView(ForHandlers, WagtailAdminTemplateMixin, TemplateView):
    """One request: who asks for what, in which words, by when, and what happened. Reading it is logged."""

    permission_required = "view"
    header_icon = "user"
    template_name = "records/request.html"

    @cached_property
    def row(self) -> SubjectRequest:
        return get_object_or_404(verified(timezone.now()).select_related("assigned_to"), pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        return str(self.row)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse(INDEX), "label": RequestReport.page_title}
        return [*self.breadcrumbs_items, above, {"url": "", "label": str(self.row)}]

    @cached_property
    def acts(self) -> list[Way]:
        user = self.request.user
        return request_acts.possible(self.row, user, timezone.now()) if may_handle(user) else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        log(self.row, "records.request.read", user=self.request.user)
        told = [(events.in_words(each), each) for each in self.row.events.select_related("by")]
        letters = post.history(telling.reference(self.row, telling.Letter.ANSWER), at=timezone.now())
        return super().get_context_data(
            row=self.row,
            due=due(self.row, now),
            is_late=SubjectRequest.objects.late(now).filter(pk=self.row.pk).exists(),
            acts=[(way, way.url(self.row)) for way in self.acts],
            events=told,
            letters=letters,
            receipt=json.dumps(self.row.receipt, indent=2, ensure_ascii=False),
            **kwargs,
        )


class HandlersItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_read(request.user)


class RequestViewSet(ViewSet):
    name = "subject_requests"
    url_prefix = "data-requests"
    icon = "user"
    menu_label = _("Data requests")
    menu_item_class = HandlersItem
    menu_order = 310
    add_to_admin_menu = True

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", RequestReport.as_view(), name="index"),
            path("results/", RequestReport.as_view(results_only=True), name="index_results"),
            path("<uuid:pk>/", RequestView.as_view(), name="inspect"),
            *(path(f"<uuid:pk>/{view.name}/", view.as_view(), name=view.name) for view in request_acts.VIEWS),
        ]


def log_requests(actions: Any) -> None:
    actions.register_action("records.request.read", _("Read a data request"), _("Read a data request"))
    for view in request_acts.VIEWS:
        actions.register_action(f"records.request.{view.name}", view.page_title, view.logged)
