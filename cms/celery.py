"""The Celery application: broker and schedule come from Django's settings."""

import os

from celery import Celery
from celery.signals import task_prerun, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")

app = Celery("candor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def say_ready(**kwargs: object) -> None:
    """/readyz/ need not wait for beat's first tick."""
    from cms import health

    health.beat()


@task_prerun.connect
def tell_the_time(**kwargs: object) -> None:
    """As the site's pages do."""
    from cms import clock

    clock.set_for_task()
