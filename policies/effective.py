"""Which text is in force at an instant, in which language, and which address does a reader find it at?"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef
from wagtail.models import Site

from policies.models import FrozenText, PolicyPage, PolicyRendition, PolicyVersion

LONGEST_CACHE = 300  # seconds


@dataclass(frozen=True)
class Reading:
    """A version as somebody reads it: in their language, or in the authoritative one where it is not translated."""

    version: PolicyVersion
    shown: FrozenText

    @property
    def is_translation(self) -> bool:
        return isinstance(self.shown, PolicyRendition)


def in_force(page: PolicyPage, at: datetime) -> PolicyVersion | None:
    """The newest standing version with effective_from <= at (UTC); None before the first."""
    return page.versions.effective_by(at).defer("source", "text").first()  # as long as the text, and seldom asked for


def now_and_next(page: PolicyPage, at: datetime) -> tuple[PolicyVersion | None, list[PolicyVersion]]:
    """The version in force at `at` and those announced then, the next first, in one query: what `in_force` and
    `upcoming` say, but nothing is announced before the first version."""
    since = page.versions.effective_by(at).values("effective_from")[:1]
    found = page.versions.standing().filter(effective_from__gte=since).defer("source", "text")
    rows = list(found.order_by("effective_from", "number"))
    due = [row for row in rows if row.effective_from <= at]
    return (due[-1] if due else None), rows[len(due) :]


def reading(page: PolicyPage, version: PolicyVersion, at: datetime) -> Reading:
    """`version` in the language of `page`, as it was or will be translated at `at` (UTC), or when it takes force."""
    if is_original(page, version):
        return Reading(version, version)
    by = max(at, version.effective_from)
    translated = version.renditions.filter(language=page.language, effective_from__lte=by)
    return Reading(version, translated.order_by("-number").first() or version)


def is_original(page: PolicyPage, version: PolicyVersion) -> bool:
    """Is `page` in the authoritative language of `version`?"""
    return version.page_id == page.pk or page.language == version.language  # the first costs no query


def upcoming(page: PolicyPage, at: datetime) -> list[PolicyVersion]:
    """Announced versions, the next first, without their texts."""
    return list(page.versions.brief().pending(at))


def asked_again_since(page: PolicyPage, at: datetime) -> datetime | None:
    """The instant before which consents are too old at `at`: when the newest material version took force."""
    newest = page.versions.brief().effective_by(at).filter(material=True, number__gt=1).first()
    return newest.effective_from if newest else None


def seconds_to_cache(page: PolicyPage, at: datetime) -> int:
    """How long a shared cache may keep the page: never past the next instant (RFC 9111 max-age, whole seconds)."""
    return seconds_until(page.versions.pending(at).values_list("effective_from", flat=True).first(), at)


def seconds_until(following: datetime | None, at: datetime) -> int:
    """The same, where the next instant is known, or known not to be."""
    if following is None:
        return LONGEST_CACHE
    return max(0, min(LONGEST_CACHE, int((following - at).total_seconds())))


def policy_of(site: Site) -> PolicyPage | None:
    """The first policy page of a site that has versions, whether or not Wagtail's own marker has caught up with them;
    a draft that was never published is nothing to link to."""
    published = PolicyVersion.objects.standing().filter(page=OuterRef("pk"))
    pages = PolicyPage.objects.descendant_of(site.root_page).filter(Exists(published))
    return pages.select_related("locale").order_by("path").first()


def version_shown(site: Site, at: datetime) -> PolicyVersion | None:
    """The version a visitor of `site` could read at `at`: what a decision made then points to."""
    page = policy_of(site)
    version = in_force(page, at) if page else None
    return None if version and version.ends else version
