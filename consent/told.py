"""Which policy is a visitor of this site told now, since when are consents too old, and how long does a choice count?

Asked of the database at most every few seconds; instants that were announced by then are kept to the microsecond. What
a decision is made under is exact: for that, one question asks whether any text was frozen or withdrawn since.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wagtail.models import Site

from policies import effective
from policies.models import PolicyRendition, PolicyVersion
from records import periods, terms
from records.memory import Fresh
from records.registry import spans

HOLDS = "consent.choice"  # the key under which a policy states how long a choice counts
LASTS = 182  # days; CNIL's recommendation of 17 September 2020 calls six months good practice


@dataclass(frozen=True)
class Told:
    """What one decision was made under."""

    version: PolicyVersion | None = None
    rendition: PolicyRendition | None = None


@dataclass(frozen=True)
class _Policy:
    """The version in force when it was read, those announced then, in the order of their instants, and translations."""

    versions: list[PolicyVersion] = field(default_factory=list)
    renditions: list[PolicyRendition] = field(default_factory=list)
    material_at: datetime | None = None  # of the newest material version in force
    written: list[int] = field(default_factory=list)


_policies: Fresh[int, _Policy] = Fresh()
_sites: Fresh[str, Site] = Fresh()
_lasts: Fresh[str, timedelta] = Fresh()


def site_of(host: str, port: str) -> Site | None:
    """The site that answers at this host, as Wagtail finds it."""
    try:
        return _sites.get(f"{host}:{port}", lambda _known: _find_site(host, port))
    except Site.DoesNotExist:
        return None


def _find_site(host: str, port: str) -> Site:
    from wagtail.models.sites import get_site_for_hostname

    site: Site = get_site_for_hostname(host, port)
    return site


def at(site_id: int, now: datetime, language: str) -> Told:
    """The version in force on a site at `now` (UTC), and its translation where `language` is not its own."""
    policy = _policies.get(
        site_id, lambda _known: _read(site_id, now), still=lambda known: known.written == effective.written()
    )
    due = [version for version in policy.versions if version.effective_from <= now]
    if not due or due[-1].ends:
        return Told()
    version = due[-1]
    if version.language == language:
        return Told(version)
    translated = [
        rendition
        for rendition in policy.renditions
        if rendition.version_id == version.pk and rendition.language == language and rendition.effective_from <= now
    ]
    return Told(version, max(translated, key=lambda rendition: rendition.number, default=None))


def asked_again_since(site_id: int, now: datetime) -> datetime | None:
    """The instant before which choices are too old at `now`: when the newest material version took force."""
    policy = _policies.get(site_id, lambda _known: _read(site_id, now))
    announced = [
        version.effective_from
        for version in policy.versions
        if version.material and version.number > 1 and version.effective_from <= now
    ]
    return max([instant for instant in (policy.material_at, *announced) if instant], default=None)


def lasts(now: datetime) -> timedelta:
    """How long a choice about cookies counts: as a policy in force says, else as the data map does."""
    return _lasts.get(HOLDS, lambda _known: _stated(now))


def _stated(now: datetime) -> timedelta:
    term = terms.in_force(terms.Kind.RETENTION, HOLDS, now)
    if term is None:
        return timedelta(days=spans()[HOLDS].days)
    return now - periods.parse(term.value["period"]).before(now)


def _read(site_id: int, now: datetime) -> _Policy:
    written = effective.written()  # first: what is written while the rest is read is missed by no later comparison
    site = Site.objects.filter(pk=site_id).first()
    page = effective.policy_of(site) if site else None
    if page is None:
        return _Policy(written=written)
    in_force = page.versions.brief().effective_by(now)[:1]
    versions = [*in_force, *page.versions.brief().pending(now)]
    renditions = PolicyRendition.objects.filter(version__in=[version.pk for version in versions])
    brief = renditions.defer("content", "html", "text", "source", "used")
    return _Policy(versions, list(brief), effective.asked_again_since(page, now), written)


def forget() -> None:
    """Makes this process ask anew."""
    _policies.forget()
    _sites.forget()
    _lasts.forget()
