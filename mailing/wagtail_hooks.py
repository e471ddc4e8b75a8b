from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.permissions import register_permission_policy

from mailing.models import Campaign
from mailing.panels import notice_lines
from mailing.viewsets import CampaignPolicy, MailingViewSetGroup
from policies.panels import add_status

register_permission_policy(Campaign, CampaignPolicy(Campaign))
add_status(notice_lines)


@hooks.register("register_admin_viewset")
def register_mailing() -> ViewSetGroup:
    return MailingViewSetGroup()


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action("mailing.send", _("Send campaign"), _("Campaign sent"))
