"""What came back about which row, in the words this floor keeps: nothing of the message itself."""

import hashlib
from dataclasses import dataclass
from enum import Enum

from mailing.models import Return

Kind = Return.Kind


class Nothing(Enum):
    """Why a message that came in says nothing about any row."""

    IGNORED = "understood, and nothing to do: a delay, an automatic answer, a receipt"
    UNRECOGNISED = "no report we can read, or about no message of ours: for people to look at"


@dataclass(frozen=True)
class Report:
    kind: Kind
    delivery: int
    status: str  # RFC 3463: "5.1.1"; empty where nobody said it
    identity: str


def report(kind: Kind, delivery: int, status: str = "") -> Report:
    """One report of a kind counts for each delivery: the same one twice, over two ways, or after a restart, is known;
    and whoever has one of our mails cannot fill the table with reports about it."""
    told = f"{delivery} {kind}".encode()
    return Report(Kind(kind), delivery, status, hashlib.sha256(told).hexdigest())
