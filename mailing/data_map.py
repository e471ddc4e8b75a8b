"""What this floor stores: addresses, who asked for what, and what was sent under which decision."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.registry import Basis, Category, Datum, Keep, Purpose, Source, Subject, nothing_personal, register

nothing_personal("mailing.MailingList", "id", "key", "name", "description")
nothing_personal(
    "mailing.Campaign", "id", "kind", "policy_version", "subject", "mailing_list", "body", "state", "queued_at"
)

register(
    "mailing.Subscriber",
    title=_("Subscribers"),
    personal={"email": Datum(Category.EMAIL, Source.FORM), "locale": Datum(Category.LANGUAGE)},
    other=["id", "created_at"],
    subjects=[Subject.SUBSCRIBER],
    purposes=[Purpose.PROMOTION],
    basis=Basis.CONSENT,
    keep=Keep(
        days=7,
        since="created_at",
        only=Q(subscriptions=None),  # never confirmed, its request deleted
        rows=_("Addresses of people who never confirmed"),
        start=_("from the day they were typed in"),
    ),
    until=_("once confirmed, until the person asks for erasure"),
)

register(
    "mailing.Subscription",
    title=_("Subscriptions"),
    personal={
        "requested_at": Datum(Category.BEHAVIOUR),
        "confirmed_at": Datum(Category.CONSENT),
        "left_at": Datum(Category.CONSENT),
    },
    other=["id", "subscriber", "mailing_list", "statement", "confirmation_sent_at", "decision"],
    subjects=[Subject.SUBSCRIBER],
    purposes=[Purpose.PROMOTION, Purpose.LEGAL],
    basis=Basis.CONSENT,
    keep=Keep(
        days=7,
        since="requested_at",
        only=Q(confirmed_at=None),
        rows=_("Requests to subscribe that were never confirmed"),
        start=_("from the day of the request"),
    ),
    until=_("once confirmed, until the person asks for erasure"),
)

register(
    "mailing.Delivery",
    title=_("Mail sent to subscribers"),
    personal={"message_id": Datum(Category.METADATA), "changed_at": Datum(Category.METADATA)},
    other=["id", "campaign", "subscription", "decision", "state", "reason", "attempts", "not_before"],
    subjects=[Subject.SUBSCRIBER],
    purposes=[Purpose.PROMOTION, Purpose.LEGAL],
    basis=Basis.CONSENT,
    until=_("until the person asks for erasure"),
)
