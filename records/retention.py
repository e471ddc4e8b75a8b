"""What is due to go, and what was deleted? Deletes rows past their period and leaves evidence of every run."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Min, Model, QuerySet

from records.models import RetentionRun
from records.registry import Holding, Keep, holdings

BATCH = 1000  # rows a transaction; short enough that nobody waits for its locks


@dataclass(frozen=True)
class Outcome:
    """What one data set shows at one instant: rows due or deleted, and the oldest row that is not due."""

    holding: str
    title: str
    period_days: int
    cut_off_at: datetime
    rows: int
    oldest_left_at: datetime | None


def expiring() -> list[tuple[Holding, Keep]]:
    """The declared data sets that have a period, by label."""
    return [(entry, entry.keep) for entry in holdings() if entry.keep]


def preview(*, now: datetime) -> list[Outcome]:
    """What `expire(now=now)` would delete. Writes nothing."""
    return [_outcome(entry, keep, now=now, rows=_due(entry, keep, now=now).count()) for entry, keep in expiring()]


def expire(*, now: datetime) -> list[Outcome]:
    """Deletes every row whose period has ended at `now`, in batches; writes one RetentionRun per data set."""
    return [_expire(entry, keep, now=now) for entry, keep in expiring()]


def _expire(entry: Holding, keep: Keep, *, now: datetime) -> Outcome:
    rows = 0
    while batch := list(_due(entry, keep, now=now).values_list("pk", flat=True)[:BATCH]):
        rows += _delete(entry.model, batch)
    outcome = _outcome(entry, keep, now=now, rows=rows)
    RetentionRun.objects.create(
        holding=outcome.holding,
        period_days=outcome.period_days,
        cut_off_at=outcome.cut_off_at,
        expired=outcome.rows,
        oldest_left_at=outcome.oldest_left_at,
        ran_at=now,
    )
    return outcome


def _delete(model: type[Model], keys: Iterable[Any]) -> int:
    with transaction.atomic():
        _total, by_model = model._default_manager.filter(pk__in=keys).delete()
    return by_model.get(model._meta.label, 0)


def _rows(entry: Holding, keep: Keep) -> QuerySet[Model]:
    return entry.model._default_manager.filter(keep.only)


def _due(entry: Holding, keep: Keep, *, now: datetime) -> QuerySet[Model]:
    return _rows(entry, keep).filter(**{f"{keep.since}__lte": now - keep.period}).order_by(keep.since)


def _outcome(entry: Holding, keep: Keep, *, now: datetime, rows: int) -> Outcome:
    cut_off = now - keep.period
    left = _rows(entry, keep).filter(**{f"{keep.since}__gt": cut_off}).aggregate(oldest=Min(keep.since))
    return Outcome(entry.label, str(entry.title), keep.days, cut_off, rows, left["oldest"])
