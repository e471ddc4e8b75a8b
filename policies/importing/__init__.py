"""How does a policy that somebody already wrote, as text, Markdown or HTML, become a draft with nothing dropped?"""

import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from policies.blocks import ClausesBlock
from policies.clauses import numbered
from policies.importing import files, hypertext, lines, markup, places, retention
from policies.importing.parts import Note, Part

# The same file gives the same block ids, so that importing it again is no change and a clause keeps its identity.
_IDS = uuid.UUID("8c9d1f6e-0f43-4c0b-9d0a-5a7f0c1d2e3b")
_PLACEHOLDER = re.compile(r"\{\w{1,50}(?::[\w.]{1,50})?\}")


@dataclass
class Draft:
    """The text as StreamField data, with everything a person should look at, by line of the file."""

    title: str
    body: list[dict[str, Any]]
    parts: list[Part]
    numbers: list[str]  # of each part, by its place
    notes: list[Note]

    def count(self, kind: str) -> int:
        return sum(1 for part in self.parts if part.kind == kind)

    @property
    def bullets(self) -> int:
        return sum(len(part.bullets) for part in self.parts)


def read_file(raw: bytes, *, form: str = "", name: str = "") -> Draft:
    """Reads a file's bytes. Raises ValueError with a sentence when they are no text, and as `read` does."""
    return read(files.text(raw), form=form, name=name)


def read(text: str, *, form: str = "", name: str = "") -> Draft:
    """Reads a whole text. Every word of it is in the title or the body, in order; doubts are in `notes`.

    `form` is one of markup.FORMS, or empty to tell by the text and the file's name. Raises ValueError when there is
    no text, it is not text at all, or it falls into more parts than anybody can edit.
    """
    if "\0" in text:
        raise ValueError("This is not a text file: it holds NUL characters.")
    notes: list[Note] = []
    parts = _parts(text.removeprefix("\ufeff"), form or files.form(text, name), notes)
    if not parts:
        raise ValueError("The file has no text.")
    title = places.take_title(parts, notes)
    parts = retention.propose(places.with_kinds(parts, notes), notes)
    if not parts:
        raise ValueError(f"The file has a title, “{title}”, and no text below it.")
    body = [_block(part, anchor, key) for part, anchor, key in _with_names(parts)]
    numbers = _compare_numbers(parts, body, notes)
    return Draft(title=title, body=body, parts=parts, numbers=numbers, notes=sorted(notes))


def _parts(text: str, form: str, notes: list[Note]) -> list[Part]:
    parts = hypertext.parts(text, notes) if form == markup.HTML else lines.parts(text, notes, form)
    for part in parts:
        for braces in _PLACEHOLDER.findall(" ".join([part.text, *(item.text for item in part.bullets)])):
            notes.append((part.line, f"{braces} would be filled in when the policy is published: check it"))
    return parts


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
        value |= {"title": part.plain, "numbered": bool(part.number)}
    else:
        text = f"<p>{markup.inline(part.text, part.form)}</p>" if part.text else ""
        value["text"] = text + markup.nested(part.bullets, part.form)
    if part.period:
        value |= {"holding": part.holding, "number": part.period.number, "unit": part.period.unit, "then": "delete"}
    return {"type": part.kind, "value": value, "id": str(uuid.uuid5(_IDS, key))}


def _compare_numbers(parts: list[Part], body: list[dict[str, Any]], notes: list[Note]) -> list[str]:
    """Candor numbers clauses by their place; says where that differs from the number in the file."""
    computed = [number for _block, number in numbered(ClausesBlock().to_python(body))]
    for part, number in zip(parts, computed, strict=True):
        written = part.label.rstrip(".)．）、")
        if part.number and (part.number != number or not written.isascii()):
            notes.append((part.line, f"is numbered {written} in the file and {number} by its place"))
        elif number and not part.number:
            notes.append((part.line, f"has no number in the file and {number} by its place"))
    return computed
