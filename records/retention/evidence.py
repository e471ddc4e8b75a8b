"""What proves that a run took place, and that nobody touched the proof since? Records chained by their hashes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F, Max, Min, QuerySet

from records import chained
from records.models import ChainEnd, RetentionRun, RetentionTally
from records.retention.rules import Rule, rules

CHAIN = RetentionRun._meta.db_table
LATE = timedelta(hours=48)  # a worker looks every hour; GDPR knows no such limit, whoever runs the site does
_SAID = (
    *("holding", "period_days", "stated_by", "cut_off_at", "expired", "held", "oldest_left_at", "ran_at"),
    *("policy", "version"),
)


@dataclass(frozen=True)
class Missed:
    """A data set that nobody has looked at for too long; `last_ran_at` is None where nobody ever has."""

    key: str
    title: str
    last_ran_at: datetime | None


@dataclass(frozen=True)
class Fault:
    """The first record that does not follow from those before it: its number in the table, and in which respect."""

    record: int
    what: str


def tally(key: str, rows: int) -> None:
    """Counts rows that the caller's transaction deletes, for the record that the run ends with."""
    if rows and not RetentionTally.objects.filter(holding=key).update(rows=F("rows") + rows):
        RetentionTally.objects.create(holding=key, rows=rows)


def record(run: RetentionRun) -> RetentionRun:
    """Writes the record of a run at the end of the chain, with whatever was deleted for it and not recorded yet."""
    with transaction.atomic():
        chained.wait_for_turn(CHAIN)
        counted = RetentionTally.objects.select_for_update().filter(holding=run.holding).first()
        if counted:
            run.expired += counted.rows
            counted.delete()
        end = _end()
        run.previous, end.number = end.sha256, end.number + 1
        run.sha256 = end.sha256 = _link(run, run.previous)
        run.save(force_insert=True)
        end.save()
    return run


def _link(run: RetentionRun, previous: str) -> str:
    return chained.link(previous, {name: getattr(run, name) for name in _SAID})


def verify() -> Fault | None:
    """The first record that was altered, moved, or whose predecessor is missing; None when all is as it was written.

    Records of before there were hashes come first and prove nothing.
    """
    return next(_faults(), None)


def _faults() -> Iterator[Fault]:
    """A run may write meanwhile: of the records it adds behind those that were there, the end tells afterwards."""
    previous, number, last, stood = chained.GENESIS, 0, 0, _end()
    for run in _chained().iterator(1000):
        if run.previous != previous:
            yield Fault(run.pk, "a record before it is missing, or it was moved")
        if run.sha256 != _link(run, run.previous):
            yield Fault(run.pk, "it was altered")
        previous, number, last = run.sha256, number + 1, run.pk
        if number == stood.number and previous != stood.sha256:
            yield Fault(run.pk, "it is not the one that was written there")
    if not stood.number <= number <= _end().number:
        yield Fault(
            last, f"records are missing behind it, or were added: {stood.number} were written, {number} are there"
        )


def _end() -> ChainEnd:
    return ChainEnd.objects.filter(chain=CHAIN).first() or ChainEnd(chain=CHAIN, number=0, sha256=chained.GENESIS)


def _chained() -> QuerySet[RetentionRun]:
    """From the first record that has a hash: a later one without would be a gap."""
    first = RetentionRun.objects.exclude(sha256="").aggregate(first=Min("pk"))["first"]
    return RetentionRun.objects.filter(pk__gte=first).order_by("pk") if first else RetentionRun.objects.none()


def latest_runs() -> dict[str, RetentionRun]:
    """The last time each data set was looked at, by key."""
    latest = RetentionRun.objects.order_by("holding", "-ran_at").distinct("holding")
    return {run.holding: run for run in latest}


def missed(now: datetime) -> list[Missed]:
    """The data sets without a record for 48 hours before `now` (UTC). One that was never looked at counts from the day
    this site was set up, or from the first record of any."""
    last = dict(RetentionRun.objects.values_list("holding").annotate(last=Max("ran_at")))
    due_since, started = now - LATE, _started()
    found = [(rule, last.get(rule.key)) for rule in rules(now)]
    return [Missed(rule.key, rule.title, ran) for rule, ran in found if (ran or started) <= due_since]


def _started() -> datetime:
    applied = MigrationRecorder(connection).Migration.objects.aggregate(first=Min("applied"))["first"]
    assert isinstance(applied, datetime)
    return applied


def of_rule(rule: Rule, *, now: datetime) -> RetentionRun:
    """A record that says by which rule, and nothing yet of its rows."""
    return RetentionRun(
        holding=rule.key,
        period_days=(now - rule.cut_off_at).days,
        stated_by=rule.stated_by,
        policy=rule.policy,
        version=rule.version,
        cut_off_at=rule.cut_off_at,
        ran_at=now,
    )
