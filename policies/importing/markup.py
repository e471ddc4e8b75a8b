"""Which HTML does a paragraph or list of plain text or Markdown become? Only what the editor can keep."""

import re
from html import escape

_ADDRESS = r"(?:https?://|mailto:)(?:[^()\s\"<>]|\([^()\s\"<>]*\))+"
_LINK = re.compile(rf"\[([^\[\]]+)\]\(({_ADDRESS})\)")
# No _underscores_: they are part of cookies' names. No "<" inside: marks that cross would not nest.
_MARKS = [
    (re.compile(r"\*\*(?=[^\s*])([^<]+?)(?<=[^\s*])\*\*(?!\*)"), "b"),
    (re.compile(r"(?<![\w*])\*(?=[^\s*])([^*<]+)(?<=\S)\*(?![\w*])"), "i"),
]


def inline(text: str) -> str:
    """Escaped text with links, bold and italics; any other mark stands as it was written."""
    # As Draftail writes it, quotes unescaped: opening and saving an imported text is no change.
    html = escape(text, quote=False)
    links: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        links.append(f'<a href="{match[2]}">{_marked(match[1])}</a>')
        return f"\0{len(links) - 1}\0"  # no text holds NUL; so no mark starts inside a link and ends outside

    html = _marked(_LINK.sub(put_aside, html))
    return re.sub("\0(\\d+)\0", lambda match: links[int(match[1])], html)


def _marked(html: str) -> str:
    for pattern, tag in _MARKS:
        html = pattern.sub(rf"<{tag}>\1</{tag}>", html)
    return html


def plain(text: str) -> str:
    """For a heading, which has no bold: the words without the marks around them."""
    for pattern, _tag in _MARKS:
        text = pattern.sub(r"\1", text)
    return text


def nested(bullets: list[tuple[int, str]]) -> str:
    """Nested <ul>s of (depth, text); each is at most one level deeper than the one above."""
    html, open_levels = "", 0
    for depth, text in bullets:
        if depth == open_levels:
            html += "<ul>"
        else:
            html += "</li>" + "</ul></li>" * (open_levels - depth - 1)
        html += f"<li>{inline(text)}"
        open_levels = depth + 1
    return html + "</li></ul>" * open_levels
