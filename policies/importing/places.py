"""What is each part of a text by its place: the title, a section, a clause, a sub-clause or text without a number?"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from policies.importing import markup
from policies.importing.lines import Note, Part

TITLE_LENGTH = 255  # characters, of a page's title
TITLE_AMONG = 5  # parts at the top; a short line further down is no title
NO_TITLE = "Privacy policy"


def take_title(parts: list[Part], notes: list[Note]) -> str:
    """Takes the title out of `parts`: a Markdown title above the first number, else the first short line there that
    is not a way to reach somebody. What stands before it stays as text at the top."""
    first_number = next((place for place, part in enumerate(parts) if part.number), len(parts))
    above = [part for part in parts[: min(first_number, TITLE_AMONG)] if not part.bullets and _has_letters(part.text)]
    titles = [part for part in above if part.heading == 1 and len(part.text) <= TITLE_LENGTH]
    titles += [part for part in above if part.reads_as_heading and not _reaches_somebody(part.text)]
    if not titles:
        notes.append((1, f"no title found: the page is called “{NO_TITLE}”"))
        return NO_TITLE
    for before in parts[: parts.index(titles[0])]:
        notes.append((before.line, "stands before the title: kept as the first text below it"))
    parts.remove(titles[0])
    return markup.plain(titles[0].text)


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _reaches_somebody(text: str) -> bool:
    """A telephone number, which has nine digits or more, or an address; a date has eight at most."""
    return "@" in text or sum(letter.isdigit() for letter in text) > 8


def with_kinds(parts: list[Part], notes: list[Note]) -> list[Part]:
    """Says of each part what it is; a list below a heading becomes a text of its own."""
    top = _kind_of_top_level(parts)
    return [placed for part in parts for placed in _with_kind(part, top, notes)]


def _kind_of_top_level(parts: list[Part]) -> str:
    """Is "1. …" a heading or a paragraph? A heading, if numbers go deeper or if texts stand between them."""
    if any("." in part.number for part in parts):
        return "section"
    tops = [part for part in parts if part.number]
    with_text = any(part.number and below.text and not below.number for part, below in pairwise(parts))
    return "section" if with_text and all(part.reads_as_heading for part in tops) else "clause"


def _with_kind(part: Part, top: str, notes: list[Note]) -> Iterator[Part]:
    depth = len(part.number.split(".")) if part.number else 0
    if depth > 3:
        notes.append((part.line, f"{part.number} is deeper than three levels: kept as text with its number"))
        yield replace(part, text=f"{part.label} {part.text}".strip(), number="")
        return
    kinds = {
        0: "section" if part.heading else "text",
        1: "section" if part.heading else top,
        2: "clause",
        3: "subclause",
    }
    kind = kinds[depth]
    if depth and not (part.text or part.bullets):
        notes.append((part.line, f"{part.number} has no text"))
    if kind == "section" and part.bullets:
        yield replace(part, kind=kind, bullets=[])
        yield Part(part.line, "", bullets=part.bullets)
    else:
        yield replace(part, kind=kind)
