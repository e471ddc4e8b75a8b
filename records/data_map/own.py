"""What this floor stores itself: the evidence that policies are kept, disclosures, and visitors' actions."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records import access_log
from records.accounts import of_account
from records.action_log import expiry
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
    Told,
    lasting,
    nothing_personal,
    register,
    telling,
)
from records.sealed import found_by

THREE_YEARS = 3 * 365


def _hold_by_email(email: str) -> Q:
    return found_by("subject")["email"](email) | of_account("placed_by", "lifted_by")["email"](email)


nothing_personal("records.Controller", "id", "site", "name", "address", "phone", "email")
nothing_personal(
    "records.Recipient",
    *("id", "name", "address", "country", "url", "policy_url", "role", "email", "safeguard", "asks", "words"),
)
nothing_personal("records.TermSheet", "id", "policy", "number", "label", "effective_from")
nothing_personal("records.TermSheetWithdrawal", "id", "sheet", "withdrawn_at")
nothing_personal("records.Term", "id", "sheet", "kind", "key", "value", "effective_from")
nothing_personal(
    "records.RetentionRun",
    *("id", "holding", "period_days", "stated_by", "cut_off_at", "expired", "held", "oldest_left_at", "ran_at"),
    *("policy", "version", "previous", "sha256"),
)
nothing_personal("records.RetentionTally", "holding", "rows")
nothing_personal("records.ChainEnd", "chain", "number", "sha256")
nothing_personal("records.UploadBegun", "id", "upload", "at")
nothing_personal("records.StreamPosition", "source", "position", "rows", "lost", "moved_at")
nothing_personal("records.Salt", "day", "value")
# Kept outside this database: whoever makes them says how old the oldest is (`manage.py note_backup`).
lasting("backups", title=_("Backups"), days=30, start=_("from the day they are made"), deleted=True)
nothing_personal(
    "records.PromiseCheck",
    *("key", "checked_by", "place", "state", "since_at", "checked_at", "seconds", "said", "measured", "mend"),
    "told_at",
)
nothing_personal("records.Backup", "id", "act", "at", "oldest_at", "note")

register(
    "records.SubjectKey",
    title=_("Keys that open what is stored of a person"),
    personal={"subject": Datum(Category.EMAIL, secret=True), "wrapped": Datum(Category.AUTHENTICATION, secret=True)},
    other=["id", "master", "created_at", "wrapped_at"],
    subjects=[Subject.VISITOR],
    purposes=[Purpose.SECURITY],
    basis=Basis.OBLIGATION,  # GDPR Art. 32
    until=_("until nothing is stored under it, or the person asks for erasure"),
    find_by=found_by("subject"),
    written="created_at",
)

register(
    "records.Hold",
    title=_("Legal holds"),
    personal={
        "subject": Datum(Category.EMAIL, secret=True),
        "placed_by": Datum(Category.ACCOUNT),
        "lifted_by": Datum(Category.ACCOUNT),
    },
    other=["id", "holding", "rows_from", "rows_to", "reason", "until", "placed_at", "lifted_at"],
    subjects=[Subject.STAFF, Subject.VISITOR],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    keep=Keep(days=THREE_YEARS, since="lifted_at", start=_("from the day they are lifted")),
    also=[
        Keep(
            name="ended",
            days=THREE_YEARS,
            since="until",
            only=Q(lifted_at=None),
            rows=_("Legal holds that ended by themselves"),
            start=_("from the day they end"),
        )
    ],
    until=_("for as long as it holds"),
    on_erase=OnErase.KEEP,
    why_kept=_("it is needed to establish, exercise or defend a legal claim (GDPR Art. 17(3)(e))"),
    find_by={**found_by("subject"), "email": _hold_by_email},
    written="placed_at",
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
    keep=Keep(days=365, since="at", start=_("from the moment of the request"), run=expiry.expire),
)
register(
    "records.HeldAction",
    title=_("Actions that a legal hold keeps"),
    personal={"at": Datum(Category.BEHAVIOUR), "content": Datum(Category.BEHAVIOUR)},
    other=["id", "action", "held_at"],
    subjects=[Subject.VISITOR],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    keep=Keep(
        days=365,
        since="at",
        start=_("from the moment of the request, or until the hold is lifted"),
        run=expiry.release,
    ),
)

register(
    "records.Disclosure",
    title=_("Register of disclosures"),
    personal={
        "asked_by": Datum(Category.ACCOUNT),
        "asked_by_name": Datum(Category.ACCOUNT, secret=True),
        "approved_by": Datum(Category.ACCOUNT),
        "approved_by_name": Datum(Category.ACCOUNT, secret=True),
    },
    other=[
        *("id", "number", "recipient", "recipient_name", "recipient_country", "ground", "reference"),
        *("document_sha256", "sets", "subjects", "means", "sha256_sent", "bytes_sent", "policy", "version"),
        *("stated_by", "at", "previous", "sha256"),
    ],
    subjects=[Subject.STAFF],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    until=_("for as long as the site may have to show to whom data went"),
    find_by=of_account("asked_by", "approved_by"),
    on_erase=OnErase.KEEP,
    why_kept=_("the register says who let data out, and nobody changes it (GDPR Art. 5(2))"),
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
    find_by=found_by("subject"),
    on_erase=OnErase.KEEP,
    why_kept=_("whoever received the data must be told of the erasure (GDPR Art. 19); it is a hash alone"),
    export=telling(
        related=("disclosure",),
        number=Told(_("number"), int, lambda row: row.disclosure.number),
        at=Told(_("at"), datetime, lambda row: row.disclosure.at),
        recipient=Told(_("recipient"), str, lambda row: row.disclosure.recipient_name),
        country=Told(_("country"), str, lambda row: row.disclosure.recipient_country),
        ground=Told(_("ground"), str, lambda row: row.disclosure.get_ground_display()),
        data=Told(_("data sets and columns"), dict, lambda row: row.disclosure.sets),
        means=Told(_("means"), str, lambda row: row.disclosure.means),
        stated_by=Told(_("stated by"), str, lambda row: row.disclosure.stated_by),
    ),
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
        *("document_key", "state", "proposed_at", "decided_at", "disclosure"),
    ],
    subjects=[Subject.VISITOR, Subject.SUBSCRIBER, Subject.STAFF],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    keep=Keep(days=THREE_YEARS, since="decided_at", start=_("from the day they are decided")),
    until=_("until it is decided"),
    receivers=[Receiver.AUTHORITY],
    find_by=found_by("subject"),
    on_erase=OnErase.KEEP,
    why_kept=_("it is needed to show why data was handed out (GDPR Art. 17(3)(e)); the address can no longer be read"),
    export=telling("ground", "state", "proposed_at", "sets"),
    written="proposed_at",
)

register(
    "records.AccessEntry",
    title=_("Log of who read personal data in the CMS"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "username": Datum(Category.ACCOUNT),
        "act": Datum(Category.BEHAVIOUR),
        "screen": Datum(Category.BEHAVIOUR),
        "why": Datum(Category.MESSAGE, Source.FORM, optional=True),
        "at": Datum(Category.BEHAVIOUR),
    },
    other=["id", "holding", "keys", "count"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.SECURITY, Purpose.LEGAL],
    basis=Basis.OBLIGATION,  # GDPR Art. 32
    keep=Keep(days=365, since="at", start=_("from the day of the reading"), erase=access_log.forget),
    find_by=of_account("user"),
    on_erase=OnErase.KEEP,
    why_kept=_("the log of who read personal data in the CMS is evidence, and nobody changes it (GDPR Art. 32)"),
)
