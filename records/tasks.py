"""The nightly work of this floor, and the way every edge asks a worker for something."""

import logging
from typing import Any

from celery import Task, shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from records import alarms, keys, retention
from records.action_log import drain, partitions, pseudonym
from records.subject_requests import agreed, copies, filing, tending

logger = logging.getLogger(__name__)

TEND_SECONDS = 10  # how often beat looks after requests; a hint of one look is worth nothing once the next was made


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
    rows = sum(outcome.rows for outcome in retention.expire(now=timezone.now()))
    keys.drop_unused()
    return rows


@shared_task
def send_data_link(request_id: str) -> bool:
    return filing.send_link(request_id, now=timezone.now())


@shared_task
def make_copy(request_id: str, again: bool = False) -> bool:
    return copies.make(request_id, now=timezone.now(), again=again)


@shared_task
def erase_subject(request_id: str) -> bool:
    return agreed.carry_out(request_id, now=timezone.now())


@shared_task
def tend_requests() -> int:
    """Takes up requests whose hint was lost, or whose receipt has left by now, and clears what has had its time."""
    tasks = {"link": send_data_link, "copy": make_copy, "erasure": erase_subject}
    for kind, key in tending.waiting():
        hint(tasks[kind], str(key), expires=TEND_SECONDS)
    return tending.tidy(now=timezone.now())


@shared_task
def drain_actions() -> int:
    return drain.drain(now=timezone.now()).rows


@shared_task
def tend_actions() -> int:
    now = timezone.now()
    pseudonym.destroy(now=now)
    return len(partitions.ensure(now=now))


# Each check has a minute for a statement; what is remembered by then stays.
@shared_task(soft_time_limit=1500, time_limit=1600)
def watch() -> int:
    """How many promises are broken. Each check whose hour is over is made; beat asks more often than that."""
    return alarms.watch(now=timezone.now())
