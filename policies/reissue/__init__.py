"""An urgent fix: what becomes of the versions that are pending, and how is the fix merged into them?"""

from policies.reissue.fix import (
    Decision,
    Fate,
    Question,
    Situation,
    Stale,
    changed_meanwhile,
    deciding,
    log_kept,
    look,
    pending_beside,
    publish,
    rehearse,
)
from policies.reissue.merge import FIX, PENDING, TITLE, Change, Merged, What, Wording, merge

__all__ = [
    "FIX",
    "PENDING",
    "TITLE",
    "Change",
    "Decision",
    "Fate",
    "Merged",
    "Question",
    "Situation",
    "Stale",
    "What",
    "Wording",
    "changed_meanwhile",
    "deciding",
    "log_kept",
    "look",
    "merge",
    "pending_beside",
    "publish",
    "rehearse",
]
