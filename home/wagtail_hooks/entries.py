"""What visitors publish: its screens, its panel, what is logged of them, and who may."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from home.models import PublicEntry
from home.panels.entries import EntryStatus
from home.viewsets.entries import EntryViewSet, ReadAndModerate

register_permission_policy(PublicEntry, ReadAndModerate(PublicEntry))


@hooks.register("register_admin_viewset")
def register_entries() -> ModelViewSet:
    return EntryViewSet()


@hooks.register("construct_homepage_panels")
def show_entries(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(EntryStatus())


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action("home.entry_approve", _("Show public entry"), _("Shown"))
    actions.register_action("home.entry_refuse", _("Do not show public entry"), _("Not shown"))
    actions.register_action("home.entry_withdraw", _("Take down public entry"), _("Taken down by its writer"))
