"""How does a written campaign become one row per recipient, and when is it done?"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from mailing.models import Campaign, Delivery, Subscription
from policies.models import PolicyWithdrawal
from records import terms
from records.registry import Purpose

UNFINISHED = [Delivery.State.PENDING, Delivery.State.CLAIMED, Delivery.State.SENDING]
ROWS_AT_ONCE = 2000


class CannotSend(Exception):
    """The campaign stays as it is; the message says why."""


def is_covered(at: datetime) -> bool:
    """Does a policy in force at `at` (UTC) name promotional mail as a purpose? Before the first one, none does."""
    return terms.in_force(terms.Kind.PURPOSE, Purpose.PROMOTION, at) is not None


def refusal(at: datetime) -> str:
    """Why no campaign may be queued at `at` (UTC), and what to do about it; empty if one may."""
    if is_covered(at):
        return ""
    sentence = _(
        "No policy in force names “%(purpose)s” among its purposes, so no campaign is sent. Add that purpose to a "
        "clause “Purposes” of the policy, and publish it."
    )
    return sentence % {"purpose": Purpose.PROMOTION.label}


def why_stopped(campaign: Campaign, at: datetime) -> str:
    """What keeps every message of `campaign` from leaving at `at` (UTC), for the row that is skipped; empty if
    nothing does."""
    if campaign.kind == Campaign.Kind.PROMOTION:
        return "" if is_covered(at) else "no policy in force names this purpose"
    taken_back = PolicyWithdrawal.objects.filter(version=campaign.policy_version_id)
    return "the version was withdrawn" if campaign.kind == Campaign.Kind.NOTICE and taken_back.exists() else ""


def recipients(campaign: Campaign) -> QuerySet[Subscription]:
    return Subscription.objects.live().filter(mailing_list=campaign.mailing_list).order_by("pk")


def queue(*, campaign: Campaign, now: datetime) -> int:
    """Freezes the audience into Delivery rows; returns how many. Raises CannotSend when it was sent before, reaches
    nobody, or no policy in force covers it."""
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        if campaign.state != Campaign.State.DRAFT:
            raise CannotSend(_("This campaign was sent already."))
        if sentence := refusal(now):
            raise CannotSend(sentence)
        count = address(campaign, recipients(campaign), now=now)
        if not count:
            raise CannotSend(_("Nobody has confirmed a subscription to this list yet."))
        campaign.state, campaign.queued_at = Campaign.State.SENDING, now
        campaign.save(update_fields=["state", "queued_at"])
        return count


def address(campaign: Campaign, subscriptions: QuerySet[Subscription], *, now: datetime) -> int:
    """Writes one waiting row for each of `subscriptions`; returns how many."""
    keys = list(subscriptions.values_list("pk", "decision_id"))
    for start in range(0, len(keys), ROWS_AT_ONCE):
        Delivery.objects.bulk_create(
            Delivery(campaign=campaign, subscription_id=subscription, decision_id=decision, changed_at=now)
            for subscription, decision in keys[start : start + ROWS_AT_ONCE]
        )
    return len(keys)


def finish(campaign_id: int) -> bool:
    """Marks the campaign sent once no delivery is left to do; returns whether it is."""
    left = Delivery.objects.filter(campaign_id=campaign_id, state__in=UNFINISHED)
    if left.exists():
        return False
    Campaign.objects.filter(pk=campaign_id, state=Campaign.State.SENDING).update(state=Campaign.State.SENT)
    return True


def unfinished() -> QuerySet[Campaign]:
    return Campaign.objects.filter(state=Campaign.State.SENDING)


def progress(campaign: Campaign) -> dict[str, int]:
    """Deliveries by state, counted from the rows themselves: there is no counter to drift."""
    counted = campaign.deliveries.values("state").annotate(rows=Count("pk")).order_by("state")
    return {str(Delivery.State(row["state"]).label): row["rows"] for row in counted}
