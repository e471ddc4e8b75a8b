"""What is there to be read about one inquiry: what was asked and said, what followed, and until when is it kept?"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext

from home.inquiries.answering import answers
from home.models import Field, IncomingMessage, Inquiry
from records import cipher, periods, retention, terms
from records.registry import kept
from records.sealed import Erased

LABEL = Inquiry._meta.label
COLUMNS = ("name", "email", "phone", "message")


@dataclass(frozen=True)
class Line:
    """One thing that the form asked, and what was said to it."""

    key: str
    label: str
    said: str
    kind: str


@dataclass(frozen=True)
class Turn:
    """One thing that followed: "answer" of ours, "mail" of theirs, or "note" of a colleague. `mark` is set for a mail
    that came from another address than the inquiry's."""

    kind: str
    at: datetime
    row: Any
    mark: bool = False


@dataclass(frozen=True)
class Ending:
    """When an inquiry is deleted (UTC), and in words who says so."""

    at: datetime
    why: str


def standing(at: datetime) -> QuerySet[Inquiry]:
    """What has not reached its end at `at` (UTC); the rest is gone for whoever looks."""
    return retention.unexpired(Inquiry.objects.select_related("subject_key", "assigned_to", "page"), at)


def lines(inquiry: Inquiry) -> list[Line]:
    """What was written, in the order in which its form asks."""
    told = [*(_of_column(inquiry, name) for name in COLUMNS if getattr(inquiry, name)), *_asked(inquiry.answers)]
    order = list(Field.objects.filter(page=inquiry.page_id).order_by("sort_order", "pk").values_list("key", flat=True))
    places = {key: place for place, key in enumerate(order)}
    return sorted(told, key=lambda line: places.get(line.key, len(places)))


def _of_column(inquiry: Inquiry, name: str) -> Line:
    label = getattr(Inquiry._meta.get_field(name), "verbose_name", name)
    return Line(name, capfirst(str(label)), getattr(inquiry, name), name)


def _asked(stored: str) -> Iterator[Line]:
    if not stored or isinstance(stored, Erased):
        return
    try:
        found = json.loads(stored)
    except ValueError:
        found = []
    for each in found if isinstance(found, list) else []:
        if isinstance(each, dict):
            key = str(each.get("key", ""))
            label, kind = str(each.get("label") or key), str(each.get("kind", "line"))
            yield Line(key, label, in_words(each.get("said")), kind)


def in_words(said: Any) -> str:
    """A list with commas, a tick as yes or no."""
    if isinstance(said, bool):
        return gettext("yes") if said else gettext("no")
    if isinstance(said, list):
        return ", ".join(map(in_words, said))
    return "" if said is None else str(said)


def conversation(inquiry: Inquiry, *, at: datetime) -> list[Turn]:
    """What followed on the inquiry up to `at` (UTC), in its order."""
    letters = (each for each in answers(inquiry, at=at) if each.letter)
    mails = inquiry.messages.select_related("subject_key", "inquiry")
    notes = inquiry.notes.select_related("subject_key", "author")
    turns = [
        *(Turn("answer", each.letter.written_at, each) for each in letters),  # type: ignore[union-attr]
        *(Turn("mail", each.received_at, each, is_from_another(each, inquiry)) for each in mails),
        *(Turn("note", each.written_at, each) for each in notes),
    ]
    return sorted(turns, key=lambda turn: turn.at)


def is_from_another(mail: IncomingMessage, inquiry: Inquiry) -> bool:
    """Whoever has our answer may reply to it, also from elsewhere."""
    if isinstance(mail.sender, Erased) or not inquiry.email_index:
        return False
    return cipher.blind("email", mail.sender) != bytes(inquiry.email_index)


def ending(inquiry: Inquiry, *, at: datetime) -> Ending:
    """By the policy in force at `at` (UTC), or sooner where the form said so."""
    [rule] = [each for each in retention.rules(at) if each.entry.label == LABEL and each.keep.since == "received_at"]
    stated = terms.in_force(terms.Kind.RETENTION, rule.key, at)
    if stated:
        period = periods.parse(stated.value["period"])
        step = relativedelta(**{f"{period.unit}s": period.number})
    else:
        step = relativedelta(days=kept()[rule.key][1].days)
    end = inquiry.received_at + step
    if inquiry.keep_until and inquiry.keep_until < end:
        is_spam = inquiry.state == Inquiry.State.SPAM
        why = gettext("spam goes sooner") if is_spam else gettext("its form is set to keep it for a shorter time")
        return Ending(inquiry.keep_until, why)
    who = rule.stated_by or gettext("what is set where no policy says it")
    return Ending(end, f"{rule.words}: {who}")


def owed() -> Q:
    """Those that wait for us."""
    return Q(state__in=[Inquiry.State.NEW, Inquiry.State.OPEN])
