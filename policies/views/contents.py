"""What stands in the list of contents beside a text?"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.utils.html import strip_tags
from django.utils.text import Truncator

from policies.clauses import Clause

LONG = 8  # clauses; a text without sections that has no more is seen at a glance
WORDS = 7


@dataclass(frozen=True)
class Entry:
    anchor: str
    number: str
    words: str


def contents(clauses: Sequence[dict[str, Any]]) -> list[Entry]:
    """The sections; where there are none, the beginnings of many clauses."""
    sections = [clause for clause in clauses if clause["kind"] == "section"]
    if sections:
        return [_entry(clause, unescape(strip_tags(clause["html"]))) for clause in sections]
    numbered = [clause for clause in clauses if clause["number"] and clause["kind"] != "subclause"]
    return [_entry(clause, _beginning(clause)) for clause in numbered] if len(numbered) > LONG else []


def _entry(clause: dict[str, Any], words: str) -> Entry:
    return Entry(clause["anchor"], clause["number"], words)


def _beginning(clause: dict[str, Any]) -> str:
    return Truncator(Clause(**clause | {"number": ""}).text).words(WORDS, truncate="…")
