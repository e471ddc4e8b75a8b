"""Does everybody who asks about their data get an answer in time (GDPR Art. 12(3))?"""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from records.models import SubjectRequest
from records.promises.counting import counted
from records.promises.shapes import Promise, State, later


def in_time(now: datetime) -> Iterator[Promise]:
    late = SubjectRequest.objects.late(now).count()
    yield Promise(
        key="records.requests",
        title=_title(),
        promised=_promised(),
        stated_by="",
        state=State.BROKEN if late else State.KEPT,
        evidence=_evidence(late),
        measured={"late": bool(late)},
        mend="subject_requests:index",
    )


@later
def _title() -> str:
    return _("Requests of people about their data")


@later
def _promised() -> str:
    return _("Each is answered within a month, or within three where a reason was given")


@later
def _evidence(late: int) -> str:
    if not late:
        return _("None is late.")
    return _("Late: %(number)s.") % {"number": counted(late)}
