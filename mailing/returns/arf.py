"""What does a feedback report say (RFC 5965), or the older shape in which a provider sends only the message itself?"""

import re

from mailing.returns.mime import blocks
from mailing.returns.shapes import Nothing
from mailing.returns.verdict import Kind

TYPE = "message/feedback-report"
KINDS = {
    "abuse": Kind.COMPLAINT,
    "fraud": Kind.COMPLAINT,  # somebody pressed "report phishing"
    "opt-out": Kind.LEFT,
    "opt-out-list": Kind.LEFT,
    "unsubscribe": Kind.LEFT,
}
# Nobody's wish to hear no more: a message taken out of the spam folder, a virus scanner, an aggregate about DMARC.
NOBODYS = {"not-spam", "virus", "auth-failure", "dmarc", "other"}

_BARE = re.compile(r"^x-hmxmroriginalrecipient:", re.IGNORECASE | re.MULTILINE)


def read(content: str) -> Kind | Nothing:
    fields = blocks(content)
    what = fields[0].get("feedback-type", "").split("(")[0].split(";")[0].strip().lower() if fields else ""
    if what in KINDS:
        return KINDS[what]
    return Nothing.IGNORED if what in NOBODYS else Nothing.UNRECOGNISED


def is_bare_complaint(subject: str, returned: str) -> bool:
    """Microsoft's junk mail reporting: the message as an attachment, without any report beside it."""
    return subject.lower().startswith("complaint about message from") or bool(_BARE.search(returned[:100_000]))
