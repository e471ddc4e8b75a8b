"""Every route to Publish or Schedule in Wagtail ends in one of these two signals."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.contrib.frontend_cache.utils import purge_page_from_cache
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision

from policies import freeze, projection
from policies.models import PolicyPage


def policy_published(sender: Any, instance: Any, revision: Revision, **kwargs: Any) -> None:
    # The signal also fires for aliases, and with live=False when a page that never was live is only scheduled.
    if not isinstance(instance, PolicyPage) or not instance.live or instance.alias_of_id:
        return
    now = timezone.now()
    # `publish_scheduled` may come days after the instant, when a newer version is in force already.
    if not freeze.needs_no_version(page=instance, revision=revision, now=now):
        freeze.freeze(page=instance, revision=revision, effective_from=now, now=now, **_actors(revision))
    projection.mark_next(instance, now)


def revision_scheduled(sender: Any, instance: Revision, update_fields: Any = None, **kwargs: Any) -> None:
    if not update_fields or "approved_go_live_at" not in update_fields:
        return
    if instance.content_type.model_class() is not PolicyPage:
        return
    now, instant = timezone.now(), instance.approved_go_live_at
    page = instance.as_object()
    if instant is None:
        reason = "The scheduled publication was cancelled."
        freeze.cancel(revision=instance, now=now, by=_actors(instance)["by"], reason=reason)
    else:
        freeze.freeze(page=page, revision=instance, effective_from=instant, now=now, **_actors(instance))
    # Wagtail purges on publication alone; an announcement changes the same pages.
    transaction.on_commit(partial(purge_page_from_cache, page))


def _actors(revision: Revision) -> dict[str, str]:
    """Who pressed the button, if Wagtail's admin knows, and who wrote the text."""
    author = _name(revision.user)
    return {"by": _name(get_active_log_context().user) or author, "written_by": author}


def _name(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else ""
