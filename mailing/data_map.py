"""What this floor stores: addresses, who asked for what, what was sent under which decision, and what came back."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from mailing import people
from records import access_log
from records.access_log import Act
from records.accounts import WHY_KEPT, of_account
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
    also_find,
    nothing_personal,
    register,
)

# Letters that hold a link which opens something; by what they are about.
_LINK = Q(about__startswith="mailing.") | Q(about__startswith="records.copy:")
_DATA_LINK = Q(about__startswith="records.link:")

nothing_personal("mailing.MailingList", "id", "key", "name", "description", "policy_purpose", "sender")
nothing_personal("mailing.Field", "id", "key", "label", "kind", "why")
nothing_personal("mailing.Segment", "id", "name", "match")
nothing_personal("mailing.Condition", "id", "segment", "attribute", "comparison", "value")
nothing_personal("mailing.Text", "id", "campaign", "language", "version", "subject", "preheader", "body", "plain")
nothing_personal("mailing.Link", "id", "campaign", "url")
nothing_personal("mailing.Slowdown", "target", "level", "until")

register(
    "mailing.Campaign",
    title=_("Campaigns"),
    personal={"locked_by": Datum(Category.ACCOUNT)},
    other=[
        *("id", "kind", "policy_version", "title", "mailing_list", "segment", "reply_to", "in_recipient_zone"),
        *("per_minute", "test_share", "count_links", "in_archive", "state", "paused_by", "chosen", "send_at"),
        *("queued_at", "ended_at", "live", "has_unpublished_changes", "first_published_at", "last_published_at"),
        *("live_revision", "latest_revision", "go_live_at", "expire_at", "expired", "locked", "locked_at"),
    ],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    until=_("until the lock is taken off"),
    find_by=of_account("locked_by"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

register(
    "mailing.Subscriber",
    title=_("Subscribers"),
    personal={
        "email": Datum(Category.EMAIL, Source.FORM),
        "digest": Datum(Category.EMAIL, secret=True),
        "subject": Datum(Category.EMAIL, secret=True),
        "domain": Datum(Category.EMAIL),
        "provider": Datum(Category.EMAIL),
        "name": Datum(Category.NAME, Source.FORM, optional=True),
        "locale": Datum(Category.LANGUAGE),
        "time_zone": Datum(Category.PREFERENCE, Source.FORM, optional=True),
        "fields": Datum(Category.PREFERENCE, Source.FORM, optional=True),
    },
    other=["id", "created_at"],
    subjects=[Subject.SUBSCRIBER],
    receivers=[Receiver.MAIL],
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
    find_by=people.SUBSCRIBER,
)

register(
    "mailing.Subscription",
    title=_("Subscriptions"),
    personal={
        "requested_at": Datum(Category.BEHAVIOUR),
        "confirmed_at": Datum(Category.CONSENT),
        "left_at": Datum(Category.CONSENT),
        "source": Datum(Category.BEHAVIOUR),
        "source_note": Datum(Category.BEHAVIOUR),
    },
    other=["id", "subscriber", "mailing_list", "statement", "locale", "confirmation_sent_at", "decision"],
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
    find_by=people.SUBSCRIPTION,
    export=people.TELLS_SUBSCRIPTION,
)

register(
    "mailing.Suppression",
    title=_("Addresses that are not written to"),
    personal={
        "digest": Datum(Category.EMAIL, secret=True),
        "reason": Datum(Category.METADATA),
        "since_at": Datum(Category.METADATA),
    },
    other=["id", "scope"],
    subjects=[Subject.SUBSCRIBER],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,  # GDPR Art. 21(3): who objected is not written to again, and only a list can see to that
    until=_("as long as this site sends mail, as keyed hashes alone"),
    find_by=people.SUPPRESSION,
    on_erase=OnErase.KEEP,
    why_kept=_("who is not to be written to stays known as a keyed hash alone (GDPR Art. 21(3))"),
    export=people.TELLS_SUPPRESSION,
    written="since_at",
)

register(
    "mailing.Delivery",
    title=_("Mail sent to people"),
    personal={
        "domain": Datum(Category.EMAIL),
        "provider": Datum(Category.EMAIL),
        "language": Datum(Category.LANGUAGE),
        "tracked": Datum(Category.CONSENT),
        "sent_at": Datum(Category.METADATA),
        "changed_at": Datum(Category.METADATA),
        "smtp_code": Datum(Category.METADATA),
        "smtp_text": Datum(Category.METADATA),
        "provider_id": Datum(Category.METADATA),
    },
    other=[
        *("id", "campaign", "subscription", "letter", "decision", "policy_version", "purpose", "version", "state"),
        *("reason", "owner", "lease_until", "attempts", "not_before", "first_tried_at", "queued_at"),
    ],
    subjects=[Subject.SUBSCRIBER],
    receivers=[Receiver.MAIL],
    purposes=[Purpose.PROMOTION, Purpose.LEGAL],
    basis=Basis.CONSENT,
    until=_("until the person asks for erasure"),
    find_by=people.DELIVERY,
    export=people.TELLS_DELIVERY,
    written="queued_at",
)

register(
    "mailing.Return",
    title=_("Mail that came back"),
    personal={"kind": Datum(Category.METADATA), "status": Datum(Category.METADATA)},
    other=["id", "delivery", "source", "identity", "received_at"],
    subjects=[Subject.SUBSCRIBER],
    purposes=[Purpose.PROMOTION, Purpose.LEGAL],
    basis=Basis.INTEREST,
    until=_("as long as the record of the mail itself"),
    find_by=people.OF_DELIVERY,
    export=people.TELLS_RETURN,
    written="received_at",
)

register(
    "mailing.LinkFollowed",
    title=_("Links followed by people who agreed to be counted"),
    personal={"followed_at": Datum(Category.BEHAVIOUR)},
    other=["id", "delivery", "link"],
    subjects=[Subject.SUBSCRIBER],
    purposes=[Purpose.MEASUREMENT],
    basis=Basis.CONSENT,
    keep=Keep(days=90, since="followed_at", start=_("from the day the link was followed")),
    find_by=people.OF_DELIVERY,
    export=people.TELLS_FOLLOWED,
)

register(
    "mailing.Letter",
    title=_("Answers sent to people who wrote"),
    personal={
        "email": Datum(Category.EMAIL, Source.FORM),
        "locale": Datum(Category.LANGUAGE),
        "subject": Datum(Category.MESSAGE),
        "text": Datum(Category.MESSAGE),
        "in_reply_to": Datum(Category.METADATA),
    },
    other=["id", "subject_key", "email_index", "reply_to", "purpose", "about", "written_at"],
    subjects=[Subject.VISITOR],
    receivers=[Receiver.MAIL],
    purposes=[Purpose.COMMUNICATION],
    basis=Basis.CONTRACT,
    keep=Keep(
        days=365,
        since="written_at",
        only=~(_LINK | _DATA_LINK),
        rows=_("Answers to what people wrote"),
        start=_("from the day it was written"),
    ),
    also=[
        Keep(
            name="links",
            days=7,
            since="written_at",
            only=_LINK,
            rows=_("Letters with a fresh link to the preferences or to a copy of one's data"),
            start=_("from the day it was written"),
        ),
        Keep(
            name="data_links",
            days=2,
            since="written_at",
            only=_DATA_LINK,
            rows=_("Letters with a link that confirms a request about one's data"),
            start=_("from the moment it was written"),
        ),
    ],
    find_by=people.LETTER,
    export=people.TELLS_LETTER,
)

register(
    "mailing.AudienceImport",
    title=_("Files of addresses on their way in"),
    personal={
        "content": Datum(Category.EMAIL, secret=True),  # with the addresses of others
        "filename": Datum(Category.METADATA),
        "uploaded_by": Datum(Category.ACCOUNT),
        "uploaded_at": Datum(Category.METADATA),
    },
    other=["id", "mailing_list", "state", "report"],
    subjects=[Subject.SUBSCRIBER, Subject.STAFF],
    purposes=[Purpose.PROMOTION, Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    keep=Keep(
        days=1,
        since="uploaded_at",
        only=Q(state="checked"),
        rows=_("Files that nobody imported"),
        start=_("from the moment they were uploaded"),
    ),
    until=_("once imported, the addresses in it go at once; who imported it stays as evidence"),
    find_by=people.IMPORT,
    on_erase=OnErase.BLANK,
    erase=people.forget_imported,
)

also_find("consent.Decision", people.DECISION)

access_log.declare("subscribers:index", "subscribers:index_results", holding="mailing.Subscriber", act=Act.LIST)
access_log.declare("subscribers:inspect", holding="mailing.Subscriber", act=Act.INSPECT)
for name in ("edit", "leave", "suppress", "lift", "erase"):
    access_log.declare(f"subscribers:{name}", holding="mailing.Subscriber", act=Act.EDIT)
access_log.declare("suppressions:index", "suppressions:index_results", holding="mailing.Suppression", act=Act.LIST)
access_log.declare("suppressions:remove", holding="mailing.Suppression", act=Act.EDIT)
access_log.declare("imports:index", "imports:index_results", holding="mailing.AudienceImport", act=Act.LIST)
access_log.declare("imports:look", holding="mailing.AudienceImport", act=Act.INSPECT)
# These note whom somebody searched or took out; the others show an empty file, and nothing.
access_log.by_view("subscribers:search", "subscribers:export", "suppressions:check", "suppressions:add")
access_log.by_view("imports:template", "imports:add", "imports:answer")
# Their addresses name a campaign.
for name, act in (("rows", Act.LIST), ("rows_results", Act.LIST), ("csv", Act.EXPORT)):
    access_log.declare(f"mail_results:{name}", holding="mailing.Delivery", act=act, key="")
