"""The editor's side: what came in through the contact page."""

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from home.models import Inquiry


class ReadAndDelete(ModelPermissionPolicy):
    """Nobody rewrites what a visitor wrote."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        return action not in {"add", "change"} and bool(super().user_has_permission(user, action))


class InquiryViewSet(ModelViewSet):
    model = Inquiry
    name = "inquiries"
    url_prefix = "inquiries"
    icon = "comment"
    menu_label = _("Inquiries")
    menu_order = 300
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields = ["name", "email", "phone", "message", "page", "received_at"]
    list_display = ["__str__", "page", "received_at"]
    ordering = "-received_at"
    form_fields = ["name", "email", "phone", "message"]
