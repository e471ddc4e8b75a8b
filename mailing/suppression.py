"""Which addresses are not written to, whoever asks? Known by keyed hashes, so that the list outlives erasure."""

from collections.abc import Iterable
from datetime import datetime

from mailing import addresses
from mailing.models import Suppression

Scope = Suppression.Scope
Reason = Suppression.Reason


def suppress(emails: Iterable[str], *, scope: Scope, reason: Reason, now: datetime) -> int:
    """Puts addresses on the list; returns how many were not on it. One that is there keeps its reason and its date."""
    rows = [Suppression(digest=addresses.digest(each), scope=scope, reason=reason, since_at=now) for each in emails]
    before = Suppression.objects.count()
    Suppression.objects.bulk_create(rows, ignore_conflicts=True)
    return Suppression.objects.count() - before


def lift(email: str, *, reasons: Iterable[Reason] = tuple(Reason)) -> int:
    """Takes an address off the list where it is there for one of `reasons`; returns how many entries went."""
    found = Suppression.objects.filter(digest=addresses.digest(email), reason__in=list(reasons))
    return found.delete()[0]


def of(email: str) -> list[Suppression]:
    """What the list says of an address, the wider scope first."""
    return list(Suppression.objects.filter(digest=addresses.digest(email)).order_by("scope"))
