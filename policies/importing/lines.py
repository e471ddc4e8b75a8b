"""Which lines of a text belong together, and which start something: a heading, a number, a list?"""

import re
from dataclasses import dataclass, field

from policies.importing import markup

Note = tuple[int, str]

_NUMBERED = re.compile(r"(?P<label>(?P<number>\d{1,2}(?:\.\d{1,3})*)(?P<end>[.)]?))(?:\s+(?P<text>\S.*))?$")
_BULLET = re.compile(r"(?P<indent>\s*)[-–—•*·‣▪+]\s+(?P<text>\S.*)$")
_LETTERED = re.compile(r"(?:\(\w{1,3}\)|[^\W\d_]\))\s+\S")  # "a) …", "(a) …", "(1) …"
_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<text>.*?)(?:\s+#+)?$")
_BOLD = re.compile(r"\*\*(?P<number>\d[\d.]*\)?)\*\*(?=\s)|\*\*(?P<line>[^*]+)\*\*$")
_RULE = re.compile(r"([-=_*])(?:\s*\1){2,}$")
_FOREIGN = re.compile(r"^(?:\||```)|</?[a-zA-Z][^>]*>|<!--|!\[")
_SPACES = re.compile(r"[ \t\f\v]+")  # not the no-break space: somebody put it there
HEADING_LENGTH = 120  # characters; a longer line is a paragraph, not a heading


@dataclass
class Part:
    """One block to be: the line it starts at, its text, the number it bears and any bullets below it."""

    line: int
    text: str
    number: str = ""
    label: str = ""  # the number as it is written: "1.", "1)", "1.1"
    heading: int = 0  # the level that Markdown gives it
    bullets: list[tuple[int, str]] = field(default_factory=list)  # (depth, text)
    indents: list[int] = field(default_factory=list)  # columns before the bullets of each level that is open
    kind: str = "text"

    @property
    def reads_as_heading(self) -> bool:
        return len(self.text) <= HEADING_LENGTH and not self.text.endswith((".", ";", ":", ","))

    def take_bullet(self, width: int, text: str) -> None:
        """Two columns deeper than the bullet above is one level down."""
        while self.indents and width < self.indents[-1]:
            self.indents.pop()
        if not self.indents or width >= self.indents[-1] + 2:
            self.indents.append(width)
        self.bullets.append((len(self.indents) - 1, text))

    def takes(self, text: str) -> bool:
        """May a line right below go on with this part? A heading ends with its line, unless it was wrapped."""
        if self.heading:
            return False
        if self.bullets or not self.text or not self.number or "." in self.number:
            return True
        return not self.reads_as_heading or text[0].islower()


def parts(text: str, notes: list[Note]) -> list[Part]:
    reader = _Reader(notes)
    for line, raw in enumerate(text.splitlines(), start=1):
        reader.take(line, _SPACES.sub(" ", raw).strip(), raw)
    return reader.parts


class _Reader:
    def __init__(self, notes: list[Note]) -> None:
        self.notes = notes
        self.parts: list[Part] = []
        self.joined = False  # does the next line stand right below the last part?
        self.number = ""  # the last one that counted
        self.aside = ""  # that of the last part, if it did not count, as in a list inside a clause
        self.round = False  # are numbers written "1)"?

    def take(self, line: int, text: str, raw: str) -> None:
        foreign = _FOREIGN.search(text)
        if foreign:
            self.notes.append((line, "looks like a table, mark-up, a picture or code: kept as plain text"))
        if not text:
            self.joined = False
        elif foreign and foreign.start() == 0:
            self._start(Part(line, text))
        elif _RULE.match(text):
            self._take_rule(line, text)
        elif bullet := _BULLET.match(raw):
            self._take_bullet(line, bullet)
        else:
            self._take_words(line, text)

    def _take_rule(self, line: int, text: str) -> None:
        last = self.parts[-1] if self.joined else None
        if last and text[0] in "=-" and not last.bullets and last.reads_as_heading:
            last.heading = 1 if text[0] == "=" else 2
            self.number = last.number
        else:
            self.notes.append((line, "a line drawn across: left out"))
        self.joined = False

    def _take_bullet(self, line: int, bullet: re.Match[str]) -> None:
        if not self.parts or self.parts[-1].heading or self._below_a_title():
            self._start(Part(line, ""))
        text = _SPACES.sub(" ", bullet["text"]).strip()
        self.parts[-1].take_bullet(len(bullet["indent"].expandtabs(4)), text)
        self.joined = True

    def _below_a_title(self) -> bool:
        """After a blank line, below a short line without a number or a colon that introduces a list."""
        last = self.parts[-1]
        return not (self.joined or last.number or last.bullets) and last.reads_as_heading

    def _take_words(self, line: int, text: str) -> None:
        level, words = self._heading(text)
        numbered = _NUMBERED.match(words)
        if numbered and ("." in numbered["number"] or numbered["end"]):
            self._take_number(line, words, numbered, level)
        elif level:
            self.number = ""  # numbers may start anew below an unnumbered heading
            self._start(Part(line, words, heading=level))
        elif _LETTERED.match(text):
            self._start(Part(line, text))
        else:
            self._go_on_or_start(line, text)

    def _heading(self, text: str) -> tuple[int, str]:
        """The level of a Markdown heading, or of a short bold line that stands for one, and its words."""
        heading, bold = _HEADING.match(text), _BOLD.match(text)
        if heading:
            return len(heading["marks"]), markup.plain(heading["text"])
        if bold and bold["number"]:
            return 0, bold["number"] + text[bold.end() :]
        if bold and not self.joined and Part(0, bold["line"]).reads_as_heading:
            return 3, bold["line"]
        return 0, text

    def _take_number(self, line: int, text: str, match: re.Match[str], level: int) -> None:
        number, label = match["number"], match["label"]
        deep, is_round = "." in number, label.endswith(")")
        if level or ((deep or is_round == self.round or not self.number) and self._counts(number)):
            self.number, self.round = number, self.round if deep else is_round
            self._start(Part(line, match["text"] or "", number, label, level))
            return
        self.notes.append((line, f"starts with {label}, which does not follow {self.number}: kept as text"))
        if deep and self.joined:
            self._go_on_or_start(line, text)  # "… more than / 1.5 million people …", wrapped
        else:
            self._start(Part(line, text))
            self.aside = number

    def _counts(self, number: str) -> bool:
        """Does this number go on with the text's own, rather than with a list inside a clause?"""
        if self.aside and "." not in number and follows(number, self.aside):
            return False
        return follows(number, self.number) or (not self.joined and _places(number) >= _places(self.number))

    def _go_on_or_start(self, line: int, text: str) -> None:
        if not self.joined or not self.parts[-1].takes(text):
            self._start(Part(line, text))
            return
        part = self.parts[-1]
        if part.bullets:
            depth, so_far = part.bullets[-1]
            part.bullets[-1] = (depth, f"{so_far} {text}")
        else:
            part.text = f"{part.text} {text}".strip()

    def _start(self, part: Part) -> None:
        self.parts.append(part)
        self.joined, self.aside = True, ""


def _places(number: str) -> list[int]:
    return [int(place) for place in number.split(".") if place]


def follows(number: str, last: str) -> bool:
    """Is `number` the next one at some level, or the first one a level down? Anything follows nothing."""
    new, old = _places(number), _places(last)
    return not old or new == [*old, 1] or any(new == [*old[:level], old[level] + 1] for level in range(len(old)))
