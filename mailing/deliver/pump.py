"""What should a worker look at now? Found from the rows, whatever was lost: a hint, a worker, the broker."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.core.cache import cache

from mailing import audience, campaigns, incoming, letters, notices
from mailing.deliver import claim, journal, slow, turn
from mailing.models import Campaign
from mailing.models.deliveries import WAITING

logger = logging.getLogger(__name__)

SEEN = "candor:mail-pump"  # when a worker last looked, for the screen that shows the queue
QUESTIONS = 100  # at a time


def unfinished(*, now: datetime) -> Iterator[tuple[str, int]]:
    """("confirmation", subscription), ("notice", policy version), ("start", campaign), ("import", import),
    ("letters", 0) and ("campaign", campaign) keys, the last as often as there are connections for its rows."""
    cache.set(SEEN, now.isoformat(), timeout=3600)
    recover(now)
    slow.forget(now)
    for key in audience.waiting_for_question(now).values_list("pk", flat=True)[:QUESTIONS]:
        yield "confirmation", key
    for key in notices.due():
        yield "notice", key
    for key in campaigns.due(now).values_list("pk", flat=True):
        yield "start", key
    for key in incoming.waiting().values_list("pk", flat=True):
        yield "import", key
    if letters.waiting(now):
        yield "letters", 0
    for campaign in campaigns.unfinished():
        yield from [("campaign", campaign.pk)] * hands(campaign, now)


def recover(now: datetime) -> int:
    """Rows whose worker is gone: what its journal says becomes their state, what it had not begun waits again."""
    settled = sum(turn.recover(slot) for slot in journal.abandoned(settings.MAIL_JOURNAL))
    alive = journal.alive(settings.MAIL_JOURNAL)
    taken_back = claim.take_back(alive=alive, now=now)
    if taken_back:
        logger.warning("%d deliveries of workers that are gone were taken back", taken_back)
    return settled + taken_back


def hands(campaign: Campaign, now: datetime) -> int:
    """How many workers this campaign can use now; marks it sent when there is nothing left to do."""
    due = campaign.deliveries.filter(state__in=WAITING, not_before__lte=now)
    most = 1 if campaign.per_minute or settings.MAIL_RATES else settings.MAIL_CONNECTIONS
    batches = -(-due[: most * turn.BATCH].count() // turn.BATCH)
    if not batches:
        campaigns.finish(campaign.pk, now=now)
    return min(batches, most)
