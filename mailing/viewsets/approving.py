"""What does the editor's menu call publishing? Approval: what is approved can be sent."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.action_menu import (
    ActionMenuItem,
    PublishMenuItem,
    UnpublishMenuItem,
    WorkflowMenuItem,
)

from mailing.models import Campaign

APPROVE = _("Approve: ready to send")
WITH_COMMENT = _("Approve with a comment: ready to send")


class ApproveMenuItem(PublishMenuItem):
    label = APPROVE
    icon_name = "check"
    template_name = "mailing/campaign_approve_action.html"


def name_approval(items: list[ActionMenuItem], context: dict[str, Any]) -> None:
    """Taking an approval back goes: whoever changes the text does that, and only what is approved is sent."""
    if context.get("model") is not Campaign:
        return
    items[:] = [_renamed(item, context) for item in items if not isinstance(item, UnpublishMenuItem)]


def _renamed(item: ActionMenuItem, context: dict[str, Any]) -> ActionMenuItem:
    if isinstance(item, PublishMenuItem):
        return ApproveMenuItem(item.order)
    if isinstance(item, WorkflowMenuItem) and item.name == "approve" and _is_last(context):
        item.label = WITH_COMMENT if item.launch_modal else APPROVE
    return item


def _is_last(context: dict[str, Any]) -> bool:
    """Approving this task of the workflow approves the whole."""
    state = context["instance"].current_workflow_state
    return bool(state and state.is_at_final_task)
