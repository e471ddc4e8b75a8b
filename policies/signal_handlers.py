"""Every route to Publish or Schedule in Wagtail ends in one of these two signals."""

from typing import Any

from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision

from policies import freeze
from policies.models import PolicyPage


def policy_published(sender: Any, instance: Any, revision: Revision, **kwargs: Any) -> None:
    # The signal also fires, with live=False, when a page that never was live is only scheduled.
    if not isinstance(instance, PolicyPage) or not instance.live:
        return
    now = timezone.now()
    # `publish_scheduled` may come days after the instant, when a newer version is in force already.
    if freeze.frozen_when_scheduled(page=instance, revision=revision, now=now):
        return
    freeze.freeze(page=instance, revision=revision, effective_from=now, now=now, by=_actor(revision.user))


def revision_scheduled(sender: Any, instance: Revision, update_fields: Any = None, **kwargs: Any) -> None:
    if not update_fields or "approved_go_live_at" not in update_fields:
        return
    if instance.content_type.model_class() is not PolicyPage:
        return
    now, instant = timezone.now(), instance.approved_go_live_at
    if instant is None:
        reason = "The scheduled publication was cancelled."
        freeze.withdraw(revision=instance, now=now, by=_actor(None), reason=reason)
    else:
        page = instance.as_object()
        freeze.freeze(page=page, revision=instance, effective_from=instant, now=now, by=_actor(instance.user))


def _actor(author: Any) -> str:
    """Who pressed the button, if Wagtail's admin knows; else the revision's author."""
    user = get_active_log_context().user or author
    return (user.get_full_name() or user.get_username()) if user else ""
