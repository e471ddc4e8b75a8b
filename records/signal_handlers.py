"""What do the packages below do that somebody has to write down?"""

from typing import Any

from django.utils import timezone

from records import cms_history


def upload_begun(instance: Any, created: bool, **kwargs: Any) -> None:
    if created:
        cms_history.note_upload(instance, now=timezone.now())
