"""How does a policy that somebody already wrote, in plain text or Markdown, become a draft with nothing dropped?"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape

from policies.blocks import ClausesBlock
from policies.clauses import clauses

_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,3})*)(?P<end>[.)]?)(?:\s+(?P<text>\S.*))?$")
_BULLET = re.compile(r"(?P<indent>\s*)[-–—•*·‣▪+]\s+(?P<text>\S.*)$")
_HEADING = re.compile(r"#{1,6}\s+(?P<text>.*?)\s*#*$")
_INLINE = [
    (re.compile(r"\[([^\]]+)\]\((https?://[^)\s]+|mailto:[^)\s]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"\*\*(.+?)\*\*"), r"<b>\1</b>"),
    (re.compile(r"(?<!\w)\*([^*\s](?:[^*]*[^*\s])?)\*(?!\w)"), r"<i>\1</i>"),
]
_UNPLACEABLE = re.compile(r"\s*(\||<[a-zA-Z!/]|!\[|```)")
HEADING_LENGTH = 120  # characters; a longer numbered line is a paragraph, not a heading


@dataclass
class Part:
    """One block to be: the line it starts at, what it is, and its text with any bullets below it."""

    line: int
    kind: str
    text: str
    number: str = ""
    bullets: list[tuple[int, str]] = field(default_factory=list)  # (depth, text)
    indent: int = 0  # columns before its first bullet


@dataclass
class Draft:
    """The text as StreamField data, with everything a person should look at, by line of the file."""

    title: str
    body: list[dict[str, Any]]
    parts: list[Part]
    notes: list[tuple[int, str]]

    def count(self, kind: str) -> int:
        return sum(1 for part in self.parts if part.kind == kind)

    @property
    def bullets(self) -> int:
        return sum(len(part.bullets) for part in self.parts)


def read(text: str) -> Draft:
    """Reads a whole text. Every word of it is in the title or the body, in order; doubts are in `notes`.

    Raises ValueError when there is no text.
    """
    notes: list[tuple[int, str]] = []
    parts = list(_parts(text.removeprefix("\ufeff").splitlines(), notes))
    if not parts:
        raise ValueError("The file has no text.")
    title = _take_title(parts, notes)
    body = [_block(part) for part in _with_distinct_anchors(parts)]
    _compare_numbers(parts, body, notes)
    return Draft(title=title, body=body, parts=parts, notes=sorted(notes))


def _parts(lines: list[str], notes: list[tuple[int, str]]) -> Iterator[Part]:
    part: Part | None = None
    joined = False  # may the next line go on with this paragraph?
    for line, raw in enumerate(lines, start=1):
        if not raw.strip():
            joined = False
            continue
        if _UNPLACEABLE.match(raw):
            notes.append((line, "looks like a table, mark-up, picture or code: kept as plain text"))
        bullet = _BULLET.match(raw)
        if bullet and part:
            part.bullets.append((_depth(bullet["indent"], part), bullet["text"].strip()))
            joined = True
            continue
        start = _start(line, raw.strip(), notes)
        if start is None and joined and part:
            _go_on(part, raw.strip())
            continue
        if part:
            yield part
        part, joined = start or Part(line, "text", raw.strip()), True
    if part:
        yield part


def _start(line: int, text: str, notes: list[tuple[int, str]]) -> Part | None:
    """A part that announces itself: a Markdown heading or a number."""
    heading = _HEADING.match(text)
    if heading:
        text = heading["text"]
    numbered = _NUMBERED.match(text)
    if numbered and ("." in numbered["number"] or numbered["end"]):
        return _numbered(line, numbered, notes, is_heading=bool(heading))
    return Part(line, "section", text) if heading else None


def _numbered(line: int, match: re.Match[str], notes: list[tuple[int, str]], *, is_heading: bool) -> Part:
    number, text = match["number"], match["text"] or ""
    depth = number.count(".") + 1
    if depth > 3:
        notes.append((line, f"{number} is deeper than three levels: kept as text with its number"))
        return Part(line, "text", f"{number}{match['end']} {text}".strip())
    if depth == 1 and (is_heading or _reads_as_heading(text)):
        return Part(line, "section", text, number)
    return Part(line, "clause" if depth < 3 else "subclause", text, number)


def _reads_as_heading(text: str) -> bool:
    return len(text) <= HEADING_LENGTH and not text.endswith((".", ";", ":", ","))


def _depth(indent: str, part: Part) -> int:
    """Two columns deeper than the list's first bullet is one level down."""
    width = len(indent.expandtabs(4))
    if not part.bullets:
        part.indent = width
    return max(0, (width - part.indent) // 2)


def _go_on(part: Part, text: str) -> None:
    if part.bullets:
        depth, so_far = part.bullets[-1]
        part.bullets[-1] = (depth, f"{so_far} {text}")
    else:
        part.text = f"{part.text} {text}".strip()


def _take_title(parts: list[Part], notes: list[tuple[int, str]]) -> str:
    """The first short line with letters and no number; what stands before it stays as text at the top."""
    for place, part in enumerate(parts):
        if part.number:
            break
        if _reads_as_heading(part.text) and any(letter.isalpha() for letter in part.text) and not part.bullets:
            for before in parts[:place]:
                notes.append((before.line, "stands before the title: kept as the first text below it"))
            return parts.pop(place).text
    notes.append((1, "no title found: the page is called “Privacy policy”"))
    return "Privacy policy"


def _with_distinct_anchors(parts: list[Part]) -> Iterator[tuple[Part, str]]:
    seen: set[str] = set()
    for part in parts:
        name = f"s-{part.number.replace('.', '-')}" if part.number else ""
        yield part, name if name not in seen else ""
        seen.add(name)


def _block(numbered: tuple[Part, str]) -> dict[str, Any]:
    part, anchor = numbered
    value: dict[str, Any] = {"anchor": anchor}
    if part.kind == "section":
        value |= {"title": part.text, "numbered": bool(part.number)}
    else:
        value["text"] = (f"<p>{_inline(part.text)}</p>" if part.text else "") + _list(part.bullets)
    return {"type": part.kind, "value": value, "id": str(uuid.uuid4())}


def _inline(text: str) -> str:
    html = escape(text)
    for pattern, replacement in _INLINE:
        html = pattern.sub(replacement, html)
    return html


def _list(bullets: list[tuple[int, str]]) -> str:
    """Nested <ul>s; a level that was jumped over is not invented."""
    html, open_levels = "", 0
    for depth, text in bullets:
        level = min(depth + 1, open_levels + 1)
        if level > open_levels:
            html += "<ul>"
        else:
            html += "</li>" + "</ul></li>" * (open_levels - level)
        html += f"<li>{_inline(text)}"
        open_levels = level
    return html + "</li></ul>" * open_levels


def _compare_numbers(parts: list[Part], body: list[dict[str, Any]], notes: list[tuple[int, str]]) -> None:
    """Candor numbers clauses by their place; says where that differs from the number in the file."""
    computed = clauses(ClausesBlock().to_python(body))
    for part, clause in zip(parts, computed, strict=True):
        if part.number and part.number != clause.number:
            notes.append((part.line, f"is numbered {part.number} in the file and {clause.number} by its place"))
