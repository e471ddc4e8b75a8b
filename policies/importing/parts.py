"""Which parts does a text fall into as it is read from top to bottom, and which numbers in it are its own?"""

import re
import unicodedata
from dataclasses import dataclass, field

from policies.importing import markup
from policies.importing.markup import Item
from records.periods import Period

Note = tuple[int, str]

HEADING_LENGTH = 120  # characters; a longer line is a paragraph, not a heading
MOST = 5000  # parts; a policy of a hundred pages has a thousand, and no editor opens more
DEEPEST = 4  # levels of a list below its first; the editor keeps no more
_SENTENCE_ENDS = tuple(".;:,。；：，、؛،")
_CLOSES = ".)．）、"
_HAN_OR_KANA = "\u3040-\u30ff\u3400-\u9fff"
# At most nine places: a longer chain is no number, and nobody should wait for it.
NUMBER = rf"(?P<label>(?P<number>\d{{1,2}}(?:\.\d{{1,3}}){{0,8}})(?P<end>[{_CLOSES}]?))"
_NUMBERED = re.compile(
    rf"{NUMBER}(?:(?=\s)|(?<=[{_CLOSES}])(?=[^\W\d_])|(?=[{_HAN_OR_KANA}])|$)\s*(?P<text>.*)$", re.DOTALL
)


@dataclass
class Part:
    """One block to be: the line it starts at, its text, the number it bears and any list below it."""

    line: int
    text: str
    number: str = ""
    label: str = ""  # the number as it is written: "1.", "1)", "1.1"
    heading: int = 0  # the level that Markdown or HTML gives it
    form: str = markup.MARKDOWN
    bullets: list[Item] = field(default_factory=list)
    indents: list[int] = field(default_factory=list)  # columns before the bullets of each level that is open
    kind: str = "text"
    period: Period | None = None  # that a retention clause states
    holding: str = ""  # the data set it is about
    more: list[str] = field(default_factory=list)  # lines that go on with it, not joined yet

    @property
    def plain(self) -> str:
        return markup.plain(self.text, self.form)

    @property
    def reads_as_heading(self) -> bool:
        return _is_short([self.plain])

    def take_bullet(self, width: int, text: str) -> int:
        """Two columns deeper than the bullet above is one level down. Returns the level."""
        while self.indents and width < self.indents[-1]:
            self.indents.pop()
        if not self.indents or width >= self.indents[-1] + 2:
            self.indents.append(width)
        level = len(self.indents) - 1
        self.take_item(Item(min(level, DEEPEST), text))
        return level

    def take_item(self, item: Item) -> None:
        self.settle()
        self.bullets.append(item)

    def takes(self, text: str) -> bool:
        """May a line right below go on with this part? A heading ends with its line, unless it was wrapped."""
        if self.heading:
            return False
        if self.bullets or not self.text or not self.number or "." in self.number:
            return True
        return not _is_short([self.text, *self.more]) or text[0].islower()

    def settle(self) -> None:
        """Joins what was added. Once at the end: a text of a hundred thousand lines is not copied as often."""
        if not self.more:
            return
        if self.bullets:
            last = self.bullets[-1]
            self.bullets[-1] = last._replace(text=" ".join([last.text, *self.more]))
        else:
            self.text = " ".join([self.text, *self.more]).strip()
        self.more = []


def _is_short(lines: list[str]) -> bool:
    length = sum(len(line) + 1 for line in lines[:HEADING_LENGTH]) - 1
    return length <= HEADING_LENGTH and not lines[-1].endswith(_SENTENCE_ENDS)


class Outline:
    """The parts so far. `joined`: does what comes next stand right below the last part?"""

    def __init__(self, notes: list[Note], form: str) -> None:
        self.notes, self.form = notes, form
        self.parts: list[Part] = []
        self.joined = False
        self.number = ""  # the last one that counted
        self.aside = ""  # that of the last part, if it did not count, as in a list inside a clause
        self.round = False  # are numbers written "1)"?

    def finish(self) -> list[Part]:
        if self.parts:
            self.parts[-1].settle()
        return self.parts

    def start(self, line: int, text: str, number: str = "", label: str = "", heading: int = 0) -> None:
        if len(self.parts) == MOST:
            raise ValueError(f"The file falls into more than {MOST} paragraphs, which nobody can edit: split it.")
        self.finish()
        self.parts.append(Part(line, text, number, label, heading, self.form))
        self.joined, self.aside = True, ""

    def take_words(self, line: int, words: str, level: int = 0) -> None:
        """A paragraph, heading or line; `level` is that of a heading, or 0."""
        numbered = _NUMBERED.match(words)
        if numbered and ("." in numbered["number"] or numbered["end"]):
            self._take_number(line, words, numbered, level)
        elif level:
            self.number = ""  # numbers may start anew below an unnumbered heading
            self.start(line, words, heading=level)
        else:
            self._go_on_or_start(line, words)

    def _take_number(self, line: int, text: str, match: re.Match[str], level: int) -> None:
        number, label = "".join(map(_ascii, match["number"])), match["label"]
        deep, is_round = "." in number, label[-1] in ")）"
        if level or ((deep or is_round == self.round or not self.number) and self._counts(number)):
            self.number, self.round = number, self.round if deep else is_round
            self.start(line, match["text"], number, label, level)
            return
        self.notes.append((line, f"starts with {label}, which does not follow {self.number}: kept as text"))
        if deep and self.joined:
            self._go_on_or_start(line, text)  # "… more than / 1.5 million people …", wrapped
        else:
            self.start(line, text)
            self.aside = number

    def _counts(self, number: str) -> bool:
        """Does this number go on with the text's own, rather than with a list inside a clause?"""
        if self.aside and "." not in number and follows(number, self.aside):
            return False
        return follows(number, self.number) or (not self.joined and _places(number) >= _places(self.number))

    def _go_on_or_start(self, line: int, text: str) -> None:
        if self.joined and self.parts[-1].takes(text):
            self.parts[-1].more.append(text)
        else:
            self.start(line, text)

    def open_list(self, line: int) -> Part:
        """The part that a list which starts at `line` belongs to: the last one, unless it is a heading."""
        if not self.parts or self.parts[-1].heading or self._below_a_title():
            self.start(line, "")
        return self.parts[-1]

    def _below_a_title(self) -> bool:
        """After a blank line, below a short line without a number or a colon that introduces a list."""
        last = self.parts[-1]
        return not (self.joined or last.number or last.bullets) and last.reads_as_heading

    def open_table(self, line: int) -> Part:
        self.notes.append((line, "a table: kept as a list, a row an item, its cells apart by “|”"))
        if self.parts and self.parts[-1].bullets:
            self.start(line, "")
        return self.open_list(line)


def _ascii(character: str) -> str:
    return character if character == "." else str(unicodedata.digit(character))


def _places(number: str) -> list[int]:
    return [int(place) for place in number.split(".") if place]


def follows(number: str, last: str) -> bool:
    """Is `number` the next one at some level, or the first one a level down? Anything follows nothing."""
    new, old = _places(number), _places(last)
    return not old or new == [*old, 1] or any(new == [*old[:level], old[level] + 1] for level in range(len(old)))
