"""When was the ledger sealed, anchored and checked, and is that in time?

Checking it leaves one row of evidence; a promise that anybody can read says whether all three are done.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import Min
from django.utils.translation import gettext as _

from consent.models import Anchor, Decision, Redaction, Seal, Verification
from consent.proof import anchors, verify
from consent.proof.faults import Kind, Report
from consent.proof.verify import Told
from records.promises import Promise, State, Text, later, sentences

SEALED_WITHIN = timedelta(hours=1)
CHECKED_WITHIN = timedelta(days=2)
CHECKED_EVERY = timedelta(days=1)
ANCHORED_WITHIN = timedelta(days=2)


@dataclass(frozen=True)
class Standing:
    """`unsealed_since` is the instant of the oldest decision or redaction without a seal, None where all have one."""

    unsealed_since: datetime | None
    sealed_at: datetime | None
    anchored_at: datetime | None
    unanchored_since: datetime | None
    checked: Verification | None


def check(*, against: str = "", now: datetime, told: Told = lambda entries: None) -> Report:
    """Verifies the ledger, also against the configured file of anchors and the file `against`, and writes down what it
    found. Raises OSError where `against` cannot be read."""
    anchored = anchors.read(against) if against else []
    missing = ""
    if settings.CONSENT_ANCHOR_FILE:
        own, missing = _configured()
        anchored += own
    report = verify.verify(anchored=anchored, told=told)
    if missing:
        report.add(Kind.TRUNCATED, "file of anchors", missing)
    Verification.objects.create(
        ran_at=now,
        seconds=report.seconds,
        entries=report.entries,
        seals=report.seals,
        redacted=report.redacted,
        unsealed=report.unsealed,
        faults=report.faults,
        first_fault=str(report.first[0]) if report.first else "",
    )
    return report


def _configured() -> tuple[list[anchors.Anchored], str]:
    """The seals in the configured file, and what is wrong with it. Asked in this order, which a sealer at work does not
    disturb: what was written there, what is there, what is in the database."""
    newest = Anchor.objects.filter(place="file").order_by("-seal").values_list("seal", flat=True).first()
    try:
        own = (
            anchors.read(settings.CONSENT_ANCHOR_FILE) if newest or Path(settings.CONSENT_ANCHOR_FILE).exists() else []
        )
    except OSError as error:
        return [], f"{settings.CONSENT_ANCHOR_FILE} cannot be read: {error.strerror}."
    if newest and newest > max((anchored.number for anchored in own), default=0):
        return own, f"{settings.CONSENT_ANCHOR_FILE} does not tell of seal {newest}, which was written to it."
    return own, ""


def is_due(now: datetime) -> bool:
    """Was the ledger last checked a day ago or longer?"""
    return not Verification.objects.filter(ran_at__gt=now - CHECKED_EVERY).exists()


def standing() -> Standing:
    """How far sealing, anchoring and checking are."""
    newest = Seal.objects.order_by("-number").first()
    after = newest.up_to if newest else 0
    # An import brings instants from long ago.
    written = Decision.objects.filter(seq__gt=after).exclude(source=Decision.Source.IMPORT)
    waiting = [
        written.aggregate(oldest=Min("decided_at"))["oldest"],
        Redaction.objects.filter(seq__gt=after).aggregate(oldest=Min("redacted_at"))["oldest"],
    ]
    last = Anchor.objects.order_by("-anchored_at").first()
    later = Seal.objects.filter(number__gt=last.seal_id if last else 0).order_by("number")
    return Standing(
        unsealed_since=min((instant for instant in waiting if instant), default=None),
        sealed_at=newest.sealed_at if newest else None,
        anchored_at=last.anchored_at if last else None,
        unanchored_since=later.values_list("sealed_at", flat=True).first() if settings.CONSENT_ANCHORS else None,
        checked=Verification.objects.order_by("-ran_at").first(),
    )


def promised(now: datetime) -> Iterator[Promise]:
    """For `records.promises`. A decision's number is the way to its receipt, so that none is named here."""
    found = standing()
    trouble = _trouble(found, now)
    yield Promise(
        key="consent.proof",
        title=_title(),
        promised=_promised(),
        stated_by="",
        state=State.BROKEN if trouble else State.KEPT,
        evidence=sentences(
            *trouble, _sealed(found.sealed_at), _checked(found.checked.ran_at if found.checked else None)
        ),
        measured={
            "last_seal_at": found.sealed_at,
            "last_anchor_at": found.anchored_at,
            "last_check_at": found.checked.ran_at if found.checked else None,
            "altered": bool(found.checked and found.checked.faults),
        },
        details=found.checked.first_fault if found.checked else "",
        mend="consent_ledger:index",
    )


def _trouble(found: Standing, now: datetime) -> list[Text]:
    trouble = []
    if found.checked and found.checked.faults:
        trouble.append(_altered())
    if _older(found.unsealed_since, now - SEALED_WITHIN):
        trouble.append(_unsealed())
    checked_at = found.checked.ran_at if found.checked else Seal.objects.aggregate(first=Min("sealed_at"))["first"]
    if _older(checked_at, now - CHECKED_WITHIN):
        trouble.append(_unchecked())
    if _older(found.unanchored_since, now - ANCHORED_WITHIN):
        trouble.append(_unanchored())
    return trouble


def _older(instant: datetime | None, than: datetime) -> bool:
    return instant is not None and instant < than


@later
def _title() -> str:
    return _("The proof of consents")


@later
def _promised() -> str:
    return _("Each decision is under a signed seal within an hour, and the whole ledger is checked every day")


@later
def _altered() -> str:
    return _("The last check found the ledger altered.")


@later
def _unsealed() -> str:
    return _("Decisions have waited for their seal for more than an hour.")


@later
def _unchecked() -> str:
    return _("Nobody has checked the ledger for more than two days.")


@later
def _unanchored() -> str:
    return _("Seals have not been written down outside the database for more than two days.")


@later
def _sealed(at: datetime | None) -> str:
    if at is None:
        return _("There is no seal yet.")
    return _("The last seal is of %(at)s UTC.") % {"at": f"{at:%Y-%m-%d %H:%M}"}


@later
def _checked(at: datetime | None) -> str:
    if at is None:
        return _("The ledger was not checked yet.")
    return _("It was last checked on %(at)s UTC.") % {"at": f"{at:%Y-%m-%d %H:%M}"}
