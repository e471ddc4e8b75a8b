"""Which text is in force at an instant, and which address does a reader find it at?"""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone
from wagtail.models import Site

from policies.models import PolicyPage, PolicyVersion

LONGEST_CACHE = 300  # seconds


def in_force(page: PolicyPage, at: datetime) -> PolicyVersion | None:
    """The newest standing version with effective_from <= at (UTC); None before the first."""
    return page.versions.effective_by(at).first()


def upcoming(page: PolicyPage, at: datetime) -> list[PolicyVersion]:
    """Announced versions, the next first."""
    return list(page.versions.pending(at))


def end_of(day: date) -> datetime:
    """The last instant of `day` in the site's time zone: a version of that day counts as in force on it."""
    next_day = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return next_day - timedelta(microseconds=1)


def seconds_to_cache(page: PolicyPage, at: datetime) -> int:
    """How long a shared cache may keep the page: never past the next instant (RFC 9111 max-age, whole seconds)."""
    following = page.versions.pending(at).first()
    if following is None:
        return LONGEST_CACHE
    return max(0, min(LONGEST_CACHE, int((following.effective_from - at).total_seconds())))


def policy_of(site: Site) -> PolicyPage | None:
    """The first policy page of a site that has versions, whether or not Wagtail's own marker has caught up with them;
    a draft that was never published is nothing to link to."""
    published = PolicyVersion.objects.standing().filter(page=OuterRef("pk"))
    return PolicyPage.objects.descendant_of(site.root_page).filter(Exists(published)).order_by("path").first()


def version_shown(site: Site, at: datetime) -> PolicyVersion | None:
    """The version a visitor of `site` could read at `at`: what a decision made then points to."""
    page = policy_of(site)
    return in_force(page, at) if page else None
