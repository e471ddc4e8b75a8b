"""What happens when the writer of an entry takes it down? It counts from that moment, like any consent withdrawn."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import translation

from consent import decide
from consent.told import Told
from home.entries.showing import Gone, State, standing
from home.models import PublicEntry
from records import cipher, holds
from records.registry import holding

NOBODY = Told()


def withdraw(entry: PublicEntry, *, now: datetime, told: Told = NOBODY) -> None:
    """Ends the consent and deletes the entry; that both were given and taken back stays in the ledger, which names
    nobody. What a legal hold covers is kept, out of everybody's sight. Raises Gone for what was taken down before."""
    with transaction.atomic():
        holds.heed()  # a hold is either seen here, or placed after this row went
        locked = PublicEntry.objects.select_for_update().filter(pk=entry.pk)
        locked.first()
        row = standing(now).filter(pk=entry.pk).first()
        if row is None:
            raise Gone
        _end(row, now=now, told=told)
        if not locked.filter(holds.covering(holding(row._meta.label), now)).exists():
            row.delete()


def before_erasure(*, email: str, subject: bytes, now: datetime) -> None:
    """Takes down what a person published before they are erased: a legal hold keeps rows, never the consent. The rows
    go with the others."""
    index = cipher.blind("email", email) if email else subject
    with transaction.atomic():
        rows = PublicEntry.objects.select_for_update(of=("self",)).select_related("decision")
        for row in rows.filter(email_index=index).exclude(state=State.WITHDRAWN).order_by("pk"):
            _end(row, now=now, told=NOBODY)


def _end(row: PublicEntry, *, now: datetime, told: Told) -> None:
    given = row.decision
    decide.record(
        choices=dict.fromkeys(given.choices, False),
        source=decide.Source.MAIL,
        at=now,
        key=uuid.uuid4(),
        told=told,
        statement=given.statement,
        consent_id=given.consent_id,
        action=decide.Action.WITHDRAW,
        locale=translation.get_language() or row.locale,
    )
    row.state, row.changed_at = State.WITHDRAWN, now
    row.save(update_fields=["state", "changed_at"])
