"""Every route to Publish or Schedule in Wagtail ends in one of these two signals."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from wagtail.contrib.frontend_cache.utils import purge_pages_from_cache
from wagtail.log_actions import get_active_log_context, log
from wagtail.models import Revision

from policies import effective, freeze, notices, projection, reissue
from policies.models import PolicyPage, PolicyRendition, PolicyVersion, PolicyWithdrawal, is_frozen


def policy_published(sender: Any, instance: Any, revision: Revision, **kwargs: Any) -> None:
    # The signal also fires for aliases, and with live=False when a page that never was live is only scheduled.
    if not isinstance(instance, PolicyPage) or not instance.live or instance.alias_of_id:
        return
    now = timezone.now()
    # The worker may come days after the instant, when a newer version is in force already.
    if not freeze.needs_no_version(revision=revision, now=now):
        frozen = freeze.freeze(page=instance, revision=revision, effective_from=now, now=now, **_actors(revision))
        if isinstance(frozen, PolicyVersion) and not reissue.deciding():
            reissue.log_kept(instance, frozen, now)
        if frozen:
            now = max(now, frozen.effective_from)  # by clocks that differ, it may take force after this one's now
    projection.mark_next(instance, now)


def revision_scheduled(
    sender: Any, instance: Revision, created: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    born_scheduled = created and instance.approved_go_live_at
    if not born_scheduled and "approved_go_live_at" not in (update_fields or ()):
        return
    if instance.content_type.model_class() is not PolicyPage:
        return
    now, instant = timezone.now(), instance.approved_go_live_at
    page = instance.as_object()
    if instant is None:
        reason = "The scheduled publication was cancelled."
        freeze.cancel(revision=instance, now=now, by=_actors(instance)["by"], reason=reason)
        projection.mark_next(page, now)
    else:
        freeze.freeze(page=page, revision=instance, effective_from=instant, now=now, **_actors(instance))
        if not is_frozen(instance.pk):  # nothing changed, so there is nothing for Wagtail to wait for
            Revision.objects.filter(pk=instance.pk).update(approved_go_live_at=None)


def policy_changed(sender: Any, instance: PolicyVersion | PolicyRendition | PolicyWithdrawal, **kwargs: Any) -> None:
    """Wagtail purges caches on publication alone, and before it is committed: a visitor in between brings the old text
    back. Whatever is written here, by whichever route, changes the same pages in every language."""
    version = instance if isinstance(instance, PolicyVersion) else instance.version
    notices.forget()
    transaction.on_commit(partial(_purge, version.policy), robust=True)


def act_logged(sender: Any, instance: PolicyVersion | PolicyRendition | PolicyWithdrawal, **kwargs: Any) -> None:
    """The page's history in the CMS says what was frozen, ended and withdrawn, by whichever route."""
    if isinstance(instance, PolicyWithdrawal):
        words = {"number": instance.version.number, "reason": instance.reason}
        log(instance.version.page, "policies.withdrawn", data=words)
        return
    ends = isinstance(instance, PolicyVersion) and instance.ends
    user = get_active_log_context().user or (None if ends else instance.revision.user)
    log(instance.page, "policies.ended" if ends else "policies.frozen", user=user, data=_said_of(instance))


def _said_of(text: PolicyVersion | PolicyRendition) -> dict[str, Any]:
    if isinstance(text, PolicyRendition):
        return {"number": text.version.number, "language": text.language}
    return {"number": text.number, "at": text.effective_from.isoformat()}


def _purge(policy: UUID) -> None:
    pages = PolicyPage.objects.select_related("alias_of")
    purge_pages_from_cache([page for page in pages if page.key == policy])


def _actors(revision: Revision) -> dict[str, str]:
    """Who pressed the button, if Wagtail's admin knows, and who wrote the text."""
    author = freeze.name_of(revision.user)
    return {"by": freeze.name_of(get_active_log_context().user) or author, "written_by": author}


def languages_changed(sender: Any, **kwargs: Any) -> None:
    effective.forget()
