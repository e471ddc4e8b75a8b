"""One campaign at a glance: how many of which state, how fast, what servers said, and how A and B compare."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from mailing import progress
from mailing.addresses import Provider
from mailing.models import Campaign, Delivery
from mailing.viewsets import acts
from mailing.viewsets.results import chart
from policies.wording import instant

State = Delivery.State
CAMPAIGNS = ModelPermissionPolicy(Campaign)
READ = ["add", "change", "delete", "view"]
UNFINISHED = {Campaign.State.SCHEDULED, Campaign.State.SENDING, Campaign.State.PAUSED}
SHOWN_UNKNOWN = 20
EVERY = 2  # seconds between two looks of the script


def numbers(campaign: Campaign) -> dict[str, Any]:
    """What changes while somebody watches: the context of mailing/results_live.html."""
    now = timezone.now()
    summary = progress.summary(campaign, now=now)
    states, pace = summary.states, summary.pace
    drawn = chart.chart(progress.by_minute(campaign)) if states else None
    return {
        "campaign": campaign,
        "unfinished": campaign.state in UNFINISHED,
        "summary": summary,
        "said": said(campaign, summary),
        "headline": headline(states, summary.total),
        "rate": round(pace.per_minute),
        "ends_in": lasts(pace.ends_at - now) if pace.ends_at else "",
        "oldest": lasts(now - pace.oldest_at) if pace.oldest_at else "",
        "bar": chart.bar(states),
        "chart": drawn,
        "providers": list(Provider),
        "zone": timezone.get_current_timezone_name(),
        "variants": progress.by_version(campaign, now=now) if campaign.test_share else [],
        "answers": progress.answers(campaign) if {State.FAILED, State.DEFERRED} & states.keys() else [],
        "returned": progress.returned(campaign),
        "links": progress.links(campaign, now=now) if campaign.count_links else [],
    }


def lasts(time: timedelta) -> str:
    if time < timedelta(minutes=1):
        return gettext("less than a minute")
    return timesince(timezone.now() - time)


def headline(states: dict[State, int], total: int) -> list[tuple[Any, int]]:
    return [
        (_("Recipients"), total),
        (_("Accepted"), _sum(states, State.SENT, State.BOUNCED, State.COMPLAINED)),
        (_("To do"), _sum(states, State.HELD, State.PENDING, State.DEFERRED, State.CLAIMED, State.SENDING)),
        (_("Came back or refused"), _sum(states, State.BOUNCED, State.FAILED)),
        (_("Reported as spam"), _sum(states, State.COMPLAINED)),
        (_("Not sent"), _sum(states, State.SKIPPED)),
        (_("Unknown"), _sum(states, State.UNKNOWN)),
    ]


def _sum(states: dict[State, int], *which: State) -> int:
    return sum(states.get(state, 0) for state in which)


def said(campaign: Campaign, summary: progress.Summary) -> str:
    """For those who listen: it changes every ten percent, and when the campaign's state does."""
    if campaign.state == Campaign.State.SENDING and summary.total:
        tens = summary.done * 10 // summary.total * 10
        return gettext("Sending: %(percent)d%% done.") % {"percent": tens}
    if campaign.state == Campaign.State.PAUSED:
        return gettext("Paused: %(why)s.") % {"why": campaign.get_paused_by_display()}
    if campaign.state == Campaign.State.SCHEDULED and campaign.send_at:
        return gettext("Scheduled for %(when)s.") % {"when": instant(campaign.send_at)}
    if campaign.state == Campaign.State.CANCELLED:
        return gettext("Cancelled.")
    if campaign.state == Campaign.State.SENT:
        sentence = ngettext("Done: %(count)d message.", "Done: %(count)d messages.", summary.total)
        return sentence % {"count": summary.total}
    return gettext("Not sent yet.")


class ResultsView(generic.InspectView):
    """The page of a campaign that was queued; its parts that move are `mailing/results_live.html`."""

    model = Campaign
    permission_policy = CAMPAIGNS
    any_permission_required = READ
    page_title = _("Results")
    header_icon = "mail"
    template_name = "mailing/results.html"

    def get_fields(self) -> list[str]:
        return []

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        key = self.object.pk
        return [
            Button(_("Every row"), url=reverse("mail_results:rows", args=[key]), icon_name="list-ul", priority=10),
            Button(_("Download CSV"), url=reverse("mail_results:csv", args=[key]), icon_name="download", priority=20),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        campaign = self.object
        unknown = progress.rows(campaign).filter(state=State.UNKNOWN).order_by("pk")
        return super().get_context_data(
            **numbers(campaign),
            **acts.possible(campaign, self.request.user),
            unknown=[(row, instant(row.changed_at)) for row in unknown[:SHOWN_UNKNOWN]],
            may_send=self.request.user.has_perm("mailing.send_campaign"),
            facts=facts(campaign),
            every=EVERY,
            **kwargs,
        )


def facts(campaign: Campaign) -> list[tuple[Any, Any]]:
    """What the campaign was, in a line each."""
    found = [
        (_("Kind"), campaign.get_kind_display()),
        (_("List"), campaign.mailing_list),
        (_("Segment"), campaign.segment),
        (_("Policy version"), campaign.policy_version),
        (_("Began at"), instant(campaign.queued_at) if campaign.queued_at else ""),
        (_("Ended at"), instant(campaign.ended_at) if campaign.ended_at else ""),
        (_("Version for the rest"), campaign.get_chosen_display()),
    ]
    return [(label, value) for label, value in found if value]


class LiveView(PermissionCheckedMixin, View):
    """The parts that move, alone."""

    permission_policy = CAMPAIGNS
    any_permission_required = READ

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        campaign = get_object_or_404(Campaign, pk=pk)
        context = numbers(campaign) | acts.possible(campaign, request.user)
        answer = render(request, "mailing/results_live.html", context)
        answer["Cache-Control"] = "no-store"
        return answer
