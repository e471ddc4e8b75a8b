"""The editor's side: groups, cookies and services are a draft until somebody publishes them."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup

from consent.viewsets.banner import BannerViewSet
from consent.viewsets.cookie import CookieViewSet
from consent.viewsets.decisions import DecisionViewSet
from consent.viewsets.findings import FoundViewSet
from consent.viewsets.group import CookieGroupViewSet
from consent.viewsets.ledger import LedgerViewSet
from consent.viewsets.publishing import PublishedViewSet
from consent.viewsets.service import ServiceViewSet
from consent.viewsets.statistics import StatisticsViewSet
from records.viewsets import RecipientViewSet


class ConsentViewSetGroup(ViewSetGroup):
    menu_label = _("Consent")
    menu_icon = "check"
    menu_order = 500
    items = (
        ServiceViewSet("consent_services"),
        CookieViewSet("consent_cookies"),
        CookieGroupViewSet("consent_groups"),
        BannerViewSet("consent_banner"),
        RecipientViewSet("recipients"),
        FoundViewSet(),
        PublishedViewSet(),
    )


def registered() -> list[ViewSet]:
    """Every screen of this floor; those outside the menu "Consent" are named here one by one."""
    return [
        ConsentViewSetGroup(),
        StatisticsViewSet(),
        DecisionViewSet(),
        LedgerViewSet(),
    ]
