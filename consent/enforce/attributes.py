"""What do a tag's attributes say, as browsers read them (HTML, 13.2.5.32 to 39 and 13.2.5.72)?"""

import re
from collections.abc import Iterator
from html import unescape
from html.entities import html5

WS = r"[\t\n\f\r ]"
NAME = r"[^\t\n\f\r />][^\t\n\f\r />=]*+"
VALUE = r"""(?:"[^"]*+"|'[^']*+'|[^\t\n\f\r "'>][^\t\n\f\r >]*+|(?=>))"""
# What follows a tag's name. Where it does not match, the text ends inside the tag, and browsers drop it.
TAIL = rf"(?>(?:[\t\n\f\r /]*+{NAME}(?:{WS}*+={WS}*+{VALUE}|(?!{WS}*+=)))*)([\t\n\f\r /]*+)>"
_ONE = re.compile(rf"({NAME})(?:{WS}*+={WS}*+({VALUE}))?+")
_TAG_NAME = re.compile(r"</?[^\t\n\f\r />]+")
_REFERENCE = re.compile(r"&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]*;|[a-zA-Z][a-zA-Z0-9]*(?![a-zA-Z0-9=;]))")


def of(tag: str) -> dict[str, str]:
    """By name in small letters, the first of each name counts."""
    found: dict[str, str] = {}
    for name, value, _start in each(tag):
        found.setdefault(name, value)
    return found


def each(tag: str) -> Iterator[tuple[str, str, int]]:
    """Name, value and place of each attribute in a tag's text."""
    named = _TAG_NAME.match(tag)
    for one in _ONE.finditer(tag, named.end() if named else 0):
        value = one[2] or ""
        yield one[1].lower(), _plain(value[1:-1] if value[:1] in {'"', "'"} else value), one.start()


def _plain(value: str) -> str:
    return _REFERENCE.sub(_character, value) if "&" in value else value


def _character(reference: re.Match[str]) -> str:
    """A name without its semicolon counts only where nothing follows that could belong to it: ?a=1&copy=2 stays."""
    name = reference[1]
    return unescape(reference[0]) if name.startswith("#") else html5.get(name, reference[0])
