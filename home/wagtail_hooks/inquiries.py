"""The inbox: its screens, and what it logs."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from home.models import Inquiry
from home.panels.inquiries import InquiryStatus
from home.viewsets.answer_templates import AnswerTemplateViewSet
from home.viewsets.inquiries import InquiryViewSet, ReadAndDelete
from home.viewsets.inquiry_acts import Assigned, Moved
from home.viewsets.inquiry_bulk import ACTIONS
from home.viewsets.inquiry_export import Exported

register_permission_policy(Inquiry, ReadAndDelete(Inquiry))


@hooks.register("register_admin_viewset")
def register_inquiries() -> list[ModelViewSet]:
    return [InquiryViewSet(), AnswerTemplateViewSet()]


for each in ACTIONS:
    hooks.register("register_bulk_action", each)


@hooks.register("construct_homepage_panels")
def show_who_waits(request: Any, panels: list[Any]) -> None:
    panels.append(InquiryStatus())


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action("home.answer", _("Answer inquiry"), _("Inquiry answered"))
    actions.register_action("home.note", _("Note on an inquiry"), _("Note added"))
    actions.register_action("home.spam", _("Mark inquiry as spam"), _("Marked as spam"))
    actions.register_action("home.not_spam", _("Take inquiry out of the spam"), _("Taken out of the spam"))
    actions.register_action("home.read_file", _("Read a file of an inquiry"), _("Read a file"))
    actions.register_action("home.assign")(Assigned)
    actions.register_action("home.state")(Moved)
    actions.register_action("home.export")(Exported)
