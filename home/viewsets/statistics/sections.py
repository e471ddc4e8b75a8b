"""Which parts does the screen of statistics have, and who may see each?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from home.statistics import SEE, Period
from home.viewsets.statistics import others, promoted, visits
from home.viewsets.statistics.tables import Table


@dataclass(frozen=True)
class Section:
    """`needs`: one of these rights, beside the one to see statistics at all."""

    key: str
    label: Promise
    tables: Callable[[Period], list[Table]]
    needs: tuple[str, ...] = ()

    def is_for(self, user: Any) -> bool:
        return bool(user.has_perm(SEE)) and (not self.needs or any(map(user.has_perm, self.needs)))


SECTIONS = {
    section.key: section
    for section in (
        Section("visits", _("Visits"), visits.visits),
        Section("pages", _("Pages"), visits.of_pages),
        Section("sources", _("Sources"), visits.sources),
        Section("devices", _("Devices"), visits.devices),
        Section("policy", _("Policy"), visits.policy),
        Section("consent", _("Consent"), others.consent, ("consent.view_decision",)),
        Section("campaigns", _("Campaigns"), others.campaigns, ("mailing.view_campaign", "mailing.change_campaign")),
        Section("inquiries", _("Inquiries"), others.inquiries, ("home.view_inquiry",)),
        Section("promotions", _("Promotions"), promoted.promotions, ("home.view_promotion", "home.change_promotion")),
        Section("requests", _("Requests about data"), others.requests, ("records.view_subjectrequest",)),
    )
}
OF_VISITS = {"visits", "pages", "sources", "devices", "policy"}
