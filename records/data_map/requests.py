"""What this floor stores of requests: what somebody asked about their own data, what was done, and who was erased."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.accounts import of_account
from records.registry import Basis, Category, Datum, Keep, OnErase, Purpose, Source, Subject, Told, register, telling
from records.sealed import found_by
from records.subject_requests import events, filing

THREE_YEARS = 3 * 365


def _event_by_email(email: str) -> Q:
    return found_by("request__subject")["email"](email) | of_account("by")["email"](email)


register(
    "records.SubjectRequest",
    title=_("Requests of people about their data"),
    personal={
        "email": Datum(Category.EMAIL, Source.FORM),
        "subject": Datum(Category.EMAIL, secret=True),
        "words": Datum(Category.MESSAGE, Source.FORM, optional=True),
        "kind": Datum(Category.PREFERENCE, Source.FORM),
        "locale": Datum(Category.LANGUAGE),
        "assigned_to": Datum(Category.ACCOUNT, secret=True),
    },
    other=[
        *("id", "state", "subject_key", "asked_at", "verified_at", "due_at", "stopped_at", "ended_at"),
        *("link", "link_opens", "link_until", "plan_sha256", "receipt"),
    ],
    subjects=[Subject.VISITOR, Subject.SUBSCRIBER],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,  # GDPR Art. 12, 15-22
    keep=Keep(
        days=THREE_YEARS,
        since="ended_at",
        rows=_("Requests of people about their data, without who they were"),
        start=_("from the day they are answered"),
    ),
    also=[
        Keep(
            name="unconfirmed",
            days=2,
            since="asked_at",
            only=Q(verified_at=None),
            rows=_("Requests whose address nobody confirmed"),
            start=_("from the moment they were made"),
            erase=filing.forget,
        )
    ],
    find_by=found_by("subject"),
    on_erase=OnErase.KEEP,
    why_kept=_(
        "it proves that the request was answered (GDPR Art. 5(2)); the address and the words can no longer be read"
    ),
    export=telling("state", "verified_at", "due_at"),
    written="asked_at",
)

register(
    "records.ExportFile",
    title=_("Copies of people's data that wait to be fetched"),
    personal={"sealed": Datum(Category.MESSAGE, secret=True)},
    other=["id", "request", "sha256", "made_at", "fetched_at"],
    subjects=[Subject.VISITOR, Subject.SUBSCRIBER],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,  # GDPR Art. 15(3)
    keep=Keep(days=7, since="made_at", start=_("from the moment they are made")),
    find_by=found_by("request__subject"),
    export=telling("fetched_at"),
)
register(
    "records.RequestEvent",
    title=_("What happened to requests of people about their data"),
    personal={"by": Datum(Category.ACCOUNT), "reason": Datum(Category.MESSAGE)},
    other=["id", "request", "at", "act"],
    subjects=[Subject.VISITOR, Subject.SUBSCRIBER, Subject.STAFF],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    until=_("as long as the request itself"),
    find_by={**found_by("request__subject"), "email": _event_by_email},
    on_erase=OnErase.KEEP,
    why_kept=_("it proves that the request was answered in time (GDPR Art. 5(2)); it names nobody"),
    export=telling("at", act=Told(_("what happened"), str, lambda row: dict(events.Act.choices).get(row.act, row.act))),
    written="at",
)

register(
    "records.Erasure",
    title=_("Erasures that were carried out"),
    personal={"subject": Datum(Category.EMAIL, secret=True)},
    other=["id", "erased_at", "receipt"],
    subjects=[Subject.VISITOR, Subject.SUBSCRIBER],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    keep=Keep(
        days=THREE_YEARS,
        since="erased_at",
        start=_("from the day of the erasure: longer than any backup is kept, so that none brings the data back"),
    ),
    find_by=found_by("subject"),
    on_erase=OnErase.KEEP,
    why_kept=_("a hash of the address alone, so that no backup brings the data back"),
)
