"""What asks for consent, what exactly was shown, who decided what, and the proof that nobody changed it since."""

from consent.models.banner import Banner
from consent.models.catalogue import CookieDetail, GroupDetail, Service
from consent.models.decisions import Decision, Redaction, Showing, Snapshot
from consent.models.findings import Finding, Scan
from consent.models.proof import Anchor, LedgerEntry, Seal, Verification

__all__ = [
    "Anchor",
    "Banner",
    "CookieDetail",
    "Decision",
    "Finding",
    "GroupDetail",
    "LedgerEntry",
    "Redaction",
    "Scan",
    "Seal",
    "Service",
    "Showing",
    "Snapshot",
    "Verification",
]
