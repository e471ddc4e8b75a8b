"""How far is the mail: notices of a policy's versions, campaigns on their way? For the dashboard of the CMS."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin.ui.components import Component

from mailing import notices, progress
from mailing.models import Campaign, Delivery
from policies.models import PolicyPage, PolicyVersion
from policies.notices import RECENT
from policies.panels import Line
from policies.wording import instant

State = Delivery.State
TOLD = [State.SENT, State.BOUNCED, State.COMPLAINED]  # accepted by a mail server, whatever came later
SHOWN = 5  # scheduled campaigns, the next first
WAITS = 120  # seconds for which mail may be due before the dashboard asks whether a worker runs
SENTENCES = {
    Campaign.Kind.NOTICE: gettext_lazy("Notice of version %(number)d: %(sent)d of %(all)d sent."),
    Campaign.Kind.WITHDRAWAL: gettext_lazy("Withdrawal of version %(number)d: %(sent)d of %(all)d sent."),
}


def notice_lines(page: PolicyPage, now: datetime) -> Iterator[Line]:
    """What is still to be told, and what was told of versions that are pending or new at `now` (UTC)."""
    for number in PolicyVersion.objects.filter(pk__in=notices.due(), policy=page.key).values_list("number", flat=True):
        yield Line(_("Version %(number)d: a worker is yet to tell subscribers.") % {"number": number}, open=True)
    recent = Campaign.objects.filter(policy_version__policy=page.key, policy_version__effective_from__gt=now - RECENT)
    sent = Count("deliveries", filter=Q(deliveries__state__in=TOLD))
    counted = recent.annotate(sent=sent, all=Count("deliveries")).order_by("pk")
    for key, kind, number, done, of in counted.values_list("pk", "kind", "policy_version__number", "sent", "all"):
        words = {"number": number, "sent": done, "all": of}
        yield Line(SENTENCES[Campaign.Kind(kind)] % words, reverse("campaigns:inspect", args=(key,)))


@dataclass(frozen=True)
class Progress(Line):
    """A campaign on its way: how many of its messages are done."""

    done: int = 0
    of: int = 0


class MailStatus(Component):
    """Campaigns on their way and what stands still; one calm line while nothing moves and all is well."""

    name = "mailing"
    order = 170
    template_name = "mailing/queue_dashboard.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        user, now, found = (parent_context or {})["request"].user, timezone.now(), list[Line]()
        campaigns = any(user.has_perm(f"mailing.{act}_campaign") for act in ("view", "change", "send"))
        if campaigns:
            found += [*campaign_lines(), *scheduled_lines(now)]
        if user.has_perm("mailing.view_delivery"):
            found += queue_lines(now)
        if not (found or campaigns):
            return {"lines": []}
        calm = "" if found else _("No campaign is on its way, and no mail is stuck.")
        return {
            "lines": found,
            "calm": calm,
            "write": reverse("campaigns:add") if calm and user.has_perm("mailing.add_campaign") else "",
            "to_do": sum(line.open for line in found),
            "coming": [(line.at, line.text, line.url) for line in found if line.at],
        }


def campaign_lines() -> Iterator[Line]:
    for campaign, done, of in progress.in_flight():
        words = {"title": campaign.title, "done": done, "all": of, "why": campaign.get_paused_by_display()}
        paused = campaign.state == Campaign.State.PAUSED
        sentence = _("%(title)s: %(done)d of %(all)d done.")
        if paused:
            sentence = _("%(title)s is paused after %(done)d of %(all)d: %(why)s.")
        address = reverse("campaigns:inspect", args=(campaign.pk,))
        yield Progress(sentence % words, address, open=paused, done=done, of=of)


def scheduled_lines(now: datetime) -> Iterator[Line]:
    for campaign in Campaign.objects.filter(state=Campaign.State.SCHEDULED).order_by("send_at", "pk")[:SHOWN]:
        if campaign.send_at is None:
            continue
        words = {
            "title": campaign.title,
            "time": timeuntil(campaign.send_at, now),
            "when": instant(campaign.send_at),
        }
        sentence = _("%(title)s leaves in %(time)s: on %(when)s.") % words
        yield Line(sentence, reverse("campaigns:inspect", args=(campaign.pk,)), at=campaign.send_at)


def queue_lines(now: datetime) -> Iterator[Line]:
    health, address = progress.health(now=now), reverse("mail_queue:index")
    if health.unknown:
        sentence = ngettext(
            "Of %(count)d message nobody knows whether it left.",
            "Of %(count)d messages nobody knows whether they left.",
            health.unknown,
        )
        yield Line(sentence % {"count": health.unknown}, address, open=True)
    silent = health.pump_at is None or (now - health.pump_at).total_seconds() > WAITS
    if silent and health.oldest_at and (now - health.oldest_at).total_seconds() > WAITS:
        sentence = _("Mail has been due for %(time)s. Is a worker running?")
        yield Line(sentence % {"time": timesince(health.oldest_at, now)}, address, open=True)
