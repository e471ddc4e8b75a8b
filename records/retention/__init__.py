"""What is due to go, by which policy version, and what was deleted? Every run leaves evidence."""

from records.retention.evidence import Fault, Missed, latest_runs, missed, verify
from records.retention.expiring import BATCH, Outcome, expire, kept_by, preview
from records.retention.rules import Rule, due, rules, unexpired

__all__ = [
    "BATCH",
    "Fault",
    "Missed",
    "Outcome",
    "Rule",
    "due",
    "expire",
    "kept_by",
    "latest_runs",
    "missed",
    "preview",
    "rules",
    "unexpired",
    "verify",
]
