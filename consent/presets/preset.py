"""What is known of a service, its maker and its cookies before anybody has chosen it?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

LANGUAGES = ("en", "ru")
CATEGORIES = (
    "advertising",
    "analytics",
    "audio",
    "captcha",
    "chat",
    "errors",
    "fonts",
    "maps",
    "payments",
    "social",
    "surveys",
    "tag-manager",
    "video",
)
GROUPS = ("essential", "preferences", "analytics", "marketing", "media")
PURPOSES = (
    "advertising",
    "communication",
    "measurement",
    "payment",
    "personalisation",
    "security",
    "service",
    "targeting",
)
DATA = (
    "address",
    "behaviour",
    "browser",
    "contact",
    "cookies",
    "device",
    "location",
    "message",
    "page",
    "payment",
    "referrer",
    "screen",
    "system",
    "time",
)
# Google's documentation of Consent Mode v2.
CONSENT_MODE = (
    "ad_personalization",
    "ad_storage",
    "ad_user_data",
    "analytics_storage",
    "functionality_storage",
    "personalization_storage",
    "security_storage",
)
SAFEGUARDS = ("none-needed", "adequacy", "clauses", "consent", "unknown")  # GDPR Art. 44-49
RESPONSIBLE = ("vendor", "joint", "processor")  # GDPR Art. 4(7), 26 and 28
MATCHES = ("exact", "prefix", "regex")
KINDS = ("cookie", "local", "session")
PARTIES = ("first", "third")

SESSION = "session"  # until the browser is closed
UNLIMITED = "unlimited"  # local storage has no end of its own


@dataclass(frozen=True, kw_only=True)
class Vendor:
    """The legal entity that answers for a service. The address is as complete as the vendor makes it public."""

    key: str
    name: str
    address: str
    country: str
    url: str
    policy_url: str


# Of a service that the site runs by itself: its owner answers for it, and nothing is loaded from anybody.
THIS_SITE = Vendor(key="this-site", name="This site", address="", country="", url="", policy_url="")


@dataclass(frozen=True, kw_only=True)
class Cookie:
    """A cookie, or an entry of the browser's storage. An empty domain is the site's own.

    The lifetime is a `records.periods.Period` as ISO 8601 ("P2Y"), minutes or hours ("PT30M"), `SESSION` or, of local
    storage only, `UNLIMITED`.
    """

    name: str
    match: str
    kind: str
    domain: str
    party: str
    lifetime: str
    texts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Origins:
    """What the page may load from where, by the directives of a Content-Security-Policy."""

    script: tuple[str, ...] = ()
    connect: tuple[str, ...] = ()
    img: tuple[str, ...] = ()
    frame: tuple[str, ...] = ()
    style: tuple[str, ...] = ()
    font: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A well-known service as it ships. "{account}" in `script_url`, `module` and `origins` stands for the number that
    the vendor gives the site's owner; `account` shows what such a number looks like."""

    key: str
    name: str
    category: str
    group: str
    vendor: Vendor
    purposes: tuple[str, ...]
    data: tuple[str, ...]
    account: str
    script_url: str
    integrity: str
    module: str
    embeds: tuple[str, ...]
    consent_mode: tuple[str, ...]
    gpc: bool
    policy_url: str
    countries: tuple[str, ...]
    safeguard: str
    responsible: str
    checked_on: date
    sources: tuple[str, ...]
    origins: Origins
    texts: Mapping[str, str]
    cookies: tuple[Cookie, ...]

    @property
    def is_own(self) -> bool:
        return self.vendor == THIS_SITE
