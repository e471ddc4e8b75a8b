"""In which words does the catalogue describe services and cookies? Choices are functions: a word is no migration."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from records.registry import Basis, Observed, Purpose


class Party(TextChoices):
    FIRST = "first", _("this site's")
    THIRD = "third", _("the vendor's own")


class Match(TextChoices):
    EXACT = "exact", _("exactly this name")
    PREFIX = "prefix", _("names that begin so")
    REGEX = "regex", _("regular expression for the whole name")


class Storage(TextChoices):
    COOKIE = "cookie", _("cookie")
    LOCAL = "local", _("local storage")
    SESSION = "session", _("session storage")


class Responsible(TextChoices):
    """Who decides what becomes of the data (GDPR Art. 4(7), 26, 28)."""

    VENDOR = "vendor", _("the vendor, for purposes of its own")
    JOINT = "joint", _("the vendor and the owner of this site together")
    PROCESSOR = "processor", _("the owner of this site; the vendor acts on its instructions")


class Safeguard(TextChoices):
    """What protects data that leaves the European Economic Area (GDPR Chapter V)."""

    NONE_NEEDED = "none-needed", _("it does not leave the European Economic Area")
    ADEQUACY = "adequacy", _("a decision that the country protects data well enough (Art. 45)")
    CLAUSES = "clauses", _("standard contractual clauses (Art. 46)")
    CONSENT = "consent", _("the visitor's explicit consent (Art. 49)")
    UNKNOWN = "unknown", _("not known")


CONSENT_MODE = (  # Google's names for what a tag may do
    "ad_storage",
    "ad_user_data",
    "ad_personalization",
    "analytics_storage",
    "functionality_storage",
    "personalization_storage",
    "security_storage",
)


class GoogleTags(TextChoices):
    """What Google's tags do while nobody has chosen: its basic and its advanced Consent Mode."""

    BASIC = "basic", _("wait until the visitor allows them")
    ADVANCED = "advanced", _("load at once, and are told “denied”: Google is contacted before anybody chose")


def purposes() -> list[tuple[str, Any]]:
    return [*Purpose.choices]


def observed() -> list[tuple[str, Any]]:
    return [*Observed.choices]


def bases() -> list[tuple[str, Any]]:
    return [*Basis.choices]


def consent_mode() -> list[tuple[str, Any]]:
    return [(name, name) for name in CONSENT_MODE]
