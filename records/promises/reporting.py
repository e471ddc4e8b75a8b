"""What is everybody told: the promises with their evidence, and what else the versions in force state?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from records import periods, terms
from records.models import PromiseCheck, Term
from records.promises.checks import answers, registered
from records.promises.remembering import FRESH, is_fresh, last_checked_at, remembered, words
from records.promises.shapes import Promise, State, in_words
from records.registry import Ground, Purpose, declared, spans
from records.terms import Kind


@dataclass(frozen=True)
class InForce:
    """A term that a version in force states, by its name."""

    kind: str
    heading: str
    key: str
    title: str
    stated_by: str
    effective_from: datetime


def report(now: datetime) -> dict[str, Any]:
    """Every promise looked at anew, with the terms in force, as plain values for whoever runs the site: with details,
    and the seconds that each check took."""
    found = [answers(check, now) for check in registered()]
    entries = [_entry(promise, now) | {"details": str(promise.details)} for each in found for promise in each.promises]
    return _report(entries, now) | {"seconds": {each.name: round(each.seconds, 3) for each in found}}


def shown(now: datetime) -> dict[str, Any]:
    """The same for the public: as the hourly check remembers it. What is light is looked at anew where that does not
    count any more; what is heavy never is, and `waiting` where it was not checked yet."""
    known = remembered()
    entries, waiting = [], False
    for check in registered():
        rows = known.get(check.name, [])
        if rows and (check.heavy or is_fresh(rows, now)):
            entries += [_remembered(row) for row in rows]
        elif check.heavy:
            waiting = True
        else:
            entries += [_entry(promise, now) for promise in answers(check, now).promises]
    last = last_checked_at()
    late = last is not None and last < now - FRESH
    return _report(entries, now) | {"waiting": waiting, "late_since": last if late else None}


def _report(entries: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    return {
        "checked_at": min((entry["checked_at"] for entry in entries), default=now),
        "broken": sum(entry["state"] == State.BROKEN for entry in entries),
        "promises": entries,
        "terms": [vars(term) for term in in_force(now)],
    }


def _entry(promise: Promise, now: datetime) -> dict[str, Any]:
    facts = {"key": promise.key, "state": promise.state.value, "state_label": str(promise.state.label)}
    return {**facts, **in_words(promise), "measured": promise.measured, "checked_at": now, "since_at": None}


def _remembered(row: PromiseCheck) -> dict[str, Any]:
    said = {name: text for name, text in words(row).items() if name != "details"}
    facts = {"key": row.key, "state": row.state, "state_label": str(State(row.state).label)}
    return {**facts, **said, "measured": row.measured, "checked_at": row.checked_at, "since_at": row.since_at}


def in_force(now: datetime) -> Iterator[InForce]:
    """What else the versions in force state, by kind; what is deleted is shown with its evidence instead."""
    found = [(kind, *entry) for kind in Kind for entry in sorted(terms.all_in_force(kind, now).items())]
    counts = {key for key, span in spans().items() if not span.deleted}
    stated = [(kind, key, term) for kind, key, term in found if kind != Kind.RETENTION or key in counts]
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
