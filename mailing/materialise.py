"""How does an audience become rows? One INSERT … SELECT, whatever its size."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import connection
from django.db.models import BigIntegerField, Case, F, Func, QuerySet, Value, When
from django.db.models.functions import Abs, Mod

from mailing.models import Campaign, Delivery, Subscription
from records.registry import Purpose

State = Delivery.State
EAST_TO_WEST = timedelta(hours=26)  # an hour of the day comes first at UTC+14 and last at UTC−12
_FROM_ROW = {
    "subscription_id": F("pk"),
    "decision_id": F("decision"),
    "language": F("subscriber__locale"),
    "provider": F("subscriber__provider"),
    "domain": F("subscriber__domain"),
}
_BLANK = {"reason": "", "owner": "", "smtp_text": "", "provider_id": "", "attempts": 0, "tracked": False}


def starts_at(campaign: Campaign) -> datetime | None:
    """When its rows are written: at its hour, or when that hour comes to the first time zone of the Earth."""
    early = campaign.send_at and campaign.in_recipient_zone
    return campaign.send_at - EAST_TO_WEST if campaign.send_at and early else campaign.send_at


def promotion(campaign: Campaign, people: QuerySet[Subscription], *, purpose: Purpose, now: datetime) -> int:
    """One row for each of `people`: at their hour, in the version they get, or held until one is chosen."""
    bucket = Mod(
        Abs(Func(F("pk"), Value(campaign.pk), function="hashint8extended", output_field=BigIntegerField())), 100
    )
    tried = campaign.test_share or 0
    version: Any = Value("")
    state: Any = Value(State.PENDING)
    if tried:
        people = people.annotate(bucket=bucket)
        halves = [When(bucket__lt=tried // 2, then=Value("a")), When(bucket__lt=tried, then=Value("b"))]
        version = Case(*halves, default=Value(""))
        state = Case(When(bucket__lt=tried, then=Value(State.PENDING)), default=Value(State.HELD))
    own = {"version": version, "state": state, "not_before": _hours(campaign, people, now)}
    return _insert(campaign, people.order_by("pk"), own, purpose=purpose, now=now)


def notice(campaign: Campaign, people: QuerySet[Subscription], *, now: datetime) -> int:
    """One row for each of `people`, to leave now."""
    own = {"version": Value(""), "state": Value(State.PENDING), "not_before": Value(now)}
    return _insert(campaign, people, own, purpose=Purpose.LEGAL, now=now)


def _hours(campaign: Campaign, people: QuerySet[Subscription], now: datetime) -> Any:
    """The instant at which the campaign's hour of the day comes to each reader."""
    if not (campaign.in_recipient_zone and campaign.send_at):
        return Value(now)
    wall = campaign.send_at.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None)
    known = available_timezones()
    zones = people.order_by().values_list("subscriber__time_zone", flat=True).distinct()
    cases = [
        When(subscriber__time_zone=zone, then=Value(wall.replace(tzinfo=ZoneInfo(zone))))
        for zone in zones
        if zone in known
    ]
    return Case(*cases, default=Value(campaign.send_at)) if cases else Value(campaign.send_at)


def _insert(
    campaign: Campaign, people: QuerySet[Subscription], own: dict[str, Any], *, purpose: Purpose, now: datetime
) -> int:
    same = {"campaign_id": campaign.pk, "purpose": purpose, "queued_at": now, "changed_at": now, **_BLANK}
    columns = {**_FROM_ROW, **own, **{name: Value(value) for name, value in same.items()}}
    named = {f"to_{name}": expression for name, expression in columns.items()}
    query, parameters = people.annotate(**named).values_list(*named).query.sql_with_params()
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {Delivery._meta.db_table} ({names}) {query}", parameters)
        return int(cursor.rowcount)
