"""Which material change are people told of, and at which address do they read what it changes?"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from wagtail.models import Site

from policies import effective
from policies.models import PolicyPage, PolicyVersion, PolicyVersionQuerySet
from records.memory import Fresh

RECENT = timedelta(days=14)  # how long a change in force is news


class Change(NamedTuple):
    version: PolicyVersion
    what_changes: str  # address


class Policy(NamedTuple):
    """What every other page says of a site's policy in one language."""

    key: UUID
    url: str
    changes: tuple[Change, ...]  # recent ones and all that are announced, in the order of their instants

    def news(self, at: datetime) -> Change | None:
        """The change visitors are told of at `at` (UTC): the next one announced, else the newest of the last RECENT."""
        told = [change for change in self.changes if change.version.effective_from > at - RECENT]
        coming = [change for change in told if change.version.effective_from > at]
        return next(iter(coming or told[::-1]), None)


_policies: Fresh[tuple[int, str | None], tuple[Policy | None]] = Fresh()
forget = _policies.forget


def of(site: Site, language: str | None) -> Policy | None:
    """The policy of `site` as it reads in `language` where it is translated, as it was at most a few seconds ago; which
    of its versions is news follows the clock all the same."""
    return _policies.get((site.pk, language), lambda _old: (_read(site, language),))[0]


def _read(site: Site, language: str | None) -> Policy | None:
    page = effective.policy_of(site)
    if page is None:
        return None
    shown = page if page.language == language else page.localized
    told = material(page.versions.standing()).filter(effective_from__gt=timezone.now() - RECENT)
    versions = told.order_by("effective_from", "number")
    return Policy(page.key, shown.url, tuple(Change(version, what_changes(shown, version)) for version in versions))


def material(versions: PolicyVersionQuerySet) -> PolicyVersionQuerySet:
    """Those of `versions` that change what people agreed to, without their texts; `previous` is the number of the
    version each one follows in force."""
    earlier = Q(effective_from__lt=OuterRef("effective_from")) | Q(
        effective_from=OuterRef("effective_from"), number__lt=OuterRef("number")
    )
    followed = PolicyVersion.objects.standing().filter(earlier, policy=OuterRef("policy"))
    previous = followed.order_by("-effective_from", "-number").values("number")[:1]
    changing = versions.brief().filter(Q(material=True) | Q(ends=True), number__gt=1)
    return changing.annotate(previous=Subquery(previous))


def what_changes(page: PolicyPage, version: PolicyVersion) -> str:
    """The address below `page` of the comparison of one of `material` with the version before it; where there is
    nothing to compare, that of the history."""
    previous: int | None = version.previous  # type: ignore[attr-defined]
    if version.ends or previous is None:
        return f"{page.url}history/"
    return f"{page.url}compare/{previous}-{version.number}/"
