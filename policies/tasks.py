"""Lets Wagtail's own marker follow the versions whose instant has come."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from policies import projection


@shared_task
def publish_scheduled() -> None:
    try:
        call_command("publish_scheduled")  # for pages of every kind; it ends at the first that cannot be published
    finally:  # the failure is left to Celery, and no policy waits for another page
        projection.follow(timezone.now())
