"""Do so many readers report a campaign as spam that it had better stop?"""

import logging
from datetime import datetime

from django.conf import settings

from mailing import campaigns
from mailing.models import Campaign, Delivery, Return

logger = logging.getLogger(__name__)

LEAST_COMPLAINTS = 2  # one person, or one slip of a finger, stops nothing
LEAST_SENT = 100  # a rate over fewer is no rate


def complained_too_often(campaign: Campaign) -> bool:
    """Above settings.MAIL_COMPLAINTS for each 10,000 messages that arrived, as far as we know: those that bounced do
    not count. Counts no more rows than the answer needs."""
    about = Return.objects.filter(kind=Return.Kind.COMPLAINT, delivery__campaign=campaign)
    complaints = about.values("delivery").distinct().count()
    if complaints < LEAST_COMPLAINTS:
        return False
    arrived = campaign.deliveries.filter(state__in=[Delivery.State.SENT, Delivery.State.COMPLAINED])
    enough = complaints * 10_000 // max(settings.MAIL_COMPLAINTS, 1)  # with so many, the rate is within the limit
    sent = arrived.order_by()[: max(enough, LEAST_SENT)].count()
    return sent >= LEAST_SENT and complaints * 10_000 > settings.MAIL_COMPLAINTS * sent


def pause_if_too_many(campaign: Campaign, *, now: datetime) -> bool:
    """Returns whether it was on its way and stands still now."""
    if not complained_too_often(campaign):
        return False
    paused = campaigns.pause(campaign=campaign, by=Campaign.Paused.COMPLAINTS, now=now)
    if paused:
        logger.warning("campaign %d is paused: too many readers report it as spam", campaign.pk)
    return paused
