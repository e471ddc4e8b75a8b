"""How do the rows that are due go: in which batches, past which holds, and with which record at the end?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, router, transaction
from django.db.models import Min, Model, Q
from django.db.models.deletion import Collector

from records import holds
from records.models import Hold
from records.retention import evidence
from records.retention.rules import NO_ROWS, Rule, rules
from records.sealed import SealedField

BATCH = 5000  # rows a transaction where nothing hangs on them
CAREFUL = 500  # where receivers and cascades make each row cost milliseconds


@dataclass(frozen=True)
class Outcome:
    """What one data set shows at one instant: rows due or deleted, those due and held, and the oldest not due."""

    holding: str
    title: str
    period: str
    period_days: int
    stated_by: str
    cut_off_at: datetime
    rows: int
    oldest_left_at: datetime | None
    held: int = 0


def preview(*, now: datetime) -> list[Outcome]:
    """What `expire(now=now)` would delete. Writes nothing. For an instant to come: by what is announced today."""
    return [_preview(rule, now) for rule in rules(now)]


def _preview(rule: Rule, now: datetime) -> Outcome:
    held = _held(rule, now)
    return _outcome(rule, now, rows=rule.due.count() - held, held=held)


def expire(*, now: datetime) -> list[Outcome]:
    """Deletes every row whose period has ended at `now` and that no hold covers, in batches; writes one RetentionRun
    per data set.

    Raises ExceptionGroup of DatabaseError once all is done that can be done: one table in trouble does not keep the
    others.
    """
    outcomes, troubles = [], []
    for rule in rules(now):
        try:
            outcomes.append(_expire(rule, now))
        except DatabaseError as error:
            error.add_note(f"while expiring {rule.key}")
            troubles.append(error)
    if troubles:
        raise ExceptionGroup("some data sets did not expire", troubles)
    return outcomes


def _expire(rule: Rule, now: datetime) -> Outcome:
    if rule.keep.run:
        rows, held = rule.keep.run(rule, now)
        return _recorded(_outcome(rule, now, rows=rows, held=held), rule, now, counted=rows)
    rows = _each(rule, now) if rule.keep.erase else _sweep(rule, now)
    return _recorded(_outcome(rule, now, rows=rows, held=_held(rule, now)), rule, now)


def _recorded(outcome: Outcome, rule: Rule, now: datetime, *, counted: int = 0) -> Outcome:
    """`counted`: rows of the record beside those the batches have put down."""
    run = evidence.of_rule(rule, now=now)
    run.expired, run.held, run.oldest_left_at = counted, outcome.held, outcome.oldest_left_at
    evidence.record(run)
    return outcome


def _each(rule: Rule, now: datetime) -> int:
    """By the data set's own eraser. What is still needed elsewhere it leaves, at the front of what is due; `promises`
    says so."""
    rows = left = 0
    while True:
        with transaction.atomic():
            keys = list(_free(rule, now).values_list("pk", flat=True)[left : left + BATCH])
            gone = rule.keep.erase(keys, now) if keys and rule.keep.erase else 0
            evidence.tally(rule.key, gone)
        rows, left = rows + gone, left + max(len(keys) - gone, 0)
        if len(keys) < BATCH:
            return rows


def _sweep(rule: Rule, now: datetime) -> int:
    """Batch after batch along the column that says when. Each begins where the last one ended, so that none walks over
    what is already deleted; what somebody changed meanwhile waits for the next run."""
    plain = is_plain(rule.entry.model)
    size = BATCH if plain else CAREFUL
    rows, left = 0, Q()
    while True:
        with transaction.atomic():
            free = _free(rule, now).filter(left)
            last = next(iter(free.values_list(rule.keep.since, "pk")[size - 1 : size]), None)
            gone = _delete(rule, free.filter(_up_to(rule, last)) if last else free, plain=plain)
            evidence.tally(rule.key, gone)
        rows += gone
        if last is None:
            return rows
        left = _after(rule, last)


def _up_to(rule: Rule, last: tuple[datetime, Any]) -> Q:
    since, key = last
    return Q(**{f"{rule.keep.since}__lte": since}) & ~Q(**{rule.keep.since: since, "pk__gt": key})


def _after(rule: Rule, last: tuple[datetime, Any]) -> Q:
    since, key = last
    return Q(**{f"{rule.keep.since}__gte": since}) & ~Q(**{rule.keep.since: since, "pk__lte": key})


def _free(rule: Rule, now: datetime) -> Any:
    """What is due and not held, in a transaction before whose end nothing else is held."""
    holds.heed()
    return rule.due.exclude(holds.covering(rule.entry, now))


def _delete(rule: Rule, batch: Any, *, plain: bool) -> int:
    """PostgreSQL asks each row that somebody has just changed once more whether it is due: a request may be confirmed
    at that very moment."""
    model = rule.entry.model
    if plain:
        return int(batch.order_by()._raw_delete(router.db_for_write(model)) or 0)  # None where a hold covers all
    locked = list(batch.select_for_update(of=("self",)).values_list("pk", flat=True))
    # Rows are loaded, for what hangs on them; what is sealed in them need not be.
    sealed = [field.name for field in model._meta.concrete_fields if isinstance(field, SealedField)]
    _total, by_model = model._base_manager.filter(pk__in=locked).defer(*sealed).delete()
    return by_model.get(model._meta.label, 0)


def is_plain(model: type[Model]) -> bool:
    """Nothing hangs on its rows and nobody listens to their end: one statement deletes a batch."""
    return bool(Collector(using=router.db_for_write(model)).can_fast_delete(model._base_manager.all()))


def _held(rule: Rule, now: datetime) -> int:
    held = holds.covering(rule.entry, now)
    return 0 if held == NO_ROWS else rule.due.filter(held).count()


def _outcome(rule: Rule, now: datetime, *, rows: int, held: int) -> Outcome:
    oldest = rule.left.aggregate(oldest=Min(rule.keep.since))["oldest"]
    days = (now - rule.cut_off_at).days
    return Outcome(rule.key, rule.title, rule.words, days, rule.stated_by, rule.cut_off_at, rows, oldest, held)


def kept_by(hold: Hold, *, now: datetime) -> int:
    """How many rows nothing but this hold keeps at `now`: what goes once it is lifted."""
    alone = ((rule, holds.covered(hold, rule.entry), holds.covering(rule.entry, now, but=hold)) for rule in rules(now))
    return sum(rule.due.filter(its).exclude(others).count() for rule, its, others in alone)
