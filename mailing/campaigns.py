"""How does a written campaign become one row per recipient, and when is it done?"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from mailing.models import Campaign, Delivery, Subscription

UNFINISHED = [Delivery.State.PENDING, Delivery.State.CLAIMED, Delivery.State.SENDING]
ROWS_AT_ONCE = 2000


class CannotSend(Exception):
    """The campaign stays as it is; the message says why."""


def recipients(campaign: Campaign) -> QuerySet[Subscription]:
    return Subscription.objects.live().filter(mailing_list=campaign.mailing_list)


def queue(*, campaign: Campaign, now: datetime) -> int:
    """Freezes the audience into Delivery rows; returns how many. Raises CannotSend when it was sent before or reaches
    nobody."""
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        if campaign.state != Campaign.State.DRAFT:
            raise CannotSend(_("This campaign was sent already."))
        count = sum(len(Delivery.objects.bulk_create(rows)) for rows in _rows(campaign, now))
        if not count:
            raise CannotSend(_("Nobody has confirmed a subscription to this list yet."))
        campaign.state, campaign.queued_at = Campaign.State.SENDING, now
        campaign.save(update_fields=["state", "queued_at"])
        return count


def _rows(campaign: Campaign, now: datetime) -> Iterator[list[Delivery]]:
    keys = list(recipients(campaign).order_by("pk").values_list("pk", "decision_id"))
    for start in range(0, len(keys), ROWS_AT_ONCE):
        yield [
            Delivery(campaign=campaign, subscription_id=subscription, decision_id=decision, changed_at=now)
            for subscription, decision in keys[start : start + ROWS_AT_ONCE]
        ]


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
