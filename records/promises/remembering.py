"""What did the last check of each promise say, since when, and does that still count?"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import get_language

from records import chained
from records.models import PromiseCheck, TermSheet
from records.promises.checks import Answered
from records.promises.shapes import Promise, State, in_words

EVERY = timedelta(hours=1)
FRESH = 2 * EVERY


def remember(answered: Answered, now: datetime) -> None:
    """Writes down what one check found at `now` (UTC), in every language of the site. What it no longer speaks of goes,
    once nobody believes it broken; after one that failed all stays as it was."""
    with transaction.atomic():
        chained.wait_for_turn(PromiseCheck._meta.db_table)
        known = {row.key: row for row in PromiseCheck.objects.all()}
        for place, promise in enumerate(answered.promises):
            _write(known.get(promise.key), promise, answered, place, now)
        if not answered.failed:
            spoken = {promise.key for promise in answered.promises}
            gone = [row for row in known.values() if row.checked_by == answered.name and row.key not in spoken]
            for row in gone:
                _let_go(row, now)


def _write(row: PromiseCheck | None, promise: Promise, answered: Answered, place: int, now: datetime) -> None:
    row = row or PromiseCheck(key=promise.key, state="", since_at=now)
    if row.state != promise.state:
        row.state, row.since_at = promise.state.value, now
    row.checked_by, row.checked_at, row.seconds, row.place = answered.name, now, round(answered.seconds, 3), place
    row.said, row.measured, row.mend = _said(promise), promise.measured, promise.mend
    row.save()


def _let_go(row: PromiseCheck, now: datetime) -> None:
    if row.told_at is None:
        row.delete()
    elif row.state == State.BROKEN:
        row.state, row.since_at, row.checked_at = State.UNCOVERED.value, now, now
        row.save()


def _said(promise: Promise) -> dict[str, dict[str, str]]:
    said = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said[language] = {**in_words(promise), "details": str(promise.details)}
    return said


def words(row: PromiseCheck) -> dict[str, str]:
    """In the language that is active, else in the site's own."""
    said: dict[str, dict[str, str]] = row.said
    return said.get(get_language() or "") or said.get(settings.LANGUAGE_CODE) or {}


def remembered() -> dict[str, list[PromiseCheck]]:
    """The last answers of each check, in its order."""
    found: dict[str, list[PromiseCheck]] = {}
    for row in PromiseCheck.objects.order_by("checked_by", "place", "key"):
        found.setdefault(row.checked_by, []).append(row)
    return found


def is_due(rows: list[PromiseCheck], now: datetime) -> bool:
    """Is the hour of a check over that answered so, or has a version taken force since?"""
    return not rows or max(row.checked_at for row in rows) <= max(now - EVERY, _newest_version(now))


def is_fresh(rows: list[PromiseCheck], now: datetime) -> bool:
    """Does the answer still count: is it no older than two hours, and about the versions that are in force?"""
    return bool(rows) and min(row.checked_at for row in rows) > max(now - FRESH, _newest_version(now))


def _newest_version(now: datetime) -> datetime:
    newest = TermSheet.objects.standing(now).order_by("-effective_from").values_list("effective_from", flat=True)
    return newest.first() or datetime.min.replace(tzinfo=UTC)


def last(key: str) -> dict[str, Any]:
    """What was measured when this promise was last checked by the hourly check; nothing before the first."""
    known: dict[str, Any] | None = PromiseCheck.objects.filter(key=key).values_list("measured", flat=True).first()
    return known or {}


def last_checked_at() -> datetime | None:
    newest: datetime | None = PromiseCheck.objects.order_by("-checked_at").values_list("checked_at", flat=True).first()
    return newest
