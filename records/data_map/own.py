"""What this floor stores itself: the evidence that policies are kept, requests, disclosures, and visitors' actions."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records import cipher
from records.registry import (
    Basis,
    Category,
    Datum,
    Keep,
    OnErase,
    Purpose,
    Receiver,
    Source,
    Subject,
    nothing_personal,
    register,
)

THREE_YEARS = 3 * 365


def _by_email(email: str) -> Q:
    return Q(subject=cipher.blind("email", email))


nothing_personal("records.Controller", "id", "site", "name", "address", "phone", "email")
nothing_personal(
    "records.Recipient", "id", "name", "address", "country", "url", "policy_url", "role", "email", "safeguard"
)
nothing_personal("records.TermSheet", "id", "policy", "number", "label", "effective_from")
nothing_personal("records.TermSheetWithdrawal", "id", "sheet", "withdrawn_at")
nothing_personal("records.Term", "id", "sheet", "kind", "key", "value", "effective_from")
nothing_personal(
    "records.RetentionRun",
    *("id", "holding", "period_days", "stated_by", "cut_off_at", "expired", "held", "oldest_left_at", "ran_at"),
    *("policy", "version", "previous", "sha256"),
)
nothing_personal("records.StreamPosition", "source", "position", "rows", "lost", "moved_at")
nothing_personal("records.Salt", "day", "value")
nothing_personal("records.PromiseCheck", "key", "state", "since_at", "checked_at", "told_at")
nothing_personal("records.Backup", "id", "act", "at", "oldest_at", "note")

register(
    "records.SubjectKey",
    title=_("Keys that open what is stored of a person"),
    personal={"subject": Datum(Category.EMAIL, secret=True), "wrapped": Datum(Category.AUTHENTICATION, secret=True)},
    other=["id", "master", "created_at"],
    subjects=[Subject.VISITOR],
    purposes=[Purpose.SECURITY],
    basis=Basis.OBLIGATION,  # GDPR Art. 32
    until=_("until nothing is stored under it, or the person asks for erasure"),
    find_by={"email": _by_email},
)

register(
    "records.Hold",
    title=_("Legal holds"),
    personal={
        "subject": Datum(Category.EMAIL),
        "placed_by": Datum(Category.ACCOUNT),
        "lifted_by": Datum(Category.ACCOUNT),
    },
    other=["id", "holding", "rows_from", "rows_to", "reason", "until", "placed_at", "lifted_at"],
    subjects=[Subject.STAFF, Subject.VISITOR],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    keep=Keep(days=THREE_YEARS, since="lifted_at", start=_("from the day they are lifted")),
    until=_("until it is lifted"),
    on_erase=OnErase.KEEP,
    why_kept=_("it is needed to establish, exercise or defend a legal claim (GDPR Art. 17(3)(e))"),
)

register(
    "records.Action",
    title=_("Log of visitors' actions on the site"),
    personal={
        "at": Datum(Category.BEHAVIOUR),
        "path": Datum(Category.BEHAVIOUR),
        "query": Datum(Category.BEHAVIOUR),
        "source": Datum(Category.BEHAVIOUR),
        "campaign": Datum(Category.BEHAVIOUR),
        "visitor": Datum(Category.PSEUDONYM),
        "address": Datum(Category.ADDRESS),
        "browser": Datum(Category.SOFTWARE),
        "system": Datum(Category.SOFTWARE),
        "device": Datum(Category.DEVICE),
        "screen": Datum(Category.DEVICE, optional=True),
        "language": Datum(Category.LANGUAGE),
        "signal": Datum(Category.CONSENT),
    },
    other=["id", "event", "kind", "method", "status", "bot"],
    subjects=[Subject.VISITOR],
    purposes=[Purpose.MEASUREMENT, Purpose.SECURITY],
    basis=Basis.INTEREST,
    keep=Keep(days=365, since="at", start=_("from the moment of the request")),
)
register(
    "records.HeldAction",
    title=_("Actions that a legal hold keeps"),
    personal={"at": Datum(Category.BEHAVIOUR), "content": Datum(Category.BEHAVIOUR)},
    other=["id", "action", "held_at"],
    subjects=[Subject.VISITOR],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    keep=Keep(days=365, since="at", start=_("from the moment of the request, or until the hold is lifted")),
)

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
        )
    ],
    find_by={"email": _by_email},
    on_erase=OnErase.KEEP,
    why_kept=_(
        "it proves that the request was answered (GDPR Art. 5(2)); the address and the words can no longer be read"
    ),
)
nothing_personal("records.ExportFile", "id", "request", "sealed", "sha256", "made_at", "fetched_at")
nothing_personal("records.RequestEvent", "id", "request", "at", "act", "reason", "by")

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
    find_by={"email": _by_email},
    on_erase=OnErase.KEEP,
    why_kept=_("a hash of the address alone, so that no backup brings the data back"),
)

register(
    "records.Disclosure",
    title=_("Register of disclosures"),
    personal={"asked_by": Datum(Category.ACCOUNT), "approved_by": Datum(Category.ACCOUNT)},
    other=[
        *("id", "number", "recipient", "recipient_name", "recipient_country", "ground", "reference"),
        *("document_sha256", "sets", "subjects", "means", "sha256_sent", "bytes_sent", "policy", "version"),
        *("stated_by", "at", "previous", "sha256"),
    ],
    subjects=[Subject.STAFF],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    until=_("for as long as the site may have to show to whom data went"),
)
register(
    "records.DisclosedSubject",
    title=_("Whose data a disclosure held"),
    personal={"subject": Datum(Category.EMAIL, secret=True)},
    other=["id", "disclosure", "consent"],
    subjects=[Subject.VISITOR, Subject.SUBSCRIBER],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,  # GDPR Art. 15(1)(c), 19
    until=_("for as long as the record of the disclosure itself, as keyed hashes alone"),
    find_by={"email": _by_email},
    on_erase=OnErase.KEEP,
    why_kept=_("whoever received the data must be told of the erasure (GDPR Art. 19); it is a hash alone"),
)
register(
    "records.DisclosureOrder",
    title=_("Proposed disclosures"),
    personal={
        "email": Datum(Category.EMAIL, Source.FORM, optional=True),
        "subject": Datum(Category.EMAIL, secret=True),
        "document": Datum(Category.MESSAGE, Source.FORM, secret=True),
        "proposed_by": Datum(Category.ACCOUNT, secret=True),
        "decided_by": Datum(Category.ACCOUNT, secret=True),
    },
    other=[
        *("id", "recipient", "ground", "reference", "document_name", "document_sha256", "sets", "subject_key"),
        *("state", "proposed_at", "decided_at", "disclosure"),
    ],
    subjects=[Subject.VISITOR, Subject.SUBSCRIBER, Subject.STAFF],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    keep=Keep(days=THREE_YEARS, since="decided_at", start=_("from the day they are decided")),
    until=_("until it is decided"),
    receivers=[Receiver.AUTHORITY],
    find_by={"email": _by_email},
    on_erase=OnErase.KEEP,
    why_kept=_("it is needed to show why data was handed out (GDPR Art. 17(3)(e)); the address can no longer be read"),
)

register(
    "records.AccessEntry",
    title=_("Log of who read personal data in the CMS"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "act": Datum(Category.BEHAVIOUR),
        "screen": Datum(Category.BEHAVIOUR),
        "why": Datum(Category.MESSAGE, Source.FORM, optional=True),
        "at": Datum(Category.BEHAVIOUR),
    },
    other=["id", "holding", "keys", "count"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.SECURITY, Purpose.LEGAL],
    basis=Basis.OBLIGATION,  # GDPR Art. 32
    keep=Keep(days=365, since="at", start=_("from the day of the reading")),
)
