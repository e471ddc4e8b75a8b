"""Every route to Publish or Schedule in Wagtail ends in one of these two signals."""

from typing import Any

from django.utils import timezone
from wagtail.models import Revision

from policies import freeze
from policies.models import PolicyPage


def policy_published(sender: Any, instance: Any, revision: Revision, **kwargs: Any) -> None:
    # The signal also fires, with live=False, when a page that never was live is only scheduled.
    if isinstance(instance, PolicyPage) and instance.live:
        now = timezone.now()
        freeze.freeze(page=instance, revision=revision, effective_from=now, now=now, by=_author(revision))


def revision_scheduled(sender: Any, instance: Revision, update_fields: Any = None, **kwargs: Any) -> None:
    if not update_fields or "approved_go_live_at" not in update_fields:
        return
    if instance.content_type.model_class() is not PolicyPage:
        return
    now, instant = timezone.now(), instance.approved_go_live_at
    if instant is None:
        freeze.withdraw(revision=instance, now=now, reason="The scheduled publication was cancelled.")
    else:
        page = instance.as_object()
        freeze.freeze(page=page, revision=instance, effective_from=instant, now=now, by=_author(instance))


def _author(revision: Revision) -> str:
    return revision.user.get_full_name() or revision.user.get_username() if revision.user else ""
