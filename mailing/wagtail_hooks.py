"""Registers what the mailing adds to the CMS."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from mailing.models import Campaign
from mailing.panels import MailStatus, notice_lines
from mailing.viewsets import MailingViewSetGroup
from mailing.viewsets.approving import name_approval
from mailing.viewsets.audience import log_audience
from mailing.viewsets.campaigns import CampaignPolicy
from mailing.viewsets.results import log_results
from policies.panels import add_status

register_permission_policy(Campaign, CampaignPolicy(Campaign))
add_status(notice_lines)
register_snippet(MailingViewSetGroup)  # not by the hook for viewsets: migrations make the right to approve from this


@hooks.register("construct_snippet_action_menu")
def approval_in_words(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    name_approval(items, context)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    for action, label, said in (
        ("mailing.send", _("Send campaign"), _("Campaign sent")),
        ("mailing.test", _("Send a test"), _("Test sent")),
        ("mailing.pause", _("Pause campaign"), _("Campaign paused")),
        ("mailing.resume", _("Resume campaign"), _("Campaign resumed")),
        ("mailing.cancel", _("Cancel campaign"), _("Campaign cancelled")),
        ("mailing.choose", _("Choose a version"), _("Version chosen for the other readers")),
    ):
        actions.register_action(action, label, said)
    log_results(actions)
    log_audience(actions)


@hooks.register("construct_homepage_panels")
def mail_on_its_way(request: HttpRequest, panels: list[Any]) -> None:
    panels.append(MailStatus())


@hooks.register("register_permissions")
def rights_that_no_screen_brings() -> QuerySet[Permission]:
    """Of rows that are read alone: the queue, and who the readers are."""
    return Permission.objects.filter(
        content_type__app_label="mailing", codename__in=("view_delivery", "view_subscriber", "change_subscriber")
    )
