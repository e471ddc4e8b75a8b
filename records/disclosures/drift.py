"""To whom did data go that the published policies do not name?"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max

from records import terms
from records.models import Disclosure
from records.registry import Ground

LOOKED_BACK = timedelta(days=3 * 365)  # as long as somebody who is erased has to be told of (GDPR Art. 19)
# A court is no recipient that a policy has to name (GDPR Art. 4(9)); a new owner is its owner by then.
_NOT_NAMED = (Ground.AUTHORITY, Ground.SUCCESSION)
# Which of some names the texts in force at an instant have.
Named = Callable[[Collection[str], datetime], Collection[str]]
_named: list[Named] = []


@dataclass(frozen=True)
class Drift:
    """A recipient that got data and that no policy in force names: how often it did, and when last (UTC)."""

    recipient: str
    times: int
    last_at: datetime


def named_in_texts(known: Named) -> None:
    """Gives what a floor above knows of the texts in force. Called from an app's ready()."""
    if known not in _named:
        _named.append(known)


def unnamed(names: Collection[str], at: datetime) -> set[str]:
    """Those of `names` that the policies in force at `at` (UTC) name neither among services nor in their texts."""
    services = terms.all_in_force(terms.Kind.SERVICE, at).values()
    left = set(names) - {term.value.get("vendor") for term in services}
    for known in _named:
        left -= set(known(left, at)) if left else set()
    return left


def drift(now: datetime) -> list[Drift]:
    """Every recipient of the last three years that the policies in force at `now` (UTC) do not name, by name."""
    lately = Disclosure.objects.filter(at__gt=now - LOOKED_BACK, at__lte=now).exclude(ground__in=_NOT_NAMED)
    found = lately.values_list("recipient__name").annotate(times=Count("pk"), last_at=Max("at"))
    rows = {name: Drift(name, times, last_at) for name, times, last_at in found}
    return [rows[name] for name in sorted(unnamed(rows.keys(), now))]
