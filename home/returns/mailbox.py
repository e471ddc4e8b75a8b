"""What has come into the mailbox for replies? Each message is read once; what is nobody's waits there for people."""

from datetime import datetime

from home.returns.taking import Taken, take_in
from mailing.returns import mailbox
from mailing.returns.mailbox import NoMailbox as NoMailbox


def read_mailbox(*, url: str, now: datetime, limit: int = 200) -> dict[Taken, int]:
    """Reads up to `limit` messages of imaps://name:password@host[:993]/FOLDER; returns how many became of each kind.
    What was taken in is deleted there: it is a row now. What belongs to no inquiry is set aside in the folder
    "Unrecognised". Raises NoMailbox, and whatever the database raises: then the message stays where it is."""
    counted: dict[Taken, int] = {}

    def take(raw: bytes) -> bool:
        outcome = take_in(raw, now=now)
        counted[outcome] = counted.get(outcome, 0) + 1
        return outcome.is_settled

    mailbox.sift(url=url, take=take, limit=limit, setting="INQUIRY_MAILBOX")
    return counted
