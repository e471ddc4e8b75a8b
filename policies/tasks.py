"""Lets Wagtail's own marker follow the versions whose instant has come."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from policies import projection


@shared_task
def publish_scheduled() -> None:
    call_command("publish_scheduled")
    projection.follow(timezone.now())
