"""What happened to a request, when and by whom?"""

from datetime import datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from records.models import RequestEvent, SubjectRequest


class Act(TextChoices):
    """What stands in RequestEvent.act."""

    VERIFIED = "verified", _("the person confirmed the address and chose")
    COPY = "copy", _("a copy was made, and a link to it sent")
    FETCHED = "fetched", _("the copy was downloaded")
    AGREED = "agreed", _("the person agreed to the plan of the erasure")
    STARTED = "started", _("the erasure was started in the CMS")
    ASKED_AGAIN = "asked_again", _("the data changed before the erasure: the plan is to be seen again")
    ERASED = "erased", _("the data were erased")
    LEFT = "left", _("all promotional mail was stopped")
    EXTENDED = "extended", _("two months more, and the person told why")
    STOPPED = "stopped", _("the clock was stopped, and the person asked")
    RESUMED = "resumed", _("the clock goes on")
    ASSIGNED = "assigned", _("somebody took the request on")
    ANSWERED = "answered", _("an answer was sent")
    DONE = "done", _("done, and the person told")
    REFUSED = "refused", _("refused, and the person told why")


def note(row: SubjectRequest, act: Act, *, now: datetime, by: Any = None, reason: str = "") -> RequestEvent:
    """Writes down that it happened. `by` is the user of the CMS who did it; None: the person, or the site itself."""
    return RequestEvent.objects.create(request=row, at=now, act=act.value, reason=reason, by=by)


def in_words(event: RequestEvent) -> str:
    return str(Act(event.act).label) if event.act in Act.values else event.act
