"""Which row is a report about? Only a token of ours says it: an address in somebody's text says nothing."""

import re
from collections.abc import Iterable

from mailing import tokens

MOST_TOKENS = 20
_TOKEN = re.compile(r"(?<![a-z0-9])[a-z2-7]{39}(?![a-z0-9])")
_MESSAGE_ID = re.compile(r"^[> \t]*(?:x-[a-z-]*)?message-id:[ \t]*<?([^\s>]{39,120})", re.IGNORECASE | re.MULTILINE)
_ENVELOPE = re.compile(
    r"^[> \t]*(?:return-path|original-mail-from|original-envelope-id|x-envelope-from|envelope-from):(.{39,300})",
    re.IGNORECASE | re.MULTILINE,
)


def of_address(*texts: str) -> set[int]:
    """Deliveries whose return address is in these texts."""
    return opened(texts, tokens.RETURN)


def of_message_id(*texts: str) -> set[int]:
    return opened(texts, tokens.MESSAGE)


def of_returned(content: str) -> set[int]:
    """Deliveries that the headers of a returned message name, or the fields of a report."""
    return of_message_id(*_MESSAGE_ID.findall(content)[:MOST_TOKENS]) | of_address(
        *_ENVELOPE.findall(content)[:MOST_TOKENS]
    )


def opened(texts: Iterable[str], act: str) -> set[int]:
    """The numbers in the tokens for `act` that stand in these texts."""
    found = [token for text in texts for token in _TOKEN.findall(text[:2_000].lower())]
    opened = set()
    for token in dict.fromkeys(found[:MOST_TOKENS]):
        try:
            opened.add(tokens.read_lower(token, act))
        except tokens.BadToken:
            continue
    return opened
