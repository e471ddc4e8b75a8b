"""Does Wagtail's own page (menus, search, the editor) follow the version in force? Readers do not wait for it."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from wagtail.models import Revision

from policies.models import PolicyPage, PolicyVersion


def lagging(now: datetime) -> Iterator[tuple[PolicyPage, PolicyVersion]]:
    """Pages in the authoritative language that show something else than the version in force at `now`."""
    for page in PolicyPage.objects.filter(alias_of=None).order_by("pk"):
        version = page.versions.brief().effective_by(now).first()
        if version and version.page_id == page.pk and not (page.live and page.live_revision_id == version.revision_id):
            yield page, version


def follow(now: datetime) -> int:
    """Publishes in Wagtail what is in force already; returns on how many pages. Freezes nothing."""
    count = 0
    for page, version in lagging(now):
        with transaction.atomic():
            version.revision.publish()
            mark_next(page, now)
        count += 1
    return count


def mark_next(page: PolicyPage, now: datetime) -> None:
    """Publishing makes Wagtail forget what is scheduled; the next pending version gets its mark back."""
    following = page.versions.brief().pending(now).filter(page=page).first()
    if following:
        # Not save(), which would tell our own signal handler.
        Revision.objects.filter(pk=following.revision_id).update(approved_go_live_at=following.effective_from)
