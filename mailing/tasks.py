"""A worker's turn at the mail: ids in, one call, a count out."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from mailing import campaigns, grouping, incoming, lookups, notices, returns
from mailing import deliver as delivery
from records.tasks import hint

logger = logging.getLogger(__name__)

PUMP_SECONDS = 5  # how often beat looks; a hint of that look is worth nothing once the next one was made


@shared_task
def send_confirmation(subscription_id: int) -> int:
    return delivery.send_confirmation(subscription_id, now=timezone.now())


@shared_task
def start(campaign_id: int) -> int:
    """Writes the rows of a campaign whose instant has come."""
    count = campaigns.start(campaign_id, now=timezone.now())
    for _each in range(min(settings.MAIL_CONNECTIONS, count)):
        hint(deliver, campaign_id)
    return count


@shared_task
def deliver(campaign_id: int) -> int:
    taken = _send(campaign_id)
    if taken:
        hint(deliver, campaign_id)
    return taken


@shared_task
def send_letters() -> int:
    return _send(None)


def _send(campaign_id: int | None) -> int:
    """Rows that a server did not take wait; the next look finds them."""
    try:
        return delivery.send(campaign_id)
    except OSError as error:
        logger.warning("mail waits: %s", type(error).__name__)
        return 0


@shared_task
def announce(version_id: int) -> int:
    """Queues what people are to be told of a policy version; returns how many are."""
    campaign = notices.queue(version_id, now=timezone.now())
    if campaign is None:
        return 0
    hint(deliver, campaign.pk)
    return campaign.deliveries.count()


@shared_task
def pump() -> int:
    """Looks for work whose hint was lost: with the broker, with a worker, or with the mail server."""
    tasks = {
        "confirmation": send_confirmation,
        "notice": announce,
        "start": start,
        "import": write_import,
        "campaign": deliver,
    }
    found = list(delivery.unfinished(now=timezone.now()))
    for kind, key in found:
        arguments = () if kind == "letters" else (key,)
        hint(tasks.get(kind, send_letters), *arguments, expires=PUMP_SECONDS)
    return len(found)


@shared_task
def look_up_providers() -> int:
    """Asks DNS who runs the mailboxes of the domains that are most frequent among subscribers."""
    return grouping.regroup(lookups.providers_of(grouping.unknown_domains(), lookups.resolver()))


@shared_task
def read_returns() -> int:
    """Reads what came back to the mailbox for it, where one is set."""
    if not settings.MAIL_RETURN_MAILBOX:
        return 0
    try:
        counted = returns.mailbox.read(url=settings.MAIL_RETURN_MAILBOX, now=timezone.now())
    except returns.mailbox.NoMailbox as error:
        logger.warning("the mailbox for what comes back is not read: %s", error)
        return 0
    return int(counted.recorded)


@shared_task
def write_import(import_id: int) -> int:
    return incoming.write(import_id, now=timezone.now())
