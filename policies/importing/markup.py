"""Which HTML does a paragraph or list of plain text, Markdown or HTML become? Only what the editor can keep."""

import re
from collections.abc import Iterable
from html import escape, unescape
from typing import NamedTuple

MARKDOWN, TEXT, HTML = "markdown", "text", "html"
FORMS = [MARKDOWN, TEXT, HTML]

_ADDRESS = r"(?:https?://|mailto:)(?:[^()\s\"<>]|\([^()\s\"<>]*\))+"
_LINK = re.compile(rf"\[([^\[\]]+)\]\(({_ADDRESS})\)")
# No _underscores_: they are part of cookies' names.
_BOLD, _ITALIC = re.compile(r"(?<!\*)\*\*(?!\*)|<"), re.compile(r"(?<!\*)\*(?!\*)|<")
_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_EMPTY = re.compile(r"<(b|i|a)(?: [^>]*)?>(\s*)</\1>")
_AROUND_BREAKS = re.compile(r" ?(?:<br/> ?)+")


class Item(NamedTuple):
    """One item of a list: how deep it stands, and whether the list counts."""

    depth: int
    text: str
    ordered: bool = False


def inline(text: str, form: str = MARKDOWN) -> str:
    """Escaped text with links, bold and italics; any other mark stands as it was written."""
    if form == HTML:
        return text  # hypertext.py wrote it, tag by tag
    # As Draftail writes it, quotes unescaped: opening and saving an imported text is no change.
    html = escape(text, quote=False)
    return _linked(html) if form == MARKDOWN else html


def _linked(html: str) -> str:
    links: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        links.append(f'<a href="{match[2]}">{_marked(match[1])}</a>')
        return f"\0{len(links) - 1}\0"  # no text holds NUL; so no mark starts inside a link and ends outside

    html = _marked(_LINK.sub(put_aside, html))
    return re.sub("\0(\\d+)\0", lambda match: links[int(match[1])], html)


def _marked(html: str) -> str:
    bold = _in_pairs(html, _BOLD, "<b>", "</b>")
    return _in_pairs(bold, _ITALIC, "<i>", "</i>", inside_words=False)


def _in_pairs(text: str, marks: re.Pattern[str], start: str, end: str, *, inside_words: bool = True) -> str:
    """One pass, however many marks stand alone. A "<" between two marks keeps them apart: they would not nest."""
    pieces: list[str] = []
    opened, done = None, 0
    for mark in marks.finditer(text):
        before, after = text[mark.start() - 1 : mark.start()], text[mark.end() : mark.end() + 1]
        if mark[0] == "<":
            opened = None
        elif opened and before.strip() and (inside_words or not _in_word(after)):
            pieces += [text[done : opened.start()], start, text[opened.end() : mark.start()], end]
            opened, done = None, mark.end()
        elif not opened and after.strip() and (inside_words or not _in_word(before)):
            opened = mark
    return "".join(pieces) + text[done:]


def _in_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


def plain(text: str, form: str = MARKDOWN) -> str:
    """For a heading, which has no bold: the words without the marks around them."""
    if form == HTML:
        return " ".join(unescape(_TAG.sub("", text.replace("<br/>", " "))).split())
    if form == TEXT:
        return text
    return _in_pairs(_in_pairs(text, _BOLD, "", ""), _ITALIC, "", "", inside_words=False)


def tidy(html: str) -> str:
    """Without white space and line breaks at the ends, or marks around nothing; "" for HTML without a word."""
    for _ in range(3):  # <b>, <i> and <a>, in one another
        html = _EMPTY.sub(r"\2", html)
    html = _AROUND_BREAKS.sub("<br/>", _SPACES.sub(" ", html).strip())
    html = html.removeprefix("<br/>").removesuffix("<br/>")
    return html if plain(html, HTML) else ""


def nested(items: Iterable[Item], form: str = MARKDOWN) -> str:
    """Nested lists of items, each of which is at most one level deeper than the one above."""
    html: list[str] = []
    lists: list[str] = []  # the tags that are open
    for item in items:
        tag = "ol" if item.ordered else "ul"
        while len(lists) > item.depth + 1 or (len(lists) == item.depth + 1 and lists[-1] != tag):
            html.append(f"</li></{lists.pop()}>")
        if len(lists) == item.depth + 1:
            html.append("</li>")
        else:
            lists.append(tag)
            html.append(f"<{tag}>")
        html.append(f"<li>{inline(item.text, form)}")
    return "".join([*html, *(f"</li></{tag}>" for tag in reversed(lists))])
