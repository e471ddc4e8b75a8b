"""Who says that an entry is shown, or no longer? Whether its writer agrees is not theirs to say."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from home.entries import telling
from home.entries.showing import Gone, State, standing
from home.models import PublicEntry


def approve(entry: PublicEntry, *, by: User, now: datetime) -> PublicEntry | None:
    """Shows an entry from now on (UTC), and tells its writer. None, and nothing done, if it is shown already. Raises
    Gone."""
    with transaction.atomic():
        row = _decided(entry, State.SHOWN, by=by, now=now)
        if row:
            telling.tell(row, now=now, approved=True)
    return row


def refuse(entry: PublicEntry, *, by: User, now: datetime) -> PublicEntry | None:
    """Does not show an entry, or no longer. None, and nothing done, if it is refused already. Raises Gone."""
    with transaction.atomic():
        return _decided(entry, State.REFUSED, by=by, now=now)


def _decided(entry: PublicEntry, state: PublicEntry.State, *, by: User, now: datetime) -> PublicEntry | None:
    """Waits for whoever takes it down at this moment, and then finds it gone."""
    PublicEntry.objects.select_for_update(no_key=True).filter(pk=entry.pk).first()
    row = standing(now).select_related("form", "subject_key", "decision").filter(pk=entry.pk).first()
    if row is None:
        raise Gone
    if row.state == state:
        return None
    row.state, row.decided_by, row.changed_at = state, by, now
    row.save(update_fields=["state", "decided_by", "changed_at"])
    return row
