"""What may the privacy officer do with a request? Each act is written down, and the person told."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from records.models import SubjectRequest
from records.subject_requests import deadlines, events, filing, telling
from records.subject_requests.events import Act
from records.subject_requests.telling import Letter

State = SubjectRequest.State
LIVE = (State.OPEN, State.STOPPED)
REASON = 500  # characters, as RequestEvent.reason has them


class NotNow(ValueError):
    """It cannot be done with the request as it is; the sentence says why."""


def extend(request_id: Any, *, reason: str, by: Any, now: datetime) -> None:
    """Two months more, and the person told why by letter. Raises NotNow when it is done already, and after the first
    month: until then the person must have been told (GDPR Art. 12(3))."""

    def act(row: SubjectRequest) -> None:
        if row.events.filter(act=Act.EXTENDED).exists():
            raise NotNow(_("The time was extended already. The law allows it once."))
        if row.due_at and now > row.due_at:
            raise NotNow(_("The month is over: the time can only be extended before it ends."))
        row.due_at = deadlines.extended(row)
        row.save(update_fields=["due_at"])
        telling.tell(row, Letter.EXTENDED, now=now, reason=reason)
        events.note(row, Act.EXTENDED, now=now, by=by, reason=reason)

    _do(request_id, act, LIVE)


def stop(request_id: Any, *, reason: str, by: Any, now: datetime) -> None:
    """The clock stands until the person has answered what `reason` asks by letter (GDPR Art. 12(6))."""

    def act(row: SubjectRequest) -> None:
        row.state, row.stopped_at = State.STOPPED, now
        row.save(update_fields=["state", "stopped_at"])
        telling.tell(row, Letter.QUESTION, now=now, reason=reason)
        events.note(row, Act.STOPPED, now=now, by=by, reason=reason)

    _do(request_id, act, [State.OPEN])


def resume(request_id: Any, *, by: Any, now: datetime) -> None:
    """The clock goes on: the day moves by as long as it stood."""

    def act(row: SubjectRequest) -> None:
        row.due_at = deadlines.resumed(row, now)
        row.state, row.stopped_at = State.OPEN, None
        row.save(update_fields=["due_at", "state", "stopped_at"])
        events.note(row, Act.RESUMED, now=now, by=by)

    _do(request_id, act, [State.STOPPED])


def assign(request_id: Any, *, by: Any, now: datetime) -> None:
    def act(row: SubjectRequest) -> None:
        row.assigned_to = by
        row.save(update_fields=["assigned_to"])
        events.note(row, Act.ASSIGNED, now=now, by=by)

    _do(request_id, act, LIVE)


def answer(request_id: Any, *, text: str, by: Any, now: datetime) -> None:
    """A letter; the request stays open."""

    def act(row: SubjectRequest) -> None:
        telling.tell(row, Letter.ANSWER, now=now, text=text)
        events.note(row, Act.ANSWERED, now=now, by=by)

    _do(request_id, act, LIVE)


def finish(request_id: Any, *, text: str, by: Any, now: datetime) -> None:
    """Done, and the person told what was done."""

    def act(row: SubjectRequest) -> None:
        telling.tell(row, Letter.DONE, now=now, text=text)
        events.note(row, Act.DONE, now=now, by=by)
        filing.end(row, State.DONE, now=now)

    _do(request_id, act, LIVE)


def refuse(request_id: Any, *, reason: str, by: Any, now: datetime) -> None:
    """Refused: the letter says why, and where the person can complain (GDPR Art. 12(4))."""

    def act(row: SubjectRequest) -> None:
        telling.tell(row, Letter.REFUSED, now=now, reason=reason)
        events.note(row, Act.REFUSED, now=now, by=by, reason=reason)
        filing.end(row, State.REFUSED, now=now)

    _do(request_id, act, LIVE)


def _do(request_id: Any, act: Callable[[SubjectRequest], None], states: Collection[State]) -> None:
    """Raises NotNow for a request in another state, and for one whose person can no longer be read."""
    with transaction.atomic():
        row = SubjectRequest.objects.select_for_update(no_key=True).get(pk=request_id)
        if row.state not in states:
            raise NotNow(
                _("Nothing was changed: by now the request is “%(state)s”.") % {"state": row.get_state_display()}
            )
        if not row.is_readable:
            raise NotNow(_("Nothing was changed: whoever asked can no longer be read."))
        act(row)
