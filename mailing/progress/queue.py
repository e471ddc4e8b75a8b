"""Does mail move at all? What waits, what is slow and until when, and what nobody knows the end of."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Min, Q

from mailing.models import Campaign, Delivery, Slowdown
from mailing.models.deliveries import UNFINISHED, WAITING
from mailing.progress.campaign import remembered

State = Delivery.State
PUMP_SEEN = "candor:mail-pump"
SHOWN = 20
IN_FLIGHT = [Campaign.State.SENDING, Campaign.State.PAUSED]


@dataclass(frozen=True)
class Slow:
    """A domain or a provider that asked us to come later; `waiting` messages are for it."""

    target: str
    level: int  # times in a row
    until: datetime
    waiting: int


@dataclass(frozen=True)
class Held:
    """Rows in a worker's hands, in one state."""

    count: int
    oldest_at: datetime | None
    overdue: int  # whose lease has run out: the next turn takes them back or settles them


@dataclass(frozen=True)
class Doubt:
    """A campaign (None: letters) with messages of which nobody knows whether they left."""

    campaign: int | None
    title: str
    count: int


@dataclass(frozen=True)
class Health:
    due: int  # could leave now
    later: int  # their hour has not come
    letters: int  # of `due` and `later`
    oldest_at: datetime | None
    slow: list[Slow]
    deferred: list[tuple[str, str, int]]  # provider, domain, messages
    claimed: Held
    sending: Held
    doubts: list[Doubt]
    paused: list[Campaign]
    pump_at: datetime | None

    @property
    def waiting(self) -> int:
        return self.due + self.later

    @property
    def unknown(self) -> int:
        return sum(doubt.count for doubt in self.doubts)


def pump_seen() -> datetime | None:
    """When a worker last looked for what is due (UTC), as `deliver.pump` writes it down; None for longer than an hour
    ago, or while the cache is away."""
    found: str | None = cache.get(PUMP_SEEN)
    return datetime.fromisoformat(found) if found else None


def health(*, now: datetime) -> Health:
    """The queue over all campaigns and letters, at most two seconds old at `now` (UTC); when the pump was last seen
    is of this moment."""
    found = remembered("queue", lambda: _counted(now))
    return Health(**found, pump_at=pump_seen())


def _counted(now: datetime) -> dict[str, Any]:
    due, later = Q(not_before__lte=now), Q(not_before__gt=now)
    waiting = Delivery.objects.filter(state__in=WAITING)
    counts = waiting.aggregate(
        due=Count("pk", filter=due),
        later=Count("pk", filter=later),
        letters=Count("pk", filter=Q(campaign=None)),
        oldest_at=Min("not_before", filter=due),
    )
    deferred = waiting.filter(state=State.DEFERRED).values_list("provider", "domain")
    return counts | {
        "slow": _slow(now),
        "deferred": list(deferred.annotate(count=Count("pk")).order_by("-count", "domain")[:SHOWN]),
        "claimed": _held(State.CLAIMED, now),
        "sending": _held(State.SENDING, now),
        "doubts": _doubts(),
        "paused": list(Campaign.objects.filter(state=Campaign.State.PAUSED).order_by("pk")),
    }


def _slow(now: datetime) -> list[Slow]:
    slowed = list(Slowdown.objects.filter(until__gt=now).order_by("-until")[:SHOWN])
    targets = [row.target for row in slowed]
    waiting = Delivery.objects.filter(state__in=WAITING)
    counts: dict[str, int] = {}
    for name in ("domain", "provider"):
        found = waiting.filter(**{f"{name}__in": targets}).values_list(name).annotate(Count("pk")).order_by()
        counts |= dict(found)
    return [Slow(row.target, row.level, row.until, counts.get(row.target, 0)) for row in slowed]


def _held(state: State, now: datetime) -> Held:
    of = Delivery.objects.filter(state=state)
    found = of.aggregate(
        count=Count("pk"), oldest_at=Min("changed_at"), overdue=Count("pk", filter=Q(lease_until__lt=now))
    )
    return Held(**found)


def _doubts() -> list[Doubt]:
    counted = Delivery.objects.filter(state=State.UNKNOWN).values_list("campaign", "campaign__title")
    return [
        Doubt(campaign, title or "", count)
        for campaign, title, count in counted.annotate(count=Count("pk")).order_by(F("campaign").desc(nulls_first=True))
    ]


def in_flight() -> list[tuple[Campaign, int, int]]:
    """Campaigns that are being sent or paused, the newest first, with how many rows are done and how many there are."""
    return remembered("in-flight", _in_flight)


def _in_flight() -> list[tuple[Campaign, int, int]]:
    campaigns = Campaign.objects.filter(state__in=IN_FLIGHT).order_by("-pk")[:SHOWN]
    left = Count("pk", filter=Q(state__in=UNFINISHED))
    counted = Delivery.objects.filter(campaign__in=[each.pk for each in campaigns]).values("campaign")
    found = {row["campaign"]: row for row in counted.annotate(all=Count("pk"), left=left).order_by()}
    rows = [(each, found.get(each.pk, {"all": 0, "left": 0})) for each in campaigns]
    return [(each, row["all"] - row["left"], row["all"]) for each, row in rows]
