"""A worker's turn at the mail: ids in, one call, a count out."""

from celery import shared_task
from django.utils import timezone

from mailing import deliver as delivery
from mailing import notices
from records.tasks import hint


@shared_task
def send_confirmation(subscription_id: int) -> int:
    return delivery.send_confirmation(subscription_id, now=timezone.now())


@shared_task
def deliver(campaign_id: int) -> int:
    taken = delivery.send_batch(campaign_id, now=timezone.now())
    if taken:
        hint(deliver, campaign_id)
    return taken


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
    tasks = {"confirmation": send_confirmation, "notice": announce, "campaign": deliver}
    found = list(delivery.unfinished(now=timezone.now()))
    for kind, key in found:
        hint(tasks[kind], key)
    return len(found)
