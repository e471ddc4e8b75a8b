"""Mailing lists at the desk: what people can ask for, under which purpose of the policy."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet

from mailing.models import MailingList
from records.viewsets import KeptWhileUsed


class MailingListViewSet(ModelViewSet):
    model = MailingList
    name = "mailing_lists"
    url_prefix = "mailing/lists"
    icon = "list-ul"
    index_results_template_name = "mailing/lists_results.html"
    menu_label = _("Lists")
    list_display = ["name", "key", "policy_purpose", "sender"]
    list_filter = ["policy_purpose"]
    search_fields = ["name", "key"]
    copy_view_enabled = False
    delete_view_class = KeptWhileUsed
    panels = [FieldPanel(name) for name in ("name", "key", "description", "policy_purpose", "sender")]
