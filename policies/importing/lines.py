"""Which lines of a plain text or Markdown belong together, and which start something: a heading, a number, a list?"""

import re

from policies.importing import markup
from policies.importing.markup import Item
from policies.importing.parts import DEEPEST, Note, Outline, Part

_BULLET = re.compile(r"(?P<indent>\s*)[-–—•*·‣▪+●○◦■□▫⁃∙]\s+(?P<text>\S.*)$")
# "a) …", "(a) …", "(iv) …", "（一）…"; but not "(EU) …"
_LETTERED = re.compile(
    r"""
    [(（] (?: \d{1,3} | (?P<letter>[^\W\d_])(?P=letter)? | [ivxlc]{1,6} | [一二三四五六七八九十]{1,3} )
          (?: \)\s+ | ）\s* ) \S
    | (?: [^\W\d_] | [ivxlc]{2,6} ) \)\s+\S
    """,
    re.VERBOSE,
)
_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<text>.*?)(?:\s+#+)?$")
_BOLD = re.compile(r"\*\*(?P<number>\d[\d.]*\)?)\*\*(?=\s)|\*\*(?P<line>[^*]+)\*\*$")
_RULE = re.compile(r"([-=_*])(?:\s*\1){2,}$")
_FOREIGN = re.compile(r"^(?:\||```)|</?[a-zA-Z][^<>]*>|<!--|!\[")
_CELLS = re.compile(r"(?<!\\)\|")
_SPACES = re.compile(r"[ \t\f\v]+")  # not the no-break space: somebody put it there


def parts(text: str, notes: list[Note], form: str = markup.MARKDOWN) -> list[Part]:
    reader = _Reader(notes, form)
    for line, raw in enumerate(text.splitlines(), start=1):
        reader.take(line, _SPACES.sub(" ", raw).strip(), raw)
    return reader.outline.finish()


class _Reader:
    def __init__(self, notes: list[Note], form: str) -> None:
        self.notes = notes
        self.markdown = form == markup.MARKDOWN
        self.outline = Outline(notes, form)
        self.in_table = False  # was the line above a row?

    def take(self, line: int, text: str, raw: str) -> None:
        in_table, self.in_table = self.in_table, False
        if text and self.markdown and self._is_row(text, in_table):
            self._take_row(line, text, in_table)
            return
        if in_table or not text:
            self.outline.joined = False
        if not text:
            return
        if self._starts_foreign(line, text):
            self.outline.start(line, text)
        elif _RULE.match(text):
            self._take_rule(line, text)
        elif bullet := _BULLET.match(raw):
            self._take_bullet(line, bullet)
        else:
            self._take_words(line, text)

    def _is_row(self, text: str, in_table: bool) -> bool:
        if text[0] == "|":
            return text.count("|") > 1
        return "|" in text and (in_table or (_parts_rows(text) and self._header_above()))

    def _header_above(self) -> bool:
        """Is the paragraph above one line with cells? Only the row of dashes below it says that it is a header."""
        last = self.outline.parts[-1] if self.outline.joined else None
        return last is not None and "|" in last.text and not (last.bullets or last.more or last.number)

    def _take_row(self, line: int, text: str, in_table: bool) -> None:
        outline = self.outline
        if not in_table and text[0] != "|":
            header, outline.joined = outline.parts.pop(), False
            outline.open_table(header.line).take_item(Item(0, _row(header.text)))
        elif not in_table:
            outline.open_table(line)
        if not _parts_rows(text):
            outline.parts[-1].take_item(Item(0, _row(text)))
        self.in_table = outline.joined = True

    def _starts_foreign(self, line: int, text: str) -> bool:
        foreign = _FOREIGN.search(text)
        if foreign:
            self.notes.append((line, "looks like mark-up, a picture, code or part of a table: kept as plain text"))
        return foreign is not None and foreign.start() == 0

    def _take_rule(self, line: int, text: str) -> None:
        last = self.outline.parts[-1] if self.outline.joined else None
        if last:
            last.settle()
        if last and text[0] in "=-" and not last.bullets and last.reads_as_heading:
            last.heading = 1 if text[0] == "=" else 2
            self.outline.number = last.number
        else:
            self.notes.append((line, "a line drawn across: left out"))
        self.outline.joined = False

    def _take_bullet(self, line: int, bullet: re.Match[str]) -> None:
        part = self.outline.open_list(line)
        text = _SPACES.sub(" ", bullet["text"]).strip()
        if part.take_bullet(len(bullet["indent"].expandtabs(4)), text) == DEEPEST + 1:
            self.notes.append((line, f"stands deeper than {DEEPEST + 1} levels of a list: kept at the last of them"))
        self.outline.joined = True

    def _take_words(self, line: int, text: str) -> None:
        level, words = self._heading(text) if self.markdown else (0, text)
        if not level and _LETTERED.match(text):
            self.outline.start(line, text)
        else:
            self.outline.take_words(line, words, level)

    def _heading(self, text: str) -> tuple[int, str]:
        """The level of a Markdown heading, or of a short bold line that stands for one, and its words."""
        heading, bold = _HEADING.match(text), _BOLD.match(text)
        if heading:
            return len(heading["marks"]), markup.plain(heading["text"])
        if bold and bold["number"]:
            return 0, bold["number"] + text[bold.end() :]
        if bold and not self.outline.joined and Part(0, bold["line"]).reads_as_heading:
            return 3, bold["line"]
        return 0, text


def _parts_rows(text: str) -> bool:
    """ "|---|:-:|": says where the header of a table ends, and no more."""
    return set(text) <= set("|-: ") and "-" in text


def _row(text: str) -> str:
    cells = [cell.strip().replace("\\|", "|") for cell in _CELLS.split(text.strip().strip("|"))]
    return " | ".join(cells).strip()
