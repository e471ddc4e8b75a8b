"""Which companies do the texts in force name? What went to one that they do not name is a promise broken."""

from collections.abc import Collection
from datetime import datetime

from policies.models import PolicyVersion


def named(names: Collection[str], at: datetime) -> set[str]:
    """Those of `names` that stand in the text of a version in force at `at` (UTC), whatever its capitals and spaces."""
    texts = [_plain(version.text) for version in _in_force(at)]
    return {name for name in names if any(_plain(name) in text for text in texts)}


def _in_force(at: datetime) -> list[PolicyVersion]:
    newest = PolicyVersion.objects.effective_by(at).order_by("policy", "-effective_from", "-number")
    return [version for version in newest.distinct("policy").only("text", "ends") if not version.ends]


def _plain(words: str) -> str:
    return " ".join(words.split()).casefold()
