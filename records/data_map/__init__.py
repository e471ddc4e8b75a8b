"""What this floor and the packages below it store: Django's and Wagtail's own models, and ours.

Celery installs no model here: results are not kept and the schedule is in the settings, so only ids of rows pass
through its broker.
"""

from records.data_map import django, own, requests, screens, wagtail_admin, wagtail_content

__all__ = ["django", "own", "requests", "screens", "wagtail_admin", "wagtail_content"]
