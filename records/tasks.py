"""The nightly work of this floor, and the way every edge asks a worker for something."""

import logging
from typing import Any

from celery import Task, shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from records import retention

logger = logging.getLogger(__name__)


def hint(task: Task, *args: Any, expires: float | None = None) -> None:
    """Tells a worker, once this transaction stands, that rows wait. A lost hint costs time only: beat looks again.

    `expires` (seconds): a worker that is busy for so long need not look any more.
    """

    def send() -> None:
        try:
            task.apply_async(args, expires=expires)
        except OperationalError as error:
            logger.warning("the broker is away (%s): %s waits for beat", type(error).__name__, task.name)

    transaction.on_commit(send)


@shared_task
def expire() -> int:
    return sum(outcome.rows for outcome in retention.expire(now=timezone.now()))
