"""What does the CMS's first page tell a privacy officer? Only what somebody should do something about."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component
from wagtail.models import Site
from wagtail.permission_policies import ModelPermissionPolicy

from consent import catalogue, findings
from consent.models import Decision, Service, Snapshot
from consent.proof.status import ledger_status
from policies.panels import Line
from policies.wording import instant


class ConsentStatus(Component):
    """For those who may read decisions or configurations; one calm line while all is well."""

    name = "consent"
    order = 160
    template_name = "consent/admin_numbers/dashboard.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        user, now, found = (parent_context or {})["request"].user, timezone.now(), list[Line]()
        reads = ModelPermissionPolicy(Decision).user_has_permission(user, "view")
        if reads:
            found += ledger_lines(now)
        if ModelPermissionPolicy(Snapshot).user_has_any_permission(user, ["add", "view"]):
            found += catalogue_lines()
        if ModelPermissionPolicy(Service).user_has_permission(user, "change"):
            found += finding_lines()
        if not (found or reads):
            return {"lines": []}
        return {"lines": found or [calm_line()], "to_do": len(found)}


def calm_line() -> Line:
    sentence = _("Nothing undeclared was found, all changes are published, and the ledger of decisions verifies.")
    return Line(sentence, reverse("consent_ledger:index"))


def ledger_lines(now: datetime) -> Iterator[Line]:
    status, address = ledger_status(now), reverse("consent_ledger:index")
    if status.late and status.lag is not None:
        sentence = _("Decisions have waited for their seal for %(time)s. Is a worker running?")
        yield Line(sentence % {"time": timesince(now - status.lag, now)}, address, open=True)
    if status.altered and status.checked:
        words = {"when": instant(status.checked.ran_at), "fault": status.checked.first_fault}
        yield Line(_("The ledger did not verify on %(when)s: %(fault)s") % words, address, open=True)
    elif status.unchecked:
        yield Line(_("The ledger has not been checked for two days. Is a worker running?"), address, open=True)


def catalogue_lines() -> Iterator[Line]:
    """A site whose draft differs from what its visitors see."""
    address, sites = reverse("consent_published:index"), list(Site.objects.order_by("pk"))
    for site in sites:
        if not catalogue.unpublished_changes(site):
            continue
        if len(sites) == 1 and catalogue.latest_of(site.pk) is None:
            yield Line(_("No configuration is published yet: visitors are asked about nothing."), address, open=True)
        elif len(sites) == 1:
            yield Line(_("Groups, cookies or services have changed and are not published yet."), address, open=True)
        else:
            sentence = _("Groups, cookies or services have changed and are not published yet: %(site)s.")
            yield Line(sentence % {"site": site}, address, open=True)


def finding_lines() -> Iterator[Line]:
    """A site on which something was met that its published configuration does not name."""
    address, sites = reverse("consent_found:index"), list(Site.objects.order_by("pk"))
    for site in sites:
        count = len(findings.open_findings(site))
        if not count:
            continue
        sentence = ngettext(
            "Found and not declared: %(count)d thing.", "Found and not declared: %(count)d things.", count
        )
        where = f" ({site})" if len(sites) > 1 else ""
        yield Line(sentence % {"count": count} + where, f"{address}?site={site.pk}", open=True)
