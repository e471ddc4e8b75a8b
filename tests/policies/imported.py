"""What an imported text has become, without a page."""

import re
from html import unescape
from typing import Any

from policies import importing
from policies.blocks import ClausesBlock
from policies.clauses import numbered

Row = tuple[str, str, str]  # kind, number, HTML


def rows(draft: importing.Draft) -> list[Row]:
    body = numbered(ClausesBlock().to_python(draft.body))
    return [(block.block_type, number, html(block.value)) for block, number in body]


def html(value: Any) -> str:
    return str(value["text"].source) if "text" in value else str(value["title"])


def outline(text: str, **options: str) -> list[str]:
    """The title, then each block as "kind number words"; words of a list stand in brackets."""
    draft = importing.read(text, **options)
    lists = [
        (kind, number, re.sub(r"<(/?)[uo]l>", lambda end: " ] " if end[1] else " [ ", html))
        for kind, number, html in rows(draft)
    ]
    words = [(kind, number, unescape(re.sub(r"</?\w[^<>]*>", " ", html))) for kind, number, html in lists]
    return [draft.title, *(" ".join([kind, number, *shown.split()]) for kind, number, shown in words)]


def words(draft: importing.Draft) -> list[str]:
    """Title, numbers and texts, in order."""
    texts = [
        f"{number} {unescape(re.sub(r'</?(?:p|[uo]l|li|br)/?>', ' ', html))}" for _kind, number, html in rows(draft)
    ]
    return " ".join([draft.title, *(re.sub(r"</?[abi](?: [^<>]*)?>", "", text) for text in texts)]).split()


def notes(text: str, **options: str) -> list[str]:
    return [note for _line, note in importing.read(text, **options).notes]
