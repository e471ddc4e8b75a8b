"""Will this address never take mail, not now, or is it the message that was refused?"""

import re

from mailing.models import Return
from mailing.transport import answers
from mailing.transport.shapes import Answer, Stage

Kind = Return.Kind

# Classes that say little. What the words beside them say counts more.
_VAGUE = re.compile(r"|[45]\.0\.\d+|5\.1\.0|5\.4\.1|5\.3\.0")
# Of the mailbox, or of the way to it. Not of the sender (x.1.7, x.1.8), the size (x.2.3, x.3.4), the words (x.6) or a
# rule (x.7): of those, many say nothing about the address.
_ABOUT_ADDRESS = re.compile(r"|[45]\.(?:0\.\d+|1\.(?![78]$)\d+|2\.(?!3$)\d+|3\.(?!4$)\d+|4\.\d+)")
_STATUS = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?!\d|\.\d)")


def status(text: str) -> str:
    """The first status of RFC 3463 in a text that says "no": "5.1.1", or nothing."""
    found = _STATUS.search(text[:8_000])
    return found.group() if found else ""


def is_vague(status: str) -> bool:
    return bool(_VAGUE.fullmatch(status))


def kind(status: str, words: str = "") -> Kind:
    """HARD suppresses an address at once, so only what says that there is no such mailbox is hard; by the same rules as
    an answer of the mail server itself. A refusal by policy (5.7.x), of content or of size is kept as SOFT, with its
    status, and never counts towards suppression."""
    if not status.startswith("5"):
        return Kind.SOFT
    said = Answer(0, 550, Stage.MESSAGE, f"550 {status} {words}")
    return Kind.HARD if answers.verdict(said) == answers.Verdict.NEVER_ADDRESS else Kind.SOFT


def counts(status: str) -> bool:
    """Does a soft bounce with this status say something about the address?"""
    return bool(_ABOUT_ADDRESS.fullmatch(status))
