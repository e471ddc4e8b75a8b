"""The inbox: which inquiries wait, for whom, and since when? Nobody's name or address stands in the list."""

from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.models import Page

from home import inquiries
from home.models import Inquiry
from home.viewsets.inquiry_rights import ANSWER, EXPORT
from policies.states import language_name
from records import retention

State = Inquiry.State
SETTLED = (State.CLOSED, State.SPAM)
ALL = "all"
PER_PAGE = 50
WIDE = "inbox-wide"  # columns that a narrow screen has no room for


class FindForm(forms.Form):
    words = forms.CharField(
        label=_("Find by e-mail address, telephone number or name"),
        max_length=254,
        help_text=_(
            "The whole of it: what visitors wrote is stored encrypted, so no part of it can be searched for. Capital "
            "letters, spaces and the signs in a number make no difference."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _forms(request: HttpRequest) -> QuerySet[Page]:
    """Those through which something came that still stands."""
    pages = inquiries.standing(timezone.now()).order_by().values("page")
    return Page.objects.filter(pk__in=pages).order_by("title")


class InquiryFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*State.choices, (ALL, _("all"))],
        empty_label=_("not closed and no spam"),
        widget=forms.RadioSelect,
        method="in_state",
    )
    page = django_filters.ModelChoiceFilter(label=_("Form"), queryset=_forms)
    assigned = django_filters.ChoiceFilter(
        label=_("Assigned to"),
        choices=[("me", _("me")), ("nobody", _("nobody"))],
        empty_label=_("anyone"),
        widget=forms.RadioSelect,
        method="of_whom",
    )
    received_at = django_filters.DateFromToRangeFilter(label=_("Received"), widget=DateRangePickerWidget)

    class Meta:
        model = Inquiry
        fields = ["state", "page", "assigned", "received_at"]

    def filter_queryset(self, queryset: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
        rows: QuerySet[Inquiry] = super().filter_queryset(queryset)
        is_looking = self.form.cleaned_data.get("state") or "by" in self.data
        return rows if is_looking else rows.exclude(state__in=SETTLED)

    def in_state(self, rows: QuerySet[Inquiry], name: str, value: str) -> QuerySet[Inquiry]:
        return rows if value == ALL else rows.filter(state=value)

    def of_whom(self, rows: QuerySet[Inquiry], name: str, value: str) -> QuerySet[Inquiry]:
        return rows.filter(assigned_to=self.request.user if value == "me" else None)


def found(request: HttpRequest, rows: QuerySet[Inquiry]) -> QuerySet[Inquiry]:
    """What the form above the list looked for, or all of `rows`. Raises BadRequest for what that form never says."""
    if "by" in request.GET:
        try:
            rows = inquiries.found(request.GET["by"], request.GET.get("index", ""))
        except ValueError as error:
            raise BadRequest(gettext("Look for an inquiry with the form above the list.")) from error
    return retention.unexpired(rows, timezone.now()).select_related("page", "assigned_to")


def _language(code: str) -> str:
    return language_name(code) or "–"


class StateColumn(Column):
    cell_template_name = "home/inquiry_state.html"


class InquiryIndexView(generic.IndexView):
    """What is looked for is posted: addresses of pages are logged, and hold nothing about people."""

    filterset_class = InquiryFilters
    paginate_by = PER_PAGE
    results_template_name = "home/inquiry_index_results.html"

    @cached_property
    def columns(self) -> list[Any]:
        named: Any = self._get_title_column("__str__", get_title_id=lambda row: f"item_{row.pk}_title")
        told = [
            StateColumn("state", label=_("State"), sort_key="state"),
            Column("page", label=_("Form"), classname=WIDE, accessor=lambda row: row.page.title if row.page else "–"),
            Column("locale", label=_("Language"), classname=WIDE, accessor=lambda row: _language(row.locale)),
            Column("assigned_to", label=_("Assigned to"), accessor=lambda row: row.assigned_to or "–"),
            DateColumn("received_at", label=_("Received"), sort_key="received_at"),
        ]
        ticks = [BulkActionsCheckboxColumn("bulk_actions", obj_type="item")] if self.may_act else []
        return [*ticks, named, *told]

    @property
    def may_act(self) -> bool:
        return bool(self.request.user.has_perm(ANSWER))

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons = list(super().header_buttons)
        if self.request.user.has_perm(EXPORT):
            url = f"{reverse('inquiries:export')}?{self.request.GET.urlencode()}".rstrip("?")
            buttons.append(HeaderButton(_("Export…"), url=url, icon_name="download"))
        return buttons

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = list(super().header_more_buttons)
        if self.request.user.has_perm("home.view_answertemplate") or self.request.user.has_perm(
            "home.change_answertemplate"
        ):
            url = reverse("answer_templates:index")
            buttons.append(Button(_("Answer templates"), url=url, icon_name="doc-full", priority=10))
        return buttons

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find_form = FindForm(request.POST)
        if not self.find_form.is_valid():
            return self.get(request, *args, **kwargs)
        kind, index = inquiries.index_of(self.find_form.cleaned_data["words"])
        return redirect(f"{reverse('inquiries:index')}?{urlencode({'by': kind, 'index': index})}")

    def get_base_queryset(self) -> QuerySet[Inquiry]:
        return found(self.request, super().get_base_queryset())

    @property
    def is_finding(self) -> bool:
        return "by" in self.request.GET

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = getattr(self, "find_form", FindForm())
        return super().get_context_data(
            find_form=form,
            is_finding=self.is_finding,
            hides_settled=not self.is_finding and not self.request.GET.get("state"),
            may_act=self.may_act,
            **kwargs,
        )
