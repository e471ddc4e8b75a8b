"""How does a published or scheduled text become a version that nobody can change?"""

from datetime import datetime

from wagtail.models import Revision

from policies.freeze import renditions, versions
from policies.freeze.renditions import target
from policies.freeze.texts import Act, alone, name_of
from policies.freeze.versions import end
from policies.freeze.withdrawals import cancel, withdraw
from policies.models import FrozenText, PolicyPage, is_frozen

__all__ = ["cancel", "end", "freeze", "name_of", "needs_no_version", "target", "withdraw"]


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


def needs_no_version(*, revision: Revision, now: datetime) -> bool:
    """Is `revision` published now only because Wagtail's own page follows what was frozen from it before?

    That it was scheduled, and for when, tells it from a person who publishes the same revision once more: what its
    placeholders stand for may have changed in between, and only a person makes that a version.
    """
    due = revision.approved_go_live_at
    return due is not None and due <= now and is_frozen(revision.pk)
