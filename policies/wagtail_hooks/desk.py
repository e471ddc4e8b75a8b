"""Registers what an editor of policies finds at the desk: the publish button, the header, the dashboard, the report."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.action_menu import PublishMenuItem, UnpublishMenuItem
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets import Button

from policies.models import PolicyPage, is_frozen
from policies.panels import PolicyStatus, PublishVersion
from policies.viewsets import VersionReportViewSet


@hooks.register("construct_page_action_menu")
def name_the_version(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """Unpublishing goes: a policy is superseded or ended, and the guard would refuse it anyway."""
    if not _is_policy(request, context):
        return
    for place, item in enumerate(items):
        if type(item) is PublishMenuItem:
            items[place] = PublishVersion(item.order)
    items[:] = [item for item in items if not isinstance(item, UnpublishMenuItem)]


def _is_policy(request: HttpRequest, context: dict[str, Any]) -> bool:
    if "page" in context:
        return isinstance(context["page"], PolicyPage)
    match = request.resolver_match  # nothing else tells what is about to be created
    names = ("content_type_app_name", "content_type_model_name")
    return match is not None and [match.kwargs.get(name) for name in names] == ["policies", "policypage"]


@hooks.register("before_edit_page")
def start_the_next_version(request: HttpRequest, page: Any) -> None:
    """The date, the note and the mark stay with the frozen version, also when an editor goes back to its text. Wagtail
    reads the draft through its own page class, so the policy's own way to read it is not asked."""
    asked = request.resolver_match.kwargs.get("revision_id") if request.resolver_match else None
    shown = asked or page.latest_revision_id
    if isinstance(page, PolicyPage) and shown and is_frozen(shown):
        page.start_anew()


@hooks.register("register_page_header_buttons")
def public_history(page: Any, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    if page.specific_class is not PolicyPage:
        return
    policy = page.specific
    address = policy.url
    if address and policy.versions.exists():
        yield Button(_("Public history"), f"{address}history/", icon_name="history", priority=66)


@hooks.register("construct_homepage_panels")
def show_policies(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(PolicyStatus())


@hooks.register("register_admin_viewset")
def report_versions() -> ViewSet:
    return VersionReportViewSet()
