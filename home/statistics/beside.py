"""What else is counted: inquiries, campaigns and requests about data. In steps of five, so that no difference of two
numbers tells of fewer than five people."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import CharField, Count, DurationField, ExpressionWrapper, F, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat

from home.models import Inquiry
from home.statistics.periods import Period
from home.statistics.rolling import FEW
from mailing.models import Campaign, Delivery, Letter, LinkFollowed
from records import retention
from records.models import SubjectRequest

_LISTED = 50  # campaigns
_SENT = [Delivery.State.SENT, Delivery.State.BOUNCED, Delivery.State.COMPLAINED]


def told(number: int) -> int | None:
    """To the nearest five; None for one to four."""
    if 0 < number < FEW:
        return None
    return (number + 2) // 5 * 5


@dataclass(frozen=True)
class Inquiries:
    """Those that arrived in a period and are still kept. `answered_in`: the median time to the first answer, None for
    fewer than five answered ones."""

    number: int | None
    weeks: list[tuple[date, dict[str, int | None]]]  # by state
    forms: list[tuple[str, int | None]]  # by title of the page
    answered_in: timedelta | None


def inquiries(period: Period, *, now: datetime) -> Inquiries:
    kept = retention.unexpired(Inquiry.objects.all(), now).order_by()
    rows = kept.filter(received_at__gte=period.start, received_at__lt=period.end)
    week = period.unit.WEEK
    counts: dict[date, Counter[str]] = {start: Counter() for start in period.starts(week)}
    for at, state in rows.values_list("received_at", "state").iterator():
        counts[week.start(at.date())][state] += 1
    forms = rows.values_list("page__title").annotate(count=Count("pk")).order_by("-count", "page__title")
    return Inquiries(
        told(rows.count()),
        [(start, {state: told(found[state]) for state in Inquiry.State.values}) for start, found in counts.items()],
        [(title or "", told(count)) for title, count in forms],
        _answered_in(rows),
    )


def _answered_in(rows: Any) -> timedelta | None:
    about = Concat(Value(f"{Inquiry._meta.label}:"), Cast(OuterRef("pk"), CharField()))
    first = Letter.objects.filter(about=about).order_by().values("about").annotate(at=Min("written_at")).values("at")
    waited = ExpressionWrapper(Subquery(first) - F("received_at"), output_field=DurationField())
    times = list(rows.annotate(waited=waited).filter(waited__isnull=False).values_list("waited", flat=True))
    return median(times) if len(times) >= FEW else None


@dataclass(frozen=True)
class Result:
    campaign: Campaign
    numbers: dict[str, int | None]  # "recipients", "accepted", "returned", "spam", "counted", "followed"


def campaigns(period: Period, *, now: datetime) -> list[Result]:
    """Those whose rows were written in a period, the newest first. `followed`: of the `counted` messages to readers who
    agreed to that, those in which a link was followed, until it is forgotten."""
    found = list(
        Campaign.objects.filter(queued_at__gte=period.start, queued_at__lt=period.end).order_by("-queued_at")[:_LISTED]
    )
    counted, followed = _counted(found), _followed(found, now)
    numbers = {each.pk: counted[each.pk] | {"followed": followed[each.pk]} for each in found}
    return [Result(each, {name: told(count) for name, count in numbers[each.pk].items()}) for each in found]


def _counted(campaigns: list[Campaign]) -> dict[int, dict[str, int]]:
    rows = Delivery.objects.filter(campaign__in=campaigns, letter=None).order_by()
    counted: Any = rows.values("campaign").annotate(
        recipients=Count("pk"),
        accepted=Count("pk", filter=Q(state__in=_SENT)),
        returned=Count("pk", filter=Q(state__in=[Delivery.State.BOUNCED, Delivery.State.FAILED])),
        spam=Count("pk", filter=Q(state=Delivery.State.COMPLAINED)),
        counted=Count("pk", filter=Q(tracked=True, sent_at__isnull=False)),
    )
    found = {row["campaign"]: row for row in counted}
    names = ("recipients", "accepted", "returned", "spam", "counted")
    return {each.pk: {name: found.get(each.pk, {}).get(name, 0) for name in names} for each in campaigns}


def _followed(campaigns: list[Campaign], now: datetime) -> Counter[int]:
    of = LinkFollowed.objects.filter(delivery__campaign__in=campaigns, delivery__tracked=True)
    rows = retention.unexpired(of, now).order_by()
    return Counter(dict(rows.values_list("delivery__campaign").annotate(Count("delivery", distinct=True))))


def requests(period: Period) -> list[tuple[str, dict[str, int | None]]]:
    """By kind ("" for one that was not chosen yet), how many requests about data of a period are in each state."""
    rows = SubjectRequest.objects.filter(asked_at__gte=period.start, asked_at__lt=period.end).order_by()
    found: dict[str, dict[str, int]] = {}
    for kind, state, count in rows.values_list("kind", "state").annotate(count=Count("pk")):
        found.setdefault(kind, {})[state] = count
    kinds = [*SubjectRequest.Kind.values, ""]
    states = SubjectRequest.State.values
    return [(kind, {state: told(found[kind].get(state, 0)) for state in states}) for kind in kinds if kind in found]
