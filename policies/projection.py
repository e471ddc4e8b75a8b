"""Does Wagtail's own page (menus, search, the editor) follow the version in force? Readers do not wait for it."""

import logging
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from wagtail.models import Revision

from policies.models import PolicyPage, PolicyVersion

BY_SCHEDULE = "wagtail.publish.scheduled"
logger = logging.getLogger(__name__)


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
    return sum(_attempt(page, version) for page, version in lagging(now))


def _attempt(page: PolicyPage, version: PolicyVersion) -> bool:
    """Wholly or not at all; a failure is left in the log for the operator, and no other policy waits for it."""
    try:
        with transaction.atomic():
            _publish(version)
    except Exception:
        logger.exception("policy page %s could not follow version %s", page.pk, version.number)
        return False
    return True


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
