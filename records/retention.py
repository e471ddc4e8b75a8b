"""What is due to go, by which policy version, and what was deleted? Every run leaves evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Min, Model, Q, QuerySet

from records import periods, terms
from records.models import RetentionRun, Term
from records.registry import Holding, Keep, kept

M = TypeVar("M", bound=Model)
BATCH = 1000  # rows a transaction; short enough that nobody waits for its locks


@dataclass(frozen=True)
class Rule:
    """How long one data set is kept at one instant, and who says so: a policy version, or "" for the data map."""

    key: str
    entry: Holding
    keep: Keep
    words: str
    cut_off_at: datetime
    stated_by: str

    @property
    def title(self) -> str:
        return str(self.keep.rows or self.entry.title)

    @property
    def rows(self) -> QuerySet[Model]:
        return self.entry.model._default_manager.filter(self.keep.only)

    @property
    def due(self) -> QuerySet[Model]:
        return self.entry.model._default_manager.filter(self.is_due).order_by(self.keep.since, "pk")

    @property
    def is_due(self) -> Q:
        return self.keep.only & Q(**{f"{self.keep.since}__lte": self.cut_off_at})

    @property
    def left(self) -> QuerySet[Model]:
        return self.rows.filter(**{f"{self.keep.since}__gt": self.cut_off_at})


@dataclass(frozen=True)
class Outcome:
    """What one data set shows at one instant: rows due or deleted, and the oldest row that is not due."""

    holding: str
    title: str
    period: str
    period_days: int
    stated_by: str
    cut_off_at: datetime
    rows: int
    oldest_left_at: datetime | None


def rules(at: datetime) -> list[Rule]:
    """One for each data set that has a period, by key: the term in force at `at`, else what the data map declares."""
    stated = terms.all_in_force(terms.Kind.RETENTION, at)
    return [_rule(key, entry, keep, stated.get(key), at) for key, (entry, keep) in kept().items()]


def _rule(key: str, entry: Holding, keep: Keep, term: Term | None, at: datetime) -> Rule:
    if term is None:
        return Rule(key, entry, keep, keep.words(), at - keep.period, "")
    period = periods.parse(term.value["period"])
    return Rule(key, entry, keep, keep.words(period.words()), period.before(at), term.sheet.label)


def due(at: datetime) -> dict[str, Q]:
    """By label of its model: which rows have reached their end at `at`. Whoever reads through the site leaves them out:
    they are gone at that instant, whenever the worker comes by."""
    found: dict[str, Q] = {}
    for rule in rules(at):
        found[rule.entry.label] = found.get(rule.entry.label, Q(pk__in=[])) | rule.is_due
    return found


def unexpired(rows: QuerySet[M], at: datetime) -> QuerySet[M]:
    """Those of `rows` whose period is not over at `at` (UTC)."""
    return rows.exclude(due(at).get(rows.model._meta.label, Q(pk__in=[])))


def preview(*, now: datetime) -> list[Outcome]:
    """What `expire(now=now)` would delete. Writes nothing. For an instant to come: by what is announced today."""
    return [_outcome(rule, now=now, rows=rule.due.count()) for rule in rules(now)]


def expire(*, now: datetime) -> list[Outcome]:
    """Deletes every row whose period has ended at `now`, in batches; writes one RetentionRun per data set."""
    return [_expire(rule, now=now) for rule in rules(now)]


def _expire(rule: Rule, *, now: datetime) -> Outcome:
    rows = left = 0  # what is still needed elsewhere stays due, at the front of what is due, and `promises` says so
    while batch := list(rule.due.values_list("pk", flat=True)[left : left + BATCH]):
        gone = rule.keep.erase(batch, now) if rule.keep.erase else _delete(rule.entry.model, batch)
        rows, left = rows + gone, left + max(len(batch) - gone, 0)
    outcome = _outcome(rule, now=now, rows=rows)
    RetentionRun.objects.create(
        holding=outcome.holding,
        period_days=outcome.period_days,
        stated_by=outcome.stated_by,
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


def _outcome(rule: Rule, *, now: datetime, rows: int) -> Outcome:
    oldest = rule.left.aggregate(oldest=Min(rule.keep.since))["oldest"]
    days = (now - rule.cut_off_at).days
    return Outcome(rule.key, rule.title, rule.words, days, rule.stated_by, rule.cut_off_at, rows, oldest)


def latest_runs() -> dict[str, RetentionRun]:
    """The last time each data set was looked at, by key."""
    latest = RetentionRun.objects.order_by("holding", "-ran_at").distinct("holding")
    return {run.holding: run for run in latest}
