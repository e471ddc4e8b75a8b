"""What does the CMS's first page tell of promises that are broken, and of people who wait for an answer about their
data?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from records.models import PromiseCheck, SubjectRequest
from records.promises import State
from records.promises.remembering import FRESH, last_checked_at, words

SHOWN = 10  # requests, the most urgent first
SOON = timedelta(days=7)


@dataclass(frozen=True)
class Alarm:
    """A broken promise: what it is, what shows it, what to look at, since when, and where it is mended."""

    title: str
    evidence: str
    details: str
    since: str
    url: str


@dataclass(frozen=True)
class Waiting:
    """One request, without its person: what it asks, when it is due, and how urgent that is."""

    words: str
    url: str
    late: bool
    soon: bool


class PromiseStatus(Component):
    """For those who may see the checks; one calm line while all is kept."""

    name = "promises"
    order = 140
    template_name = "records/promises_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        user, now = (parent_context or {})["request"].user, timezone.now()
        if not user.has_perm("records.view_promisecheck"):
            return {"shown": False}
        last = last_checked_at()
        broken, silent = list(alarms(now)), _silence(last, now)
        return {
            "shown": True,
            "to_do": int(bool(silent)),
            "late": len(broken),
            "alarms": broken,
            "silent": silent,
            "checked_at": date_format(timezone.localtime(last), "DATETIME_FORMAT") if last else "",
            "public": reverse("records:promises"),
        }


def alarms(now: datetime) -> Iterator[Alarm]:
    """Those broken longest come first."""
    for row in PromiseCheck.objects.filter(state=State.BROKEN).order_by("since_at", "key"):
        said = words(row)
        since = timesince(row.since_at, now)
        yield Alarm(
            said.get("title", row.key), said.get("evidence", ""), said.get("details", ""), since, _address(row.mend)
        )


def _address(name: str, *of: Any) -> str:
    try:
        return reverse(name, args=of) if name else ""
    except NoReverseMatch:  # a screen that this site does not have
        return ""


def _silence(last: datetime | None, now: datetime) -> str:
    if last is None:
        return _("No promise has been checked yet. A worker does it every hour.")
    if last < now - FRESH:
        return _("The promises have not been checked for %(time)s. Is a worker running?") % {
            "time": timesince(last, now)
        }
    return ""


class RequestStatus(Component):
    """For those who answer people's requests about their data; one calm line while none is open."""

    name = "subject_requests"
    order = 145
    template_name = "records/requests_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        user, now = (parent_context or {})["request"].user, timezone.now()
        if not user.has_perm("records.handle_subjectrequest"):
            return {"shown": False, "requests": []}
        rows = SubjectRequest.objects.open().defer("email", "words").order_by("due_at", "pk")
        left = max(rows.count() - SHOWN, 0)
        more = ngettext("and %(number)d more", "and %(number)d more", left) % {"number": left} if left else ""
        told = [waiting(row, now) for row in rows[:SHOWN]]
        return {
            "shown": True,
            "to_do": sum(not each.late for each in told) + left,
            "late": sum(each.late for each in told),
            "requests": told,
            "more": more,
            "all": _address("subject_requests:index"),
        }


def waiting(row: SubjectRequest, now: datetime) -> Waiting:
    stands_still = row.state == SubjectRequest.State.STOPPED
    late = row.due_at is not None and row.due_at < now and not stands_still
    return Waiting(
        words=f"{row.get_kind_display()}: {_deadline(row, now)}",
        url=_address("subject_requests:inspect", row.pk),
        late=late,
        soon=not (late or stands_still) and row.due_at is not None and row.due_at < now + SOON,
    )


def _deadline(row: SubjectRequest, now: datetime) -> str:
    if row.state == SubjectRequest.State.STOPPED:
        return _("its clock stands still until the person answers")
    if row.due_at is None:
        return _("it has no deadline yet")
    words = {"time": timesince(row.due_at, now), "day": date_format(timezone.localtime(row.due_at), "DATE_FORMAT")}
    if row.due_at < now:
        return _("late by %(time)s, it was due on %(day)s") % words
    return _("due in %(time)s, on %(day)s") % (words | {"time": timeuntil(row.due_at, now)})
