"""The work of this floor that a worker does."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from home import pictures, returns, statistics
from home.returns.mailbox import NoMailbox

logger = logging.getLogger(__name__)


@shared_task
def tally() -> int:
    """How many days were summed up."""
    return len(statistics.tally(now=timezone.now()))


@shared_task
def read_replies() -> int:
    """Reads what people replied by mail, where a mailbox for it is set. Returns how many were put below an inquiry."""
    if not settings.INQUIRY_MAILBOX:
        return 0
    try:
        counted = returns.read_mailbox(url=settings.INQUIRY_MAILBOX, now=timezone.now())
    except NoMailbox as error:
        logger.warning("the mailbox for replies is not read: %s", error)
        return 0
    return counted.get(returns.Taken.STORED, 0)


@shared_task
def draw_pictures(page_id: int) -> int:
    """Returns how many files a page's picture stands in."""
    return pictures.prepare(page_id)
