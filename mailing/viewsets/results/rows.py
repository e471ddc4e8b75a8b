"""Every row of a campaign, narrowed down by state, provider and reason: what became of it, and what allowed it."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button

from mailing import compose, progress
from mailing.addresses import Provider
from mailing.models import Campaign, Delivery
from mailing.viewsets.results.overview import CAMPAIGNS, READ
from policies.models import PolicyVersion
from records import access_log

ADDRESSES = "mailing.view_subscriber"
DECISIONS = "consent.view_decision"


class RowFilters(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=Delivery.State.choices, widget=forms.CheckboxSelectMultiple
    )
    provider = django_filters.MultipleChoiceFilter(
        label=_("Mailbox provider"), choices=Provider.choices, widget=forms.CheckboxSelectMultiple
    )
    reason = django_filters.MultipleChoiceFilter(
        label=_("Reason"), choices=Delivery.Reason.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Delivery
        fields = ["state", "provider", "reason"]


class RowsView(PermissionCheckedMixin, BaseListingView):
    permission_policy = CAMPAIGNS
    any_permission_required = READ
    page_title = _("Rows")
    header_icon = "mail"
    template_name = "mailing/results_rows.html"
    results_template_name = "mailing/results_rows_results.html"
    filterset_class = RowFilters
    verbose_name_plural = _("rows")
    paginate_by = 50

    @cached_property
    def campaign(self) -> Campaign:
        return get_object_or_404(Campaign, pk=self.kwargs["pk"])

    def get_index_url(self) -> str:
        return reverse("mail_results:rows", args=[self.campaign.pk])

    def get_index_results_url(self) -> str:
        return reverse("mail_results:rows_results", args=[self.campaign.pk])

    def get_page_subtitle(self) -> str:
        return str(self.campaign)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("campaigns:inspect", args=[self.campaign.pk]), "label": str(self.campaign)}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        url = reverse("mail_results:csv", args=[self.campaign.pk])
        return [Button(_("Download CSV"), url=url, icon_name="download", priority=20)]

    def get_base_queryset(self) -> QuerySet[Delivery]:
        return progress.rows(self.campaign).select_related("subscription__subscriber")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        user = self.request.user
        addresses = user.has_perm(ADDRESSES)
        found = described(context["object_list"], decisions=user.has_perm(DECISIONS))
        people = {row["row"].subscription.subscriber_id for row in found if row["row"].subscription}
        if addresses and people:
            access_log.note(holding="mailing.Subscriber", act=access_log.Act.LIST, keys=sorted(people))
        return context | {"rows": found, "addresses": addresses, "campaign": self.campaign}


def described(rows: Any, *, decisions: bool) -> list[dict[str, Any]]:
    """Rows with what no column says."""
    rows = list(rows)
    versions = policy_versions(rows)
    return [
        {
            "row": row,
            "message_id": compose.message_id(row.pk) if row.first_tried_at or row.sent_at else "",
            "policy": versions.get(row.policy_version_id),
            "decision": decision_url(row) if decisions else "",
        }
        for row in rows
    ]


def policy_versions(rows: list[Delivery]) -> dict[int, dict[str, Any]]:
    """Number and address of each policy version that rows name."""
    keys = {row.policy_version_id for row in rows if row.policy_version_id}
    versions = PolicyVersion.objects.filter(pk__in=keys).brief().select_related("page")
    return {version.pk: {"number": version.number, "url": version.url} for version in versions}


def decision_url(row: Delivery) -> str:
    try:
        return reverse("consent_decisions:read", args=[row.decision_id]) if row.decision_id else ""
    except NoReverseMatch:
        return ""
