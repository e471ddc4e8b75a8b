"""Who asked us to come later, and when do we? One row for a domain, or for all mailboxes of a provider."""

import random
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from mailing.addresses import Provider
from mailing.models import Delivery, Slowdown
from mailing.transport.answers import Verdict

LADDER = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
GIVE_UP_AFTER = timedelta(days=2)  # RFC 5321, 4.5.4.1 asks for four or five days; news that late is none
JITTER = 0.15  # either way, so that those who were refused together do not come back together


def delay(step: int) -> timedelta:
    """How long until the next attempt, after `step` earlier ones."""
    return LADDER[min(max(step, 0), len(LADDER) - 1)] * random.uniform(1 - JITTER, 1 + JITTER)


def target(row: Delivery) -> str:
    """A provider's mailboxes slow down together; elsewhere each domain is its own."""
    return row.domain if row.provider == Provider.OTHER else row.provider


def learn(
    rows: Mapping[int, Delivery], verdicts: Mapping[int, Verdict], *, lost: Collection[Delivery], now: datetime
) -> None:
    """A domain that put off all of a chunk slows down; 421 and a lost connection slow the whole provider at once; who
    accepts is no longer slow."""
    accepted = {_named(rows[key]) for key, verdict in verdicts.items() if verdict == Verdict.ACCEPTED}
    taken = {name for names in accepted for name in names}
    put_off = Counter(rows[key].domain for key, verdict in verdicts.items() if verdict == Verdict.LATER)
    closing = {target(rows[key]) for key, verdict in verdicts.items() if verdict == Verdict.CLOSING}
    closing |= {target(row) for row in lost}
    if taken - closing:
        Slowdown.objects.filter(target__in=taken - closing).delete()
    for name in sorted(closing | (put_off.keys() - taken)):
        _slow(name, now)


def _named(row: Delivery) -> tuple[str, str]:
    return row.domain, row.provider


def _slow(name: str, now: datetime) -> None:
    found, _new = Slowdown.objects.select_for_update().get_or_create(target=name, defaults={"until": now})
    found.until = max(found.until, now + delay(found.level))
    found.level = min(found.level + 1, len(LADDER))
    found.save()


def forget(now: datetime) -> int:
    """Deletes what was over a day ago."""
    return Slowdown.objects.filter(until__lt=now - timedelta(days=1)).delete()[0]
