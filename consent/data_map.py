"""What this floor stores: the catalogue, and one row per decision that names nobody."""

from django.utils.translation import gettext_lazy as _

from records.registry import Basis, Category, Datum, Purpose, Source, Subject, nothing_personal, register

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
# Switched off by COOKIE_CONSENT_LOG_ENABLED: decisions are recorded by `consent.decide`.
nothing_personal("cookie_consent.LogItem", "id", "action", "cookiegroup", "version", "created")

nothing_personal("consent.Service", "id", "key", "name", "vendor", "group", "description", "script_url", "policy_url")
nothing_personal("consent.Snapshot", "id", "sha256", "content", "published_at")

register(
    "consent.Decision",
    title=_("Consent decisions"),
    personal={
        "consent_id": Datum(Category.CONSENT),
        "choices": Datum(Category.CONSENT, Source.FORM),
        "locale": Datum(Category.LANGUAGE),
        "decided_at": Datum(Category.BEHAVIOUR),
    },
    other=["id", "key", "snapshot", "policy_version", "statement", "source", "expires_at"],
    subjects=[Subject.VISITOR, Subject.SUBSCRIBER],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,  # GDPR Art. 7(1)
    until=_("for as long as the site may have to show that consent was given"),
)
