"""The report of all policy versions: what was in force when, in which languages, and what was decided under it."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permission_policies.pages import PagePermissionPolicy

from policies import states, wording
from policies.models import PolicyPage, PolicyVersion
from policies.states import State

POLICIES = PagePermissionPolicy(PolicyPage)
READ = ["change", "publish"]
CountByVersion = Callable[[Iterable[int]], dict[int, int]]
_counters: list[CountByVersion] = []


def count_consents(counter: CountByVersion) -> None:
    """Gives the report the consents of a floor above: `counter` takes ids of versions and counts by id."""
    if counter not in _counters:
        _counters.append(counter)


def _counted(versions: Iterable[int]) -> Counter[int]:
    ids, total = list(versions), Counter[int]()
    for counter in _counters:
        total.update(counter(ids))
    return total


def _read_by(user: Any) -> QuerySet[PolicyPage]:
    pages: QuerySet[PolicyPage] = POLICIES.instances_user_has_any_permission_for(user, set(READ))
    return pages


def _policies(request: HttpRequest) -> list[tuple[UUID, str]]:
    pages = _read_by(request.user).filter(alias_of=None).order_by("path")
    titles: dict[UUID, str] = {}
    for page in pages:
        titles.setdefault(page.key, page.get_admin_display_title())
    return list(titles.items())


class VersionFilters(WagtailFilterSet):
    policy = django_filters.ChoiceFilter(label=_("Policy"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=State.choices)

    class Meta:
        model = PolicyVersion
        fields = ["policy", "state"]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.filters["policy"].extra["choices"] = _policies(self.request)


class InstantColumn(Column):
    def get_value(self, instance: Any) -> str:
        at = super().get_value(instance)
        return wording.instant(at) if at else ""


class HashColumn(Column):
    """The beginning, which tells one from another; the whole is in the title and in what is exported."""

    cell_template_name = "policies/admin/desk/hash.html"


class VersionReport(ReportView):
    model = PolicyVersion
    permission_policy = POLICIES
    any_permission_required = READ
    page_title = _("Policy versions")
    header_icon = "doc-full-inverse"
    index_url_name = "policy_versions:index"
    index_results_url_name = "policy_versions:results"
    filterset_class = VersionFilters
    export_filename = "policy-versions"
    no_results_message = _(
        "No version has been published yet, or none like this. Publishing a policy page freezes its text as a version, "
        "which is listed here with the instant from which it is in force."
    )
    columns = [
        TitleColumn("number", label=_("Version"), get_url=lambda version: version.address),
        Column("policy_title", label=_("Policy")),
        Column("state_label", label=_("State")),
        InstantColumn("effective_from", label=_("In force from")),
        InstantColumn("until", label=_("In force to")),
        Column("material_label", label=_("Material change")),
        Column("frozen_by", label=_("Frozen by")),
        Column("languages", label=_("Languages")),
        Column("decisions", label=_("Consent decisions")),
        HashColumn("content_sha256", label=_("SHA-256")),
    ]
    list_export = [
        "number",
        "policy_title",
        "state_label",
        "effective_from",
        "until",
        "material_label",
        "frozen_by",
        "languages",
        "decisions",
        "content_sha256",
    ]
    export_headings = {column.name: column.label for column in columns}

    def get_queryset(self) -> Any:
        mine = _read_by(self.request.user).values("translation_key")
        versions = states.with_states(PolicyVersion.objects.brief().filter(policy__in=mine), timezone.now())
        titled = versions.annotate(policy_title=KT("content__title")).select_related("page")
        return titled.order_by("-effective_from", "-number")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Adds what no column of the table holds; one query each, however many rows."""
        ids = [version.pk for version in object_list]
        translated, counted = states.translations(ids), _counted(ids)
        addresses: dict[int, str] = {}
        for version in object_list:
            spoken = [version.language, *sorted(translated.get(version.pk, set()))]
            version.languages = ", ".join(map(states.language_name, spoken))
            version.decisions = counted[version.pk]
            version.state_label = str(State(version.state).label)
            version.material_label = gettext("yes") if version.material else gettext("no")
            base = addresses.setdefault(version.page_id, version.page.url or "")
            version.address = f"{base}v/{version.number}/" if base else None
        return object_list


class ReportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(POLICIES.user_has_any_permission(request.user, READ))


class VersionReportViewSet(ViewSet):
    name = "policy_versions"
    url_prefix = "policies/versions"
    icon = "doc-full-inverse"
    menu_hook = "register_reports_menu_item"
    menu_item_class = ReportItem
    menu_label = _("Policy versions")
    menu_order = 890

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", VersionReport.as_view(), name="index"),
            path("results/", VersionReport.as_view(results_only=True), name="results"),
        ]
