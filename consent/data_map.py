"""What this floor stores: the catalogue, and one row per decision that names nobody."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consent import told
from consent.models import Decision
from consent.proof import redact
from records import access_log
from records.access_log import Act
from records.accounts import WHY_KEPT, named_as
from records.registry import (
    Basis,
    Category,
    Datum,
    Keep,
    OnErase,
    Purpose,
    Source,
    Subject,
    Told,
    lasting,
    nothing_personal,
    register,
    telling,
)
from records.subject_requests.readable import Remark, remark


def _cookie_choices() -> Remark:
    text = _("Choices about cookies are stored under a random number that only your browser has. It finds them here:")
    return Remark(text, f"{settings.SITE_URL}{reverse('consent:decisions')}")


remark(_cookie_choices)


def _receipt(decision: Decision) -> str:
    return f"{settings.SITE_URL}{reverse('consent:receipt', args=[decision.pk])}"


nothing_personal(
    "cookie_consent.CookieGroup",
    "id",
    "varname",
    "name",
    "description",
    "is_required",
    "is_deletable",
    "ordering",
    "created",
)
nothing_personal("cookie_consent.Cookie", "id", "cookiegroup", "name", "description", "path", "domain", "created")
# Switched off by COOKIE_CONSENT_LOG_ENABLED: decisions are recorded by `consent.decide`. What a site had written before
# goes by this rule.
register(
    "cookie_consent.LogItem",
    title=_("Choices that an earlier cookie banner recorded"),
    personal={"action": Datum(Category.CONSENT, Source.FORM), "created": Datum(Category.BEHAVIOUR)},
    other=["id", "cookiegroup", "version"],
    subjects=[Subject.VISITOR],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    keep=Keep(days=365, since="created", start=_("from the day it is made")),
)

nothing_personal("consent.GroupDetail", "group", "purposes", "basis", "texts")
nothing_personal("consent.GroupDetail_sites", "id", "groupdetail", "site")
nothing_personal(
    "consent.Service",
    "id",
    "key",
    "name",
    "vendor",
    "group",
    "description",
    "texts",
    "purposes",
    "data",
    "account",
    "script_url",
    "integrity",
    "module",
    "script_origins",
    "connect_origins",
    "img_origins",
    "frame_origins",
    "style_origins",
    "font_origins",
    "embeds",
    "consent_mode",
    "gpc",
    "policy_url",
    "countries",
    "safeguard",
    "responsible",
    "preset",
)
nothing_personal("consent.CookieDetail", "cookie", "service", "lifetime", "party", "match", "storage", "texts")
nothing_personal("consent.Banner", "id", "site", "texts", "consent_mode")
register(
    "consent.Snapshot",
    title=_("Published cookie configurations"),
    personal={"published_by": Datum(Category.NAME)},
    other=["id", "site", "number", "sha256", "material_sha256", "content", "published_at"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    until=_("for as long as the site may have to show what people agreed to"),
    find_by=named_as("published_by"),
    on_erase=OnErase.KEEP,
    why_kept=_("it shows what people agreed to, and nobody changes it (GDPR Art. 7(1))"),
)

lasting(
    told.HOLDS,
    title=_("A choice about cookies"),
    days=told.LASTS,
    start=_("from the day it is made"),
)
register(
    "consent.Decision",
    title=_("Consent decisions"),
    personal={
        "consent_id": Datum(Category.CONSENT),
        "choices": Datum(Category.CONSENT, Source.FORM),
        "services": Datum(Category.CONSENT, Source.FORM),
        "gpc": Datum(Category.CONSENT),
        "locale": Datum(Category.LANGUAGE),
        "path": Datum(Category.BEHAVIOUR),
        "decided_at": Datum(Category.BEHAVIOUR),
    },
    other=[
        "id",
        "seq",
        "key",
        "snapshot",
        "policy_version",
        "rendition",
        "statement",
        "source",
        "action",
        "expires_at",
        "key_id",
        "leaf",
    ],
    subjects=[Subject.VISITOR, Subject.SUBSCRIBER],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,  # GDPR Art. 7(1)
    keep=Keep(
        days=3 * 365,
        since="expires_at",
        only=redact.unneeded(),
        rows=_("records of choices about cookies"),
        start=_("from the day they no longer count"),
        erase=redact.for_retention,
    ),
    until=_("and what a mail or a public entry still rests on, for as long as it does"),
    on_erase=OnErase.KEEP,
    why_kept=_(
        "it proves that mail was allowed (GDPR Art. 7(1), 17(3)(e)); it names nobody once the subscriptions are gone"
    ),
    export=telling(
        *("statement", "source", "action", "expires_at"),
        receipt=Told(_("receipt"), str, _receipt),
    ),
    written="decided_at",
)
# What stays of an erased decision tells nothing: a hash that needs a key, and the random number of a receipt.
nothing_personal("consent.Redaction", "seq", "decision", "decision_leaf", "why", "redacted_at", "key_id", "leaf")
nothing_personal("consent.LedgerEntry", "position", "seal", "kind", "seq", "decision", "leaf")
nothing_personal(
    "consent.Seal",
    "number",
    "first",
    "last",
    "up_to",
    "root",
    "previous",
    "sealed_at",
    "key_id",
    "signature",
)
nothing_personal("consent.Anchor", "id", "seal", "place", "anchored_at")
nothing_personal(
    "consent.Verification",
    "id",
    "ran_at",
    "seconds",
    "entries",
    "seals",
    "redacted",
    "unsealed",
    "faults",
    "first_fault",
)
nothing_personal("consent.Showing", "id", "day", "snapshot", "locale", "count")
register(
    "consent.Finding",
    title=_("What was found undeclared on the site"),
    personal={"dismissed_by": Datum(Category.NAME)},
    other=[
        "id",
        "site",
        "kind",
        "name",
        "source",
        "detail",
        "page",
        "first_seen_at",
        "last_seen_at",
        "count",
        "dismissed_at",
    ],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.OBLIGATION,
    until=_("until somebody takes the finding up again, which clears the name of who had dismissed it"),
    find_by=named_as("dismissed_by"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)
register(
    "consent.Scan",
    title=_("Runs of the cookie scanner"),
    personal={"by": Datum(Category.NAME)},
    other=["id", "site", "started_at", "finished_at", "pages", "undeclared", "misplaced", "report"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.OBLIGATION,
    until=_("until twenty newer runs are on record for the same site"),
    find_by=named_as("by"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

access_log.declare("consent_decisions:index", "consent_decisions:results", holding="consent.Decision", act=Act.LIST)
access_log.declare("consent_decisions:read", holding="consent.Decision", act=Act.INSPECT, key="number")
