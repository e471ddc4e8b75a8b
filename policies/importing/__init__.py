"""How does a policy that somebody already wrote, in plain text or Markdown, become a draft with nothing dropped?"""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from policies.blocks import ClausesBlock
from policies.clauses import clauses
from policies.importing import lines, markup, places
from policies.importing.lines import Part

# The same file gives the same block ids, so that importing it again is no change and a clause keeps its identity.
_IDS = uuid.UUID("8c9d1f6e-0f43-4c0b-9d0a-5a7f0c1d2e3b")


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

    Raises ValueError when there is no text, or it is not text at all.
    """
    if "\0" in text:
        raise ValueError("This is not a text file: it holds NUL characters.")
    notes: list[tuple[int, str]] = []
    parts = lines.parts(text.removeprefix("\ufeff"), notes)
    if not parts:
        raise ValueError("The file has no text.")
    title = places.take_title(parts, notes)
    parts = places.with_kinds(parts, notes)
    if not parts:
        raise ValueError(f"The file has a title, “{title}”, and no text below it.")
    body = [_block(part, anchor, key) for part, anchor, key in _with_names(parts)]
    _compare_numbers(parts, body, notes)
    return Draft(title=title, body=body, parts=parts, notes=sorted(notes))


def _with_names(parts: Iterable[Part]) -> Iterator[tuple[Part, str, str]]:
    """Each part with its anchor, which is its number, and a key: its number, or how far it stands below one."""
    seen: set[str] = set()
    number, below = "", 0
    for part in parts:
        name = f"s-{part.number.replace('.', '-')}" if part.number else ""
        anchor = name if name not in seen else ""
        if anchor:
            number, below = part.number, -1
        below += 1
        seen.add(anchor)
        yield part, anchor, f"{number}+{below}"


def _block(part: Part, anchor: str, key: str) -> dict[str, Any]:
    value: dict[str, Any] = {"anchor": anchor}
    if part.kind == "section":
        value |= {"title": markup.plain(part.text), "numbered": bool(part.number)}
    else:
        value["text"] = (f"<p>{markup.inline(part.text)}</p>" if part.text else "") + markup.nested(part.bullets)
    return {"type": part.kind, "value": value, "id": str(uuid.uuid5(_IDS, key))}


def _compare_numbers(parts: list[Part], body: list[dict[str, Any]], notes: list[tuple[int, str]]) -> None:
    """Candor numbers clauses by their place; says where that differs from the number in the file."""
    computed = clauses(ClausesBlock().to_python(body))
    for part, clause in zip(parts, computed, strict=True):
        if part.number and part.number != clause.number:
            notes.append((part.line, f"is numbered {part.number} in the file and {clause.number} by its place"))
