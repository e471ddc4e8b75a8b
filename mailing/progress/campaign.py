"""What became of one campaign's messages: by state, by minute, by version, and how fast does the rest go?"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Count, DateTimeField, F, Func, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Coalesce, TruncMinute

from mailing.addresses import Provider
from mailing.models import Campaign, Delivery, LinkFollowed, Return
from mailing.models.deliveries import UNFINISHED, WAITING
from records import retention

State = Delivery.State
T = TypeVar("T")
LATELY = timedelta(minutes=2)  # the rate is counted over this time, or since the first message where that is shorter
LEFT_WITHIN = timedelta(days=7)  # who leaves a list later than this after a mail left for another reason
REMEMBERED = 2  # seconds; several people may watch the same campaign
SHOWN_ANSWERS = 30
_STATUS = r"[245]\.[0-9]{1,3}\.[0-9]{1,3}"  # RFC 3463


@dataclass(frozen=True)
class Pace:
    """`per_minute`: messages accepted lately. `ends_at` is a guess from it, None where nothing moves."""

    left: int
    per_minute: float
    ends_at: datetime | None
    oldest_at: datetime | None  # since when the row waits that should have left first


@dataclass(frozen=True)
class Summary:
    states: dict[State, int]
    pace: Pace

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def done(self) -> int:
        return self.total - sum(self.states.get(state, 0) for state in UNFINISHED)


@dataclass(frozen=True)
class Variant:
    """One version of a campaign: `tracked` of the sent ones counted links, in `followed` of these one was followed."""

    version: str
    addressed: int
    sent: int
    bounced: int
    complained: int
    left: int
    tracked: int
    followed: int


@dataclass(frozen=True)
class Answered:
    code: int
    status: str  # RFC 3463, "5.1.1"; "" where the server gave none
    count: int
    words: str  # of one of them


@dataclass(frozen=True)
class Returned:
    kind: Return.Kind
    status: str
    count: int


@dataclass(frozen=True)
class Followed:
    url: str
    messages: int


def remembered(name: str, make: Callable[[], T]) -> T:
    """What `make` returns, or returned a moment ago: REMEMBERED seconds, or ten times as long as it took to count. So
    whoever watches a million rows never keeps the database busy for more than a tenth of its time."""
    key = f"candor:mail:{name}"
    found: T | None = cache.get(key)
    if found is None:
        start = time.monotonic()
        found = make()
        cache.set(key, found, max(REMEMBERED, 10 * (time.monotonic() - start)))
    return found


def rows(campaign: Campaign) -> QuerySet[Delivery]:
    """Its rows by subscription: there is an index for that order, and none for the order of their numbers."""
    return Delivery.objects.filter(campaign=campaign, letter=None).order_by("subscription")


def by_state(campaign: Campaign) -> dict[State, int]:
    """How many rows are in each state; states without a row are left out."""
    found = dict(rows(campaign).values_list("state").annotate(Count("pk")).order_by())
    return {state: found[state.value] for state in State if state.value in found}


def summary(campaign: Campaign, *, now: datetime) -> Summary:
    """States and pace in one statement, at most REMEMBERED seconds old at `now` (UTC)."""
    return remembered(f"summary:{campaign.pk}", lambda: _summary(campaign, now))


def pace(campaign: Campaign, *, now: datetime) -> Pace:
    return summary(campaign, now=now).pace


def _summary(campaign: Campaign, now: datetime) -> Summary:
    waiting = Q(state__in=WAITING)
    counted = (
        rows(campaign)
        .values("state")
        .annotate(
            count=Count("pk"),
            lately=Count("pk", filter=Q(sent_at__gt=now - LATELY)),
            first=Min("sent_at"),
            oldest=Min("not_before", filter=waiting),
            last=Max("not_before", filter=waiting),
        )
        .order_by()
    )
    found: dict[State, Any] = {State(row["state"]): row for row in counted}
    return Summary(
        {state: found[state]["count"] for state in State if state in found}, _pace(list(found.values()), now)
    )


def _pace(found: list[dict[str, Any]], now: datetime) -> Pace:
    moving = [State(state) for state in UNFINISHED if state != State.HELD]
    left = sum(row["count"] for row in found if row["state"] in moving)
    first = min((row["first"] for row in found if row["first"]), default=None)
    oldest = min((row["oldest"] for row in found if row["oldest"]), default=None)
    last = max((row["last"] for row in found if row["last"]), default=now)
    span = min(LATELY, now - first) if first and first < now else timedelta(seconds=1)
    per_minute = sum(row["lately"] for row in found) / max(span.total_seconds(), 1) * 60
    ends_at = max(now + timedelta(minutes=left / per_minute), last) if left and per_minute else None
    return Pace(left, per_minute, ends_at, oldest if oldest and oldest <= now else None)


def by_minute(campaign: Campaign) -> list[tuple[datetime, dict[Provider, int]]]:
    """For each minute (UTC) in which messages were accepted, how many of each provider's mailboxes."""
    return remembered(f"minutes:{campaign.pk}", lambda: _by_minute(campaign))


def _by_minute(campaign: Campaign) -> list[tuple[datetime, dict[Provider, int]]]:
    minute = TruncMinute("sent_at", tzinfo=UTC, output_field=DateTimeField())
    counted = rows(campaign).exclude(sent_at=None).annotate(minute=minute).values_list("minute", "provider")
    found: dict[datetime, dict[Provider, int]] = {}
    for at, provider, count in counted.annotate(count=Count("pk")).order_by("minute"):
        found.setdefault(at, {})[Provider(provider)] = count
    return list(found.items())


def by_version(campaign: Campaign, *, now: datetime) -> list[Variant]:
    """Versions A and B side by side; empty for a campaign that has only one. `left` counts who left the list within
    LEFT_WITHIN of the message; a followed link counts until its period is over at `now` (UTC)."""
    return remembered(f"versions:{campaign.pk}", lambda: _by_version(campaign, now))


def _by_version(campaign: Campaign, now: datetime) -> list[Variant]:
    gone = Q(subscription__left_at__gte=F("sent_at"), subscription__left_at__lt=F("sent_at") + LEFT_WITHIN)
    counted = (
        rows(campaign)
        .exclude(version="")
        .values("version")
        .annotate(
            addressed=Count("pk"),
            sent=Count("sent_at"),
            bounced=Count("pk", filter=Q(state=State.BOUNCED)),
            complained=Count("pk", filter=Q(state=State.COMPLAINED)),
            left=Count("pk", filter=gone),
            tracked=Count("sent_at", filter=Q(tracked=True)),
        )
        .order_by("version")
    )
    of = _followed(campaign, now).filter(delivery__tracked=True)
    followed = dict(of.values_list("delivery__version").annotate(Count("delivery", distinct=True)).order_by())
    return [Variant(**row, followed=followed.get(row["version"], 0)) for row in counted]


def answers(campaign: Campaign) -> list[Answered]:
    """What servers said where they did not accept, the most frequent first."""
    return remembered(f"answers:{campaign.pk}", lambda: _answers(campaign))


def _answers(campaign: Campaign) -> list[Answered]:
    status = Func(F("smtp_text"), Value(_STATUS), function="SUBSTRING")
    counted = (
        rows(campaign)
        .filter(smtp_code__gte=400)
        .annotate(status=Coalesce(status, Value("")))
        .values("smtp_code", "status")
        .annotate(count=Count("pk"), words=Min("smtp_text"))
        .order_by("-count", "smtp_code", "status")[:SHOWN_ANSWERS]
    )
    return [Answered(row["smtp_code"] or 0, row["status"], row["count"], row["words"]) for row in counted]


def returned(campaign: Campaign) -> list[Returned]:
    """What came back later, about how many messages, the most frequent first."""
    return remembered(f"returned:{campaign.pk}", lambda: _returned(campaign))


def _returned(campaign: Campaign) -> list[Returned]:
    counted = Return.objects.filter(delivery__campaign=campaign).values_list("kind", "status")
    found = counted.annotate(count=Count("delivery", distinct=True)).order_by("-count", "kind", "status")
    return [Returned(Return.Kind(kind), status, count) for kind, status, count in found[:SHOWN_ANSWERS]]


def links(campaign: Campaign, *, now: datetime) -> list[Followed]:
    """In how many of the messages that may count it each link was followed, until that is forgotten, at `now` (UTC)."""
    return remembered(f"links:{campaign.pk}", lambda: _links(campaign, now))


def _links(campaign: Campaign, now: datetime) -> list[Followed]:
    counted = _followed(campaign, now).values_list("link").annotate(Count("delivery", distinct=True)).order_by()
    messages = dict(counted)
    found = [Followed(url, messages.get(pk, 0)) for pk, url in campaign.links.values_list("pk", "url")]
    return sorted(found, key=lambda link: (-link.messages, link.url))


def _followed(campaign: Campaign, now: datetime) -> QuerySet[LinkFollowed]:
    return retention.unexpired(LinkFollowed.objects.filter(delivery__campaign=campaign), now)
