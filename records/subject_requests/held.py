"""What is stored about whoever asked, what would an erasure take of it, and what would it leave? In words for them."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records import people, post
from records.models import SubjectRequest
from records.registry import OnErase
from records.subject_requests import plan, telling
from records.subject_requests.plan import Plan

_NOTHING = Q(pk__in=[])


class Line(NamedTuple):
    """Rows of one data set, and what is to be said of them."""

    title: str
    rows: int
    said: str = ""

    def __str__(self) -> str:
        counted = ngettext("%(title)s: %(rows)d entry", "%(title)s: %(rows)d entries", self.rows)
        line = counted % {"title": self.title, "rows": self.rows}
        return f"{line} ({self.said})" if self.said else line


def about(row: SubjectRequest, *, now: datetime) -> list[Line]:
    """What was stored before this request: the request itself and the letters about it are left out."""
    own = {**_letters([row]), SubjectRequest._meta.label: Q(pk=row.pk)}
    found = people.find(at=now, email=row.email)
    lines = [(each.entry, each.rows.exclude(own.get(each.entry.label, _NOTHING)).count()) for each in found]
    return [Line(str(entry.title), rows) for entry, rows in lines if rows and entry.label != "records.SubjectKey"]


def planned(row: SubjectRequest, *, now: datetime, until: datetime | None = None) -> Plan:
    """The plan of the erasure; letters about the request go too, and change no hash."""
    return plan.of(row.email, now=now, until=until, beside=beside(row))


def beside(row: SubjectRequest) -> dict[str, Q]:
    """The rows that came with what the person asked, now or earlier: the letters about it."""
    return _letters(SubjectRequest.objects.filter(subject=row.subject))


def _letters(requests: Iterable[SubjectRequest]) -> dict[str, Q]:
    rows: dict[str, Q] = {}
    for reference in sorted({reference for each in requests for reference in telling.references(each)}):
        for label, query in post.rows(reference).items():
            rows[label] = rows.get(label, _NOTHING) | query
    return rows


def goes(shown: Plan) -> list[Line]:
    """What the erasure deletes or blanks."""
    blanked = _("only what tells about you is erased in them")
    return [
        Line(str(step.entry.title), len(step.versions), blanked if step.act == OnErase.BLANK else "")
        for step in shown.changing
    ]


def stays(shown: Plan) -> list[Line]:
    """What it leaves, and why."""
    left = [(step, len(step.held) + (len(step.versions) if step.act == OnErase.KEEP else 0)) for step in shown.steps]
    return [Line(str(step.entry.title), rows, step.why) for step, rows in left if rows]
