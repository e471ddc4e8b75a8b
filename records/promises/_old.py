"""Does the site do what its policies say? Each promise with what the database shows; floors above add their own."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from records import periods, retention, terms
from records.models import RetentionRun, Term
from records.registry import Ground, Purpose, declared, spans
from records.retention import Rule
from records.terms import Kind

GRACE = timedelta(days=1)  # a worker expires every hour; one day late is a promise broken


class State(TextChoices):
    KEPT = "kept", gettext_lazy("kept")
    BROKEN = "broken", gettext_lazy("broken")
    UNCOVERED = "uncovered", gettext_lazy("no version covers it")


@dataclass(frozen=True)
class Promise:
    """One thing the site promises: in words, by whom, whether it holds, and what shows it. Names nobody, counts nobody.

    `stated_by` is the version that says so, or "" where only the code does. `measured` is plain JSON for a program.
    """

    key: str
    title: str
    promised: str
    stated_by: str
    state: State
    evidence: str
    measured: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class InForce:
    """A term that a version in force states, by its name."""

    kind: str
    heading: str
    key: str
    title: str
    stated_by: str
    effective_from: datetime


Check = Callable[[datetime], Iterable[Promise]]
_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Adds the promises that `check` answers for an instant, in the language that is active. Called from an app's
    ready(); the same `name` again replaces."""
    _checks[name] = check


def examine(now: datetime) -> list[Promise]:
    """Every promise at `now` (UTC), in the language that is active: data sets first, then those of the floors above."""
    return [promise for check in (retained, *_checks.values()) for promise in check(now)]


def broken(promises: Iterable[Promise]) -> list[Promise]:
    return [promise for promise in promises if promise.state == State.BROKEN]


def report(now: datetime) -> dict[str, Any]:
    """The same with the terms in force, as plain values for a page, a program and a cache."""
    found = examine(now)
    return {
        "checked_at": now,
        "broken": len(broken(found)),
        "promises": [asdict(promise) | {"state_label": str(promise.state.label)} for promise in found],
        "terms": [asdict(term) for term in in_force(now)],
    }


def in_force(now: datetime) -> Iterator[InForce]:
    """What else the versions in force state, by kind; what is deleted is shown with its evidence instead."""
    found = [(kind, *entry) for kind in Kind for entry in sorted(terms.all_in_force(kind, now).items())]
    stated = [(kind, key, term) for kind, key, term in found if kind != Kind.RETENTION or key in spans()]
    named = terms.names(term.sheet for _kind, _key, term in stated)
    for kind, key, term in stated:
        yield InForce(kind.value, str(kind.label), key, _title(term), named[term.sheet_id], term.effective_from)


def _title(term: Term) -> str:
    """The key in words, or the key itself where the code has forgotten it since."""
    if term.kind == Kind.SERVICE and term.value.get("vendor"):
        return f"{term.key} ({term.value['vendor']})"
    if term.kind == Kind.RETENTION:
        return f"{spans()[term.key].title}: {periods.parse(term.value['period']).words()}"
    words: dict[str, dict[str, Any]] = {
        Kind.PURPOSE: dict(Purpose.choices),
        Kind.GROUND: dict(Ground.choices),
        Kind.DATA: {label: entry.title for label, entry in declared().items()},
        Kind.CONTACT: {"controller": _("who answers for the data, and where to write")},
    }
    return str(words.get(term.kind, {}).get(term.key, term.key))


def retained(now: datetime) -> Iterator[Promise]:
    """Of each data set with a period: is what should be gone gone, and is somebody looking?"""
    runs = retention.latest_runs()
    a_day_ago = {rule.key: rule.cut_off_at for rule in retention.rules(now - GRACE)}
    stated = terms.all_in_force(Kind.RETENTION, now)
    named = terms.names(term.sheet for term in stated.values())
    for rule in retention.rules(now):
        oldest: datetime | None = rule.rows.aggregate(oldest=Min(rule.keep.since))["oldest"]
        promise = _retained(rule, oldest, runs.get(rule.key), a_day_ago[rule.key], now)
        yield replace(promise, stated_by=named[stated[rule.key].sheet_id] if rule.stated_by else "")


def _retained(
    rule: Rule, oldest: datetime | None, run: RetentionRun | None, due_a_day_ago: datetime, now: datetime
) -> Promise:
    trouble = _trouble(rule, oldest, run, due_a_day_ago, now)
    verdict = State.BROKEN if trouble else State.KEPT
    age = max((now - oldest).days, 0) if oldest else None
    return Promise(
        key=rule.key,
        title=rule.title,
        promised=rule.words,
        stated_by=rule.stated_by,
        state=verdict if rule.stated_by else State.UNCOVERED,
        evidence=" ".join(filter(None, [trouble, _oldest(age), _looked(run)])),
        measured={"oldest_days": age, "last_run_at": run.ran_at if run else None},
    )


def _trouble(
    rule: Rule, oldest: datetime | None, run: RetentionRun | None, due_a_day_ago: datetime, now: datetime
) -> str:
    """What was due by the rule of a day ago and is due still has had its day; a new rule starts a day of its own."""
    if oldest is None or oldest > rule.cut_off_at:
        return ""
    if oldest <= due_a_day_ago:
        return _("What should have been deleted more than a day ago is still there.")
    if run and run.ran_at < now - GRACE:
        return _("Something is due, and nobody has looked for more than a day.")
    return ""


def _oldest(days: int | None) -> str:
    if days is None:
        return _("Nothing is there.")
    return ngettext("The oldest is %(days)d day old.", "The oldest is %(days)d days old.", days) % {"days": days}


def _looked(run: RetentionRun | None) -> str:
    if run is None:
        return _("Expiry has not run yet.")
    return _("Expiry last ran on %(at)s UTC.") % {"at": f"{run.ran_at:%Y-%m-%d %H:%M}"}
