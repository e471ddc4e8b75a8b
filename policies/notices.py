"""Which material change are people told of, and at which address do they read what it changes?"""

from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, Subquery

from policies.models import PolicyPage, PolicyVersion, PolicyVersionQuerySet

RECENT = timedelta(days=14)  # how long a change in force is news


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


def news(page: PolicyPage, at: datetime) -> PolicyVersion | None:
    """The change visitors are told of at `at` (UTC): the next one announced, else the newest of the last RECENT."""
    told = material(page.versions.standing()).filter(effective_from__gt=at - RECENT)
    versions = list(told.order_by("effective_from", "number"))
    coming = [version for version in versions if version.effective_from > at]
    return next(iter(coming or versions[::-1]), None)


def what_changes(page: PolicyPage, version: PolicyVersion) -> str:
    """The address below `page` of the comparison of one of `material` with the version before it; where there is
    nothing to compare, that of the history."""
    previous: int | None = version.previous  # type: ignore[attr-defined]
    if version.ends or previous is None:
        return f"{page.url}history/"
    return f"{page.url}compare/{previous}-{version.number}/"
