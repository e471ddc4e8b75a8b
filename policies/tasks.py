"""Lets Wagtail's own marker follow the versions whose instant has come."""

import logging

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from policies import projection

logger = logging.getLogger(__name__)


@shared_task
def publish_scheduled() -> None:
    try:
        call_command("publish_scheduled")  # for pages of every kind; it ends at the first that cannot be published
    except Exception:
        logger.exception("publish_scheduled stopped early")
    projection.follow(timezone.now())
