"""Lets Wagtail's own marker follow the versions whose instant has come."""

from celery import shared_task
from django.utils import timezone

from policies import projection


@shared_task
def publish_scheduled() -> None:
    now = timezone.now()
    projection.keep_schedules(now)
    projection.follow(now)
