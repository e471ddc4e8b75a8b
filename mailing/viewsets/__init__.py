"""The editor's side: lists and their people, campaigns, and what became of them."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from mailing.viewsets import audience, operations
from mailing.viewsets.campaigns import CampaignViewSet
from mailing.viewsets.lists import MailingListViewSet


class MailingViewSetGroup(ViewSetGroup):
    menu_label = _("Mailing")
    menu_icon = "mail"
    menu_order = 400
    items = (CampaignViewSet(), MailingListViewSet(), *audience.VIEWSETS, *operations.VIEWSETS)
