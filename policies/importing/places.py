"""What is each part of a text by its place: the title, a section, a clause, a sub-clause or text without a number?"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from policies.importing.parts import Note, Part

TITLE_LENGTH = 255  # characters, of a page's title
TITLE_AMONG = 5  # parts at the top; a short line further down is no title
NO_TITLE = "Privacy policy"


def take_title(parts: list[Part], notes: list[Note]) -> str:
    """Takes the title out of `parts`: a Markdown title above the first number, else the first short line there that
    is not a way to reach somebody. What stands before it stays as text at the top."""
    first_number = next((place for place, part in enumerate(parts) if part.number), len(parts))
    above = [part for part in parts[:first_number] if not part.bullets and _has_letters(part.plain)]
    largest = [part for part in above if part.heading == 1 and len(part.plain) <= TITLE_LENGTH]
    titles = largest if len(largest) == 1 else [part for part in largest if part in parts[:TITLE_AMONG]]
    titles += [part for part in above[:TITLE_AMONG] if part.reads_as_heading and not _reaches_somebody(part.plain)]
    if not titles:
        notes.append((1, f"no title found: the page is called “{NO_TITLE}”"))
        return NO_TITLE
    for before in parts[: parts.index(titles[0])]:
        notes.append((before.line, "stands before the title: kept as the first text below it"))
    parts.remove(titles[0])
    return titles[0].plain


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _reaches_somebody(text: str) -> bool:
    """A telephone number, which has nine digits or more, or an address; a date has eight at most."""
    return "@" in text or sum(letter.isdigit() for letter in text) > 8


def with_kinds(parts: list[Part], notes: list[Note]) -> list[Part]:
    """Says of each part what it is; a list below a heading becomes a text of its own."""
    if _starts_anew(parts):
        notes.append((parts[0].line, "numbers start anew below several headings: they are kept as text"))
        parts = [part if part.heading else _as_text(part) for part in parts]
    top = _kind_of_top_level(parts)
    filled = (part for part in parts if part.text or part.bullets or part.number)
    return [placed for part in filled for placed in _with_kind(part, top, notes)]


def _starts_anew(parts: list[Part]) -> bool:
    """1, 2, 1, 2 …: these number a few paragraphs each; by their place, they would be 1, 2, 3, 4."""
    numbers = [part.number for part in parts if part.number and not part.heading]
    return numbers.count("1") > 1 and not any("." in number for number in numbers)


def _as_text(part: Part) -> Part:
    return replace(part, text=f"{part.label} {part.text}".strip(), number="", kind="text")


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
        yield _as_text(part)
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
        yield Part(part.line, "", form=part.form, bullets=part.bullets)
    else:
        yield replace(part, kind=kind)
