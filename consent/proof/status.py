"""How does the ledger stand: what is sealed, what waits since when, what is anchored where, what did a check find?"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from consent.models import Anchor, Decision, Redaction, Seal, Verification
from consent.proof import checked, keys


@dataclass(frozen=True)
class Place:
    """How far one place outside the database has got: the newest seal written down there, and when."""

    name: str
    seal: int
    at: datetime
    behind: int  # seals made since


@dataclass(frozen=True)
class Status:
    """The ledger at one instant. `lag` is the age of the oldest row that is not sealed yet; None when all are."""

    sealed: Seal | None
    waiting: int
    lag: timedelta | None
    redacted: int
    checked: Verification | None
    unchecked_for: timedelta | None  # since the last check, or since the first seal where there was none
    places: list[Place]
    keys: list[str]

    @property
    def entries(self) -> int:
        return self.sealed.last if self.sealed else 0

    @property
    def late(self) -> bool:
        return self.lag is not None and self.lag > checked.SEALED_WITHIN

    @property
    def altered(self) -> bool:
        """Did the last check find a fault?"""
        return self.checked is not None and self.checked.faults > 0

    @property
    def unchecked(self) -> bool:
        """Is there something to check that nobody has checked lately?"""
        return self.unchecked_for is not None and self.unchecked_for > checked.CHECKED_WITHIN

    @property
    def unknown_key(self) -> str:
        """The key of the last seal, where it is not configured any more."""
        return self.sealed.key_id if self.sealed and self.sealed.key_id not in self.keys else ""

    def metrics(self) -> dict[str, float | None]:
        """Plain numbers for a monitor; None where there is nothing to measure yet."""
        return {
            "entries": self.entries,
            "seals": self.sealed.number if self.sealed else 0,
            "unsealed": self.waiting,
            "lag_seconds": self.lag.total_seconds() if self.lag is not None else 0,
            "redacted": self.redacted,
            "faults": self.checked.faults if self.checked else None,
            "unchecked_seconds": self.unchecked_for.total_seconds() if self.unchecked_for is not None else None,
        }


def ledger_status(now: datetime) -> Status:
    """A few small questions, however long the ledger; `now` in UTC."""
    found = checked.standing()
    sealed = Seal.objects.order_by("-number").first()
    up_to = sealed.up_to if sealed else 0
    last_checked = found.checked.ran_at if found.checked else _first_sealed()
    return Status(
        sealed=sealed,
        waiting=Decision.objects.filter(seq__gt=up_to).count() + Redaction.objects.filter(seq__gt=up_to).count(),
        lag=max(now - found.unsealed_since, timedelta()) if found.unsealed_since else None,
        redacted=Redaction.objects.count(),
        checked=found.checked,
        unchecked_for=now - last_checked if last_checked else None,
        places=_places(sealed.number) if sealed else [],
        keys=keys.known(),
    )


def _first_sealed() -> datetime | None:
    return Seal.objects.order_by("number").values_list("sealed_at", flat=True).first()


def _places(newest: int) -> list[Place]:
    found = Anchor.objects.values_list("place").annotate(Max("seal_id"), Max("anchored_at")).order_by("place")
    return [Place(name, seal, at, newest - seal) for name, seal, at in found]
