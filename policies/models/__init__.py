"""The policy page an editor writes, and the frozen versions that visitors read."""

from policies.models.pages import PolicyPage, is_frozen
from policies.models.versions import (
    FrozenText,
    PolicyRendition,
    PolicyVersion,
    PolicyVersionQuerySet,
    PolicyWithdrawal,
)

__all__ = [
    "FrozenText",
    "PolicyPage",
    "PolicyRendition",
    "PolicyVersion",
    "PolicyVersionQuerySet",
    "PolicyWithdrawal",
    "is_frozen",
]
