"""How does a published or scheduled text become a version that nobody can change?"""

from datetime import datetime

from wagtail.models import Revision

from policies.freeze import renditions, versions
from policies.freeze.renditions import target
from policies.freeze.texts import Act, alone
from policies.freeze.versions import end
from policies.freeze.withdrawals import cancel, withdraw
from policies.models import FrozenText, PolicyPage

__all__ = ["cancel", "end", "freeze", "needs_no_version", "target", "withdraw"]


def freeze(
    *, page: PolicyPage, revision: Revision, effective_from: datetime, now: datetime, by: str = "", written_by: str = ""
) -> FrozenText | None:
    """Freezes `page`'s text as the next version, in force from `effective_from` (UTC), with its terms; a translated
    page's text as a rendition of the version it translates.

    Returns None when nothing changed. Raises ValidationError for a text that cannot be frozen. Runs in the caller's
    transaction, so that a publication and its version stand or fall together.
    """
    page.clean_for_publishing()
    written = page.written()
    with alone(page.key):
        add = versions.add if page.original.pk == page.pk else renditions.add
        return add(page, revision, written, effective_from, Act(now, by, written_by or by))


def needs_no_version(*, page: PolicyPage, revision: Revision, now: datetime) -> bool:
    """Is `revision` published now only because Wagtail's own page follows what was frozen from it before?"""
    current = page.versions.brief().effective_by(now).first()
    if current and current.revision_id == revision.pk:
        return True
    due = page.versions.filter(revision=revision, effective_from__lte=now)
    return due.filter(effective_from=revision.approved_go_live_at).exists()
