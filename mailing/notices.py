"""Who is told of a policy version by mail, and of which versions is somebody yet to be told?"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from mailing import campaigns, materialise
from mailing.models import POLICY_CHANGES, Campaign, Delivery, Subscription
from mailing.models.deliveries import UNFINISHED, WAITING
from policies.models import PolicyVersion
from policies.notices import material

Kind = Campaign.Kind
REACHED = [Delivery.State.SENT, Delivery.State.UNKNOWN]
LABELS = {
    Kind.NOTICE: _("Notice of version %(number)d: %(title)s"),
    Kind.WITHDRAWAL: _("Withdrawal of version %(number)d: %(title)s"),
}


def due() -> list[int]:
    """Keys of material versions without a notice, and of withdrawn ones that somebody was told of, or is being told."""
    of_it = Campaign.objects.filter(policy_version=OuterRef("pk"))
    untold = material(PolicyVersion.objects.standing()).exclude(Exists(of_it.filter(kind=Kind.NOTICE)))
    told = Q(Exists(_reached(OuterRef("pk")))) | Exists(of_it.filter(kind=Kind.NOTICE, state=Campaign.State.SENDING))
    taken_back = PolicyVersion.objects.filter(told, withdrawal__isnull=False)
    taken_back = taken_back.exclude(Exists(of_it.filter(kind=Kind.WITHDRAWAL)))
    return [key for versions in (untold, taken_back) for key in versions.order_by("pk").values_list("pk", flat=True)]


def queue(version_id: int, *, now: datetime) -> Campaign | None:
    """Queues the notice of a material version, or of its withdrawal, in one transaction with its rows: called again,
    also at the same moment, it queues nothing. Returns None then, and when there is nothing to tell."""
    versions = PolicyVersion.objects.filter(pk=version_id)
    version = material(versions.standing()).first()
    if version:
        return _queue(Kind.NOTICE, version, addressees(version), now)
    withdrawn = versions.brief().filter(withdrawal__isnull=False).first()
    return _take_back(withdrawn, now) if withdrawn else None


def addressees(version: PolicyVersion) -> QuerySet[Subscription]:
    """One subscription of each person who asked for such notices, or who agreed to our mail under an earlier version.

    Whoever agrees once the version is in force has read that one.
    """
    asked = Q(mailing_list__key=POLICY_CHANGES)
    agreed = Q(decision__policy_version__policy=version.policy) | Q(decision__policy_version=None)
    live = Subscription.objects.live().filter(asked | agreed, decision__decided_at__lt=version.effective_from)
    return live.alias(asked=asked).order_by("subscriber", "-asked", "pk").distinct("subscriber")


def _take_back(version: PolicyVersion, now: datetime) -> Campaign | None:
    """Stops the notice of a withdrawn version. Whoever had it already is told, once no worker holds a row of it."""
    waiting = Delivery.objects.filter(campaign__policy_version=version, campaign__kind=Kind.NOTICE)
    stopped = waiting.filter(state__in=WAITING)
    stopped.update(state=Delivery.State.SKIPPED, reason=Delivery.Reason.VERSION_WITHDRAWN, changed_at=now)
    if waiting.filter(state__in=UNFINISHED).exists() or not _reached(version.pk).exists():
        return None
    people = Subscription.objects.live().filter(deliveries__in=_reached(version.pk)).order_by("pk")
    return _queue(Kind.WITHDRAWAL, version, people, now)


def _reached(version: Any) -> QuerySet[Delivery]:
    """Rows of whoever was told of a version, or may have been."""
    notice = Delivery.objects.filter(campaign__policy_version=version, campaign__kind=Kind.NOTICE)
    return notice.filter(state__in=REACHED)


def _queue(
    kind: Campaign.Kind, version: PolicyVersion, people: QuerySet[Subscription], now: datetime
) -> Campaign | None:
    with transaction.atomic():
        campaign, new = Campaign.objects.get_or_create(
            policy_version=version,
            kind=kind,
            defaults={
                "title": _label(kind, version),
                "state": Campaign.State.SENDING,
                "send_at": now,
                "queued_at": now,
            },
        )
        if not new:
            return None
        materialise.notice(campaign, people, now=now)
        campaigns.finish(campaign.pk, now=now)
    return campaign


def _label(kind: Campaign.Kind, version: PolicyVersion) -> str:
    """What the CMS lists it as, in the site's language; readers get a subject in theirs."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(LABELS[kind] % {"number": version.number, "title": version.title})[:150]
