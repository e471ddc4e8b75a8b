"""How does a request come in: typed by anybody, confirmed from the mailbox, and then as what?"""

import os
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db import connection, transaction

from records import cipher, keys
from records.models import ExportFile, SubjectKey, SubjectRequest
from records.subject_requests import deadlines, events, floors, links, telling
from records.subject_requests.telling import Letter

Kind = SubjectRequest.Kind
State = SubjectRequest.State
MAILS = 3  # to one address
WITHIN = timedelta(days=1)


class Choice(StrEnum):
    """What somebody can ask for once the address is confirmed."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"
    STOP_MAIL = "mail"
    OBJECTION = "objection"

    @property
    def kind(self) -> Kind:
        return Kind.OBJECTION if self is Choice.STOP_MAIL else Kind(self.value)


NEEDS_WORDS = {Choice.CORRECTION, Choice.OBJECTION}


def ask(*, email: str, locale: str, now: datetime) -> SubjectRequest:
    """Somebody typed this address. The same two rows whoever it is: nothing is looked up, and the key is the request's
    own, for whether the person has one would tell that they are known. A worker writes the letter."""
    with transaction.atomic():
        key_id = uuid.uuid4()
        wrapped, master = cipher.new_key(key_id)
        # Nobody's blind index: the key of a person is not touched before the person is known to have asked.
        nobody = os.urandom(cipher.INDEX_BYTES)
        key = SubjectKey.objects.create(
            id=key_id, subject=nobody, wrapped=wrapped, master=master, created_at=now, wrapped_at=now
        )
        return SubjectRequest.objects.create(email=email, locale=locale, subject_key=key, asked_at=now)


def send_link(request_id: Any, *, now: datetime) -> bool:
    """Writes the letter with the link. Safe to repeat. An address that had its letters of the day gets none, and the
    request goes: false then, and where there is nothing to send."""
    with transaction.atomic():
        row = SubjectRequest.objects.select_for_update(no_key=True).filter(pk=request_id, state=State.ASKED).first()
        if row is None or row.link_until is not None:
            return False
        if _had_enough(row, now):
            forget([row.pk], now)
            return False
        token = links.give(row, links.CHOOSE, now=now)
        telling.tell(row, Letter.LINK, now=now, address=links.address(token, row.locale))
    return True


def _had_enough(row: SubjectRequest, now: datetime) -> bool:
    """One after the other for one address: two workers would each see one letter too few."""
    assert row.subject
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"candor.ask.{row.subject.hex()}"])
    theirs = SubjectRequest.objects.filter(subject=row.subject, asked_at__gt=now - WITHIN).exclude(pk=row.pk)
    written = theirs.exclude(link_until=None, verified_at=None)
    return written.count() >= MAILS


def forget(pks: Sequence[Any], now: datetime) -> int:
    """Deletes requests that nobody confirmed, and the key that each has for itself; returns how many."""
    with transaction.atomic():
        rows = SubjectRequest.objects.filter(pk__in=list(pks), verified_at=None)
        SubjectKey.objects.filter(pk__in=list(rows.values_list("subject_key", flat=True))).delete()
        _all, counts = rows.delete()
    return counts.get(SubjectRequest._meta.label, 0)


def make_way(*, email: str, subject: bytes, now: datetime) -> None:
    """Before whoever has this blind index of an address is erased: what they asked and did not confirm goes, for its
    key is not theirs, and so do copies of their data."""
    theirs = SubjectRequest.objects.filter(subject=subject)
    forget(list(theirs.filter(state=State.ASKED).values_list("pk", flat=True)), now)
    ExportFile.objects.filter(request__in=theirs).delete()


def choose(row: SubjectRequest, choice: Choice, *, words: str = "", now: datetime) -> str:
    """The person opened the link and asked for this. `row` is locked, its link is used up here. Returns the token of
    the next page's link where there is one, else "". In a transaction of the caller's."""
    links.use_up(row)
    _seal_as_theirs(row, now)
    row.kind, row.words, row.state = choice.kind, words, State.OPEN
    row.verified_at, row.due_at = now, deadlines.end(now)
    row.save(update_fields=["kind", "words", "state", "verified_at", "due_at"])
    events.note(row, events.Act.VERIFIED, now=now)
    if choice is Choice.STOP_MAIL:
        _stop_mail(row, now)
    return links.give(row, links.ERASE, now=now) if choice is Choice.ERASURE else ""


def _seal_as_theirs(row: SubjectRequest, now: datetime) -> None:
    """Under the person's own key from here on: when that goes, so does what they asked."""
    email, own = row.email, row.subject_key
    row.subject_key, row.email = keys.of_person(email, now=now), email
    row.save(update_fields=["subject_key", "email", "subject"])
    own.delete()


def _stop_mail(row: SubjectRequest, now: datetime) -> None:
    """GDPR Art. 21(3): there is nothing to weigh, so nobody needs to look at it."""
    floors.stop_mail(email=row.email, locale=row.locale, now=now)
    events.note(row, events.Act.LEFT, now=now)
    telling.tell(row, Letter.STOPPED_MAIL, now=now)
    end(row, State.DONE, now=now)


def end(row: SubjectRequest, state: State, *, now: datetime) -> None:
    row.state, row.ended_at, row.stopped_at = state, now, None
    row.save(update_fields=["state", "ended_at", "stopped_at"])
