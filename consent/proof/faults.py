"""What was found, and in which row?"""

from dataclasses import dataclass, field
from enum import StrEnum

MOST = 20  # that are told one by one; the rest are counted


class Kind(StrEnum):
    EDITED = "edited"
    DELETED = "deleted"
    INSERTED = "inserted"
    MOVED = "moved"
    PUT_BACK = "put back"
    FORGED = "forged"  # a redaction or a seal that no key of ours made
    BROKEN = "broken"  # a chain, a tree
    TRUNCATED = "truncated"
    TEXT = "text"  # what was shown
    UNKNOWN_KEY = "cannot be checked"


@dataclass(frozen=True)
class Fault:
    """`row` names it: "decision 0190…", "seal 3", "entry 57", "published configuration 3f…"."""

    kind: Kind
    row: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.row}: {self.sentence}"


@dataclass
class Report:
    """What one check has read and found. `faults` counts all of them; `first` are the first, in the order found."""

    entries: int = 0
    seals: int = 0
    redacted: int = 0
    unsealed: int = 0
    faults: int = 0
    seconds: float = 0.0
    first: list[Fault] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not self.faults

    def add(self, kind: Kind, row: str, sentence: str) -> None:
        self.faults += 1
        if len(self.first) < MOST:
            self.first.append(Fault(kind, row, sentence))
