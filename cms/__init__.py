"""The frame: settings, addresses, workers, base templates and the demo."""

from cms.celery import app as celery_app

__all__ = ["celery_app"]
