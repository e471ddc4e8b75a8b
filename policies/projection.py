"""Does Wagtail's own page (menus, search, the editor) follow the version in force? Readers do not wait for it."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from django.apps import apps
from django.db import transaction
from wagtail.models import DraftStateMixin, Page, Revision

from policies.models import PolicyPage, PolicyVersion

BY_SCHEDULE = "wagtail.publish.scheduled"
logger = logging.getLogger(__name__)


def keep_schedules(now: datetime) -> int:
    """What Wagtail's `publish_scheduled` does, for pages of every kind; returns how many were published or taken down.

    Wagtail's own run ends at the first page that cannot be published, and at its next run again. Here each stands for
    itself. What is to go live comes first: taking a page down makes Wagtail forget it.
    """
    due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at")
    published = sum(_attempt(revision, partial(revision.publish, log_action=BY_SCHEDULE)) for revision in due)
    down = {"set_expired": True, "log_action": "wagtail.unpublish.scheduled"}
    return published + sum(_attempt(page, partial(page.unpublish, **down)) for page in _expired(now))


def _expired(now: datetime) -> Iterator[DraftStateMixin]:
    drafts = [model for model in apps.get_models() if issubclass(model, DraftStateMixin)]
    for model in [Page, *(model for model in drafts if not issubclass(model, Page))]:
        yield from model.objects.filter(live=True, expire_at__lt=now).order_by("expire_at")


def _attempt(what: object, act: Callable[[], object]) -> bool:
    """Does it wholly or not at all, and leaves a failure in the log for the operator: the others do not wait for it."""
    try:
        with transaction.atomic():
            act()
    except Exception:
        logger.exception("%s %s could not follow its schedule", type(what).__name__, getattr(what, "pk", ""))
        return False
    return True


def lagging(now: datetime) -> Iterator[tuple[PolicyPage, PolicyVersion]]:
    """Pages in the authoritative language that show something else than the version in force at `now`."""
    for page in PolicyPage.objects.filter(alias_of=None).order_by("pk"):
        version = page.versions.brief().effective_by(now).first()
        if version is None or version.ends or version.page_id != page.pk:
            continue
        if not (page.live and page.live_revision_id == version.revision_id):
            yield page, version


def follow(now: datetime) -> int:
    """Publishes in Wagtail what is in force already; returns on how many pages. Freezes nothing."""
    return sum(_attempt(page, partial(_publish, version)) for page, version in lagging(now))


def _publish(version: PolicyVersion) -> None:
    revision = version.revision
    revision.approved_go_live_at = version.effective_from  # in memory: what `freeze.needs_no_version` asks for
    revision.publish(log_action=BY_SCHEDULE)


def mark_next(page: PolicyPage, now: datetime) -> None:
    """Publishing makes Wagtail forget what is scheduled; the next pending version gets its mark back."""
    following = page.versions.brief().pending(now).filter(page=page, ends=False).first()
    if following:
        # Not save(), which would tell our own signal handler.
        Revision.objects.filter(pk=following.revision_id).update(approved_go_live_at=following.effective_from)
