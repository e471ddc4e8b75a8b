"""The sign of life that /readyz/ looks for."""

from celery import shared_task

from cms import health


@shared_task
def heartbeat() -> None:
    health.beat()
