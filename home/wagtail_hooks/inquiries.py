"""The inbox: its screens, and what it logs."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from home.models import Inquiry
from home.viewsets.inquiries import InquiryViewSet, ReadAndDelete

register_permission_policy(Inquiry, ReadAndDelete(Inquiry))


@hooks.register("register_admin_viewset")
def register_inquiries() -> ModelViewSet:
    return InquiryViewSet()


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action("home.answer", _("Answer inquiry"), _("Inquiry answered"))
