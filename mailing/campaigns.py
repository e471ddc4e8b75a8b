"""How does a written campaign become one row per recipient, and what may an editor do with it on its way?"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mailing import carried, compose, materialise, segments
from mailing.models import Campaign, Delivery, Link, Subscription
from mailing.models.deliveries import UNFINISHED, WAITING
from records import terms
from records.registry import Purpose

State = Campaign.State
Row = Delivery.State
Reason = Delivery.Reason


class CannotSend(Exception):
    """The campaign stays as it is; the message says why."""


def purpose(campaign: Campaign) -> Purpose:
    """What its messages are for, in the words of the policy. A notice is owed by law."""
    return Purpose(campaign.mailing_list.policy_purpose) if campaign.mailing_list else Purpose.LEGAL


def is_covered(campaign: Campaign, at: datetime) -> bool:
    """Does a policy in force at `at` (UTC) name the purpose of its list? Before the first one, none does."""
    return not campaign.is_promotion or terms.in_force(terms.Kind.PURPOSE, purpose(campaign), at) is not None


def refusal(campaign: Campaign, at: datetime) -> str:
    """Why it may not be queued at `at` (UTC), and what to do about it; empty if it may."""
    if not campaign.live or campaign.has_unpublished_changes:
        return _("Nobody has approved this text yet. Approve it in the editor; then it can be sent.")
    if campaign.workflow_in_progress:
        return _("This text waits for somebody's approval in a workflow.")
    if campaign.is_promotion and not campaign.texts.exists():
        return _("This campaign has no text yet.")
    if not is_covered(campaign, at):
        sentence = _(
            "No policy in force names “%(purpose)s” among its purposes, so no campaign is sent. Add that purpose to a "
            "clause “Purposes” of the policy, and publish it."
        )
        return sentence % {"purpose": purpose(campaign).label}
    return carried.refusal(at) if campaign.is_promotion else ""


def recipients(campaign: Campaign) -> QuerySet[Subscription]:
    """Who is on its list, and in its segment if it has one, now."""
    people = Subscription.objects.live().filter(mailing_list=campaign.mailing_list)
    return segments.narrow(people, campaign.segment) if campaign.segment else people


def schedule(*, campaign: Campaign, send_at: datetime, now: datetime) -> None:
    """From `send_at` (UTC) on a worker writes its rows and sends. Raises CannotSend when it was sent before, is not
    approved, reaches nobody, or no policy in force covers it."""
    with transaction.atomic():
        campaign = _locked(campaign)
        if campaign.state != State.DRAFT:
            raise CannotSend(_("This campaign was sent already."))
        if sentence := refusal(campaign, now):
            raise CannotSend(sentence)
        if not recipients(campaign).exists():
            raise CannotSend(_("Nobody has confirmed a subscription to this list yet."))
        campaign.state, campaign.send_at = State.SCHEDULED, max(send_at, now)
        campaign.save(update_fields=["state", "send_at"])


def due(now: datetime) -> QuerySet[Campaign]:
    """Scheduled ones whose instant has come."""
    scheduled = Campaign.objects.filter(state=State.SCHEDULED)
    early = Q(in_recipient_zone=True, send_at__lte=now + materialise.EAST_TO_WEST)
    return scheduled.filter(early | Q(in_recipient_zone=False, send_at__lte=now))


def start(campaign_id: int, *, now: datetime) -> int:
    """Writes one row for each recipient, in one statement and one transaction; returns how many. 0 when somebody else
    did, its instant has not come, or no ground in force lets its addresses reach the mail provider: then it waits."""
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign_id)
        starts_at = materialise.starts_at(campaign)
        if campaign.state != State.SCHEDULED or starts_at is None or starts_at > now or carried.refusal(now):
            return 0
        count = materialise.promotion(campaign, recipients(campaign), purpose=purpose(campaign), now=now)
        if campaign.count_links:
            links = [Link(campaign=campaign, url=url) for url in compose.links_of(campaign)]
            Link.objects.bulk_create(links, ignore_conflicts=True)
        campaign.state, campaign.queued_at = State.SENDING, now
        campaign.save(update_fields=["state", "queued_at"])
        finish(campaign_id, now=now)
        carried.put_on_record(campaign, count=count, now=now)  # last: the register's end is held until this is through
        return count


def pause(*, campaign: Campaign, by: Campaign.Paused, now: datetime) -> bool:
    """No chunk is begun any more; the one in somebody's hands goes out. Returns whether it was on its way."""
    on_its_way = Campaign.objects.filter(pk=campaign.pk, state=State.SENDING)
    return bool(on_its_way.update(state=State.PAUSED, paused_by=by))


def resume(*, campaign: Campaign, now: datetime) -> bool:
    """Goes on where it stood. Returns whether it was paused."""
    resumed = Campaign.objects.filter(pk=campaign.pk, state=State.PAUSED).update(state=State.SENDING, paused_by="")
    finish(campaign.pk, now=now)
    return bool(resumed)


def cancel(*, campaign: Campaign, now: datetime) -> bool:
    """What has not left never does: the rows say so. Returns whether there was anything to cancel."""
    with transaction.atomic():
        campaign = _locked(campaign)
        if campaign.state not in {State.SCHEDULED, State.SENDING, State.PAUSED}:
            return False
        campaign.state, campaign.ended_at, campaign.paused_by = State.CANCELLED, now, ""
        campaign.save(update_fields=["state", "ended_at", "paused_by"])
        left = campaign.deliveries.filter(state__in=[Row.HELD, *WAITING])
        left.update(state=Row.SKIPPED, reason=Reason.CANCELLED, changed_at=now)
        return True


def choose(*, campaign: Campaign, version: Campaign.Version, now: datetime) -> int:
    """The rest of the audience gets this version; returns how many people that are. A second choice changes nothing."""
    with transaction.atomic():
        campaign = _locked(campaign)
        if campaign.chosen or campaign.state not in {State.SENDING, State.PAUSED}:
            return 0
        campaign.chosen = version
        campaign.save(update_fields=["chosen"])
        held = campaign.deliveries.filter(state=Row.HELD)
        return held.update(state=Row.PENDING, version=version, not_before=now, changed_at=now)


def send_again(*, campaign: Campaign, deliveries: Collection[int], now: datetime) -> int:
    """Somebody has decided to send these unknown rows once more, at the risk of a second copy; returns how many."""
    with transaction.atomic():
        campaign = _locked(campaign)
        if campaign.state not in {State.SENDING, State.PAUSED, State.SENT}:
            return 0
        unknown = campaign.deliveries.filter(pk__in=deliveries, state=Row.UNKNOWN)
        count = unknown.update(state=Row.PENDING, reason="", not_before=now, changed_at=now, owner="", lease_until=None)
        if count and campaign.state == State.SENT:
            campaign.state, campaign.ended_at = State.SENDING, None
            campaign.save(update_fields=["state", "ended_at"])
        return count


def finish(campaign_id: int, *, now: datetime) -> bool:
    """Marks the campaign sent once no delivery is left to do; returns whether it is."""
    if Delivery.objects.filter(campaign_id=campaign_id, state__in=UNFINISHED).exists():
        return False
    Campaign.objects.filter(pk=campaign_id, state=State.SENDING).update(state=State.SENT, ended_at=now)
    return True


def unfinished() -> QuerySet[Campaign]:
    return Campaign.objects.filter(state=State.SENDING)


def _locked(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
