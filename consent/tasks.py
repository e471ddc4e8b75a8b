"""Seals and checks the ledger of decisions."""

import logging

from celery import shared_task
from django.utils import timezone

from consent.proof import anchors, checked
from consent.proof import seal as sealer

logger = logging.getLogger(__name__)


@shared_task
def seal() -> int:
    """Killed at its time limit, it leaves whole seals behind, and the next goes on."""
    sealed = sealer.seal(now=timezone.now())
    anchors.anchor(now=timezone.now())
    return sealed


# 3300 s is less than the broker waits before it hands the task to another worker.
@shared_task(soft_time_limit=3300, time_limit=3400)
def verify(*, anyway: bool = False) -> int | None:
    """The faults found; None when the last check is younger than a day, unless somebody wants to know `anyway`."""
    now = timezone.now()
    if not anyway and not checked.is_due(now):
        return None
    report = checked.check(now=now)
    for fault in report.first:
        logger.error("the ledger of consent was altered: %s", fault)
    return report.faults
