"""Of each data set with a period: is what should be gone gone, and is somebody looking?"""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records import holds, periods, retention, terms
from records.models import RetentionRun
from records.promises.checks import GRACE
from records.promises.shapes import Promise, State, Text, later, listed, sentences
from records.promises.stated import Stated
from records.registry import Keep, kept
from records.retention import Rule


def each(now: datetime) -> Iterator[Promise]:
    """One promise for each data set with a period."""
    runs = retention.latest_runs()
    a_day_ago = {rule.key: rule.cut_off_at for rule in retention.rules(now - GRACE)}
    stated = Stated(terms.Kind.RETENTION, now)
    for rule in retention.rules(now):
        rows = rule.rows.exclude(holds.covering(rule.entry, now))  # what the law keeps breaks no promise
        oldest: datetime | None = rows.aggregate(oldest=Min(rule.keep.since))["oldest"]
        trouble = _trouble(rule, oldest, runs.get(rule.key), a_day_ago[rule.key], now)
        yield _promise(rule, oldest, runs.get(rule.key), trouble, stated, now)


def _promise(
    rule: Rule, oldest: datetime | None, run: RetentionRun | None, trouble: Text, stated: Stated, now: datetime
) -> Promise:
    verdict = State.BROKEN if trouble else State.KEPT
    age = max((now - oldest).days, 0) if oldest else None
    term = stated.terms.get(rule.key)
    return Promise(
        key=rule.key,
        title=rule.keep.rows or rule.entry.title,
        promised=_how_long(rule.keep, term.value["period"] if term else ""),
        stated_by=stated.by(rule.key),
        state=verdict if rule.stated_by else State.UNCOVERED,
        evidence=sentences(trouble, _oldest(age), _looked(run.ran_at if run else None)),
        measured={"oldest_days": age, "last_run_at": run.ran_at if run else None},
        mend="data_map:index",
    )


def _trouble(
    rule: Rule, oldest: datetime | None, run: RetentionRun | None, due_a_day_ago: datetime, now: datetime
) -> Text:
    """What was due by the rule of a day ago and is due still has had its day; a new rule starts a day of its own."""
    if oldest is None or oldest > rule.cut_off_at:
        return ""
    if oldest <= due_a_day_ago:
        return _overdue()
    if run and run.ran_at < now - GRACE:
        return _nobody_looked()
    return ""


def runs(now: datetime) -> Iterator[Promise]:
    """One promise for all data sets: did a worker look at each within two days?"""
    last = retention.latest_runs()
    missed = sorted(late.key for late in retention.missed(now))
    newest = max((run.ran_at for run in last.values()), default=None)
    shown = State.KEPT if last else State.UNSHOWN
    titles = [keep.rows or entry.title for key, (entry, keep) in kept().items() if key in missed]
    yield Promise(
        key="records.runs",
        title=_deletion(),
        promised=_hourly(),
        stated_by="",
        state=State.BROKEN if missed else shown,
        evidence=sentences(_missed() if missed else "", _looked(newest)),
        measured={"last_run_at": newest, "missed": missed},
        details=listed(*titles),
        mend="data_map:index",
    )


@later
def _how_long(keep: Keep, iso: str) -> str:
    return keep.words(periods.parse(iso).words() if iso else "")


@later
def _overdue() -> str:
    return _("What should have been deleted more than a day ago is still there.")


@later
def _nobody_looked() -> str:
    return _("Something is due, and nobody has looked for more than a day.")


@later
def _oldest(days: int | None) -> str:
    if days is None:
        return _("Nothing is there.")
    return ngettext("The oldest is %(days)d day old.", "The oldest is %(days)d days old.", days) % {"days": days}


@later
def _looked(at: datetime | None) -> str:
    if at is None:
        return _("Expiry has not run yet.")
    return _("Expiry last ran on %(at)s UTC.") % {"at": f"{at:%Y-%m-%d %H:%M}"}


@later
def _deletion() -> str:
    return _("Deletion of what is due")


@later
def _hourly() -> str:
    return _("Each data set is looked at every hour, and what is due is deleted")


@later
def _missed() -> str:
    return _("Nobody has looked at some data set for more than two days.")
