"""Which text is in force at an instant, in which language, and which address does a reader find it at?"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL
from wagtail.models import Locale, Site

from policies.models import FrozenText, PolicyPage, PolicyRendition, PolicyVersion
from records.memory import Fresh

LONGEST_CACHE = 300  # seconds
_languages: Fresh[None, int] = Fresh()  # how many there are
_COUNTS = """SELECT ARRAY[(SELECT count(*) FROM policies_policyversion),
    (SELECT count(*) FROM policies_policyrendition), (SELECT count(*) FROM policies_policywithdrawal)]"""


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
    `upcoming` say, but nothing is announced before the first version.

    What was read a moment ago is true while nothing was `written`, but for what has its instant before that reading.
    """

    def still(known: _Standing) -> bool:
        return known.written == written() and at >= known.since

    known = _standing.get(page.key, lambda _old: _Standing.read(page, at), still=still)
    due = [row for row in known.rows if row.effective_from <= at]
    return (due[-1] if due else None), list(known.rows[len(due) :])


class _Standing(NamedTuple):
    """Versions not withdrawn that are in force at `since` or later, in the order of their instants, and how much was
    `written` then; None where none is in force, for the first one may come at any moment."""

    since: datetime
    rows: tuple[PolicyVersion, ...]
    written: list[int] | None

    @classmethod
    def read(cls, page: PolicyPage, at: datetime) -> "_Standing":
        first = page.versions.effective_by(at).values("effective_from")[:1]
        found = page.versions.standing().filter(effective_from__gte=first).defer("source", "text")
        rows = tuple(found.order_by("effective_from", "number").annotate(counts=RawSQL(_COUNTS, [])))  # noqa: S611
        return cls(at, rows, rows[0].counts if rows else None)  # type: ignore[attr-defined]


_standing: Fresh[UUID, _Standing] = Fresh()


def written() -> list[int]:
    """How many versions, renditions and withdrawals there are. Their rows never change and none goes: as long as there
    are as many, all that was read of them is true."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS)
        counts: list[int] = cursor.fetchone()[0]
    return counts


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


def forget() -> None:
    _languages.forget()
    _standing.forget()


def in_other_languages(page: PolicyPage) -> list[PolicyPage]:
    """Its translations, published or not, with their languages; no question where the site has one language."""
    if _languages.get(None, lambda _old: Locale.objects.count()) < 2:
        return []
    return list(page.get_translations().select_related("locale"))


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
