"""Which parts does a web page fall into? Every word is kept, in order; scripts, styles and menus are no words."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape

from bs4 import BeautifulSoup, CData, Tag
from bs4.element import NavigableString, PreformattedString

from policies.importing import counting, markup, tree
from policies.importing.markup import HTML, Item
from policies.importing.parts import DEEPEST, NUMBER, Note, Outline, Part
from policies.importing.tree import LISTS

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LEFT_OUT = {"script": "a script", "style": "a style sheet", "nav": "a menu"}
_SEEN = {"img", "input", "iframe", "object", "embed", "video", "audio", "canvas", "svg"}
_INLINE = set(
    re.findall(
        r"\w+",
        "abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark output q s samp small span "
        "strike strong sub sup time tt u var wbr rt rp ruby button select option textarea meter progress",
    )
)
_MARKS = {"b": "b", "strong": "b", "i": "i", "em": "i"}
_FOLLOWED = re.compile(r"(?:https?://|mailto:|tel:)\S+$")
# "<b>1.1</b> …": the number is the clause's, so its mark does not matter.
_MARKED_NUMBER = re.compile(rf"(?P<tags>(?:<[abi](?: [^>]*)?>)+){NUMBER}(?=[\s<])")
_Sink = Callable[[int, str], None]


def parts(text: str, notes: list[Note]) -> list[Part]:
    """Raises ValueError as `tree.parse` does."""
    soup = tree.parse(text)
    reader = _Reader(notes, soup)
    reader.read_title(soup)
    reader.walk(soup)
    reader.flush()
    return reader.outline.finish()


class _Reader:
    def __init__(self, notes: list[Note], soup: BeautifulSoup) -> None:
        self.notes = notes
        self.outline = Outline(notes, HTML)
        self.line = 1
        self.pending: list[str] = []  # inline HTML since the last paragraph
        self.marks: list[tuple[str, str]] = []  # (name, opening tag) that are open: <b> may hold paragraphs
        self.sink: _Sink = self._paragraph
        self.new_table = False  # has it no row yet?
        self.cell: list[str] = []  # the paragraphs of the one that is being read
        self.depth = -1  # of the list that is being read
        self.numbering = counting.numbering_list(soup)

    def read_title(self, soup: BeautifulSoup) -> None:
        """The window's title counts where the page has no heading that says the same."""
        title = soup.find("title")
        if not isinstance(title, Tag):
            return
        words = markup.tidy(escape(title.extract().get_text(), quote=False))
        headings = {_key(heading.get_text()) for heading in soup.find_all("h1")}
        if words and _key(markup.plain(words, HTML)) not in headings:
            self.outline.start(title.sourceline or 1, words, heading=0 if headings else 1)

    def walk(self, tag: Tag) -> None:
        for child in list(tag.children):
            self._child(child)

    def _child(self, child: object) -> None:
        if isinstance(child, Tag):
            self.line = child.sourceline or self.line
            self._element(child)
        elif isinstance(child, NavigableString) and _is_text(child):
            self.pending.append(escape(str(child), quote=False))

    def _element(self, tag: Tag) -> None:
        name = tag.name.lower()
        if name in _LEFT_OUT:
            self._note(f"{_LEFT_OUT[name]}: left out")
        elif name in _HEADINGS or name in LISTS or name in {"table", "tr", "dd"}:
            self.flush()
            self._structure(tag, name)
            self.flush()
        elif name == "br":
            self.pending.append("<br/>")
        elif name == "hr":
            self.flush()
            self._note("a line drawn across: left out")
        elif name in _MARKS or name == "a":
            self._marked(tag, name)
        elif name in _INLINE or name in _SEEN:
            self._inline(tag, name)
        else:
            self.flush()
            self.walk(tag)
            self.flush()

    def _structure(self, tag: Tag, name: str) -> None:
        if name in _HEADINGS:
            self._heading(tag, _HEADINGS[name])
        elif name == "table":
            self._table(tag)
        elif name == "tr":
            self._row(tag)
        elif name == "dd":
            self._definition(tag)
        elif tag is self.numbering and self.sink == self._paragraph:
            self._numbering(tag, "")
        else:
            self._list(tag)

    def _inline(self, tag: Tag, name: str) -> None:
        if name in _SEEN:
            self._note(f"<{name}> cannot be kept; its words are")
            self.pending.append(f" {escape(str(tag.get('alt') or ''), quote=False)} ")
        self.walk(tag)

    def _marked(self, tag: Tag, name: str) -> None:
        opening = self._link(tag) if name == "a" else f"<{_MARKS[name]}>"
        mark = opening[1:2]
        if not opening or mark in {there for there, _opening in self.marks}:
            self.walk(tag)
            return
        self.pending.append(opening)
        self.marks.append((mark, opening))
        self.walk(tag)
        self.marks.pop()
        self.pending.append(f"</{mark}>")

    def _link(self, tag: Tag) -> str:
        address = str(tag.get("href") or "").strip()
        if _FOLLOWED.match(address):
            return f'<a href="{escape(address)}">'
        if address:
            self._note(f"a link to {address[:80]!r}, which leads nowhere from here: kept as words")
        return ""

    def flush(self) -> None:
        """Ends a paragraph. Marks that are still open go on in the next."""
        html = "".join([*self.pending, *(f"</{mark}>" for mark, _opening in reversed(self.marks))])
        self.pending = [opening for _mark, opening in self.marks]
        if html := markup.tidy(html):
            self.sink(self.line, html)

    def _paragraph(self, line: int, html: str) -> None:
        self.outline.joined = False
        bold = html.removeprefix("<b>").removesuffix("</b>")
        stands_alone = len(bold) == len(html) - len("<b></b>") and "<b>" not in bold
        level = 3 if stands_alone and Part(line, bold, form=HTML).reads_as_heading else 0
        self.outline.take_words(line, _number_first(bold if level else html), level)

    def _heading(self, tag: Tag, level: int) -> None:
        if self.sink != self._paragraph:
            self.walk(tag)
            return
        with self._into(lambda line, html: self._take_heading(line, html, level)):
            self.walk(tag)

    def _take_heading(self, line: int, html: str, level: int) -> None:
        self.outline.joined = False
        self.outline.take_words(line, escape(markup.plain(html, HTML), quote=False), level)

    @contextmanager
    def _into(self, sink: _Sink) -> Iterator[None]:
        """Paragraphs go to `sink` until the end of the block."""
        before, self.sink = self.sink, sink
        yield
        self.flush()
        self.sink = before

    def _list(self, tag: Tag) -> None:
        if self.depth < 0 and self.sink == self._paragraph and self.outline.parts and self.outline.parts[-1].bullets:
            self.outline.start(self.line, "")  # two lists in a row are two
        self.depth += 1
        for label, child in counting.labelled(tag):
            self.line = child.sourceline or self.line
            if child.name in LISTS:  # a list in a list, without an item around it
                self._list(child)
            elif self.sink == self._cell_sink:
                self.pending.append(f" {label} ")
                self.walk(child)
                self.flush()
            else:
                with self._into(self._item_sink(label, ordered=counting.is_plain(tag))):
                    self.walk(child)
        self.depth -= 1

    def _item_sink(self, label: str, *, ordered: bool) -> _Sink:
        """The first paragraph is the item; the next ones go on with it, unless a list stands between."""
        depth = min(self.depth, DEEPEST)
        if self.depth == DEEPEST + 1:
            self._note(f"stands deeper than {DEEPEST + 1} levels of a list: kept at the last of them")
        count = -1

        def take(line: int, html: str) -> None:
            nonlocal count
            part = self.outline.parts[-1] if count >= 0 else self.outline.open_list(line)
            if count == len(part.bullets):
                last = part.bullets[-1]
                part.bullets[-1] = last._replace(text=f"{last.text}<br/>{html}")
                return
            words = f"{label} {html}" if label and count < 0 and not ordered else html
            part.take_item(Item(_possible(depth, part), words, ordered))
            count = len(part.bullets)

        return take

    def _table(self, tag: Tag) -> None:
        self.new_table = True
        self.walk(tag)

    def _row(self, tag: Tag) -> None:
        if self.sink != self._paragraph:  # a table in a list or a cell
            self.walk(tag)
            return
        texts = []
        for child in tag.children:
            self.cell = []
            with self._into(self._cell_sink):
                self._child(child)
            if self.cell or isinstance(child, Tag):
                texts.append(" ".join(self.cell))
        if any(texts):
            opened = self.outline.open_table if self.new_table else self.outline.open_list
            opened(self.line).take_item(Item(0, " | ".join(texts).strip()))
            self.new_table = False

    def _cell_sink(self, line: int, html: str) -> None:
        self.cell.append(html)

    def _definition(self, tag: Tag) -> None:
        if self.sink != self._paragraph:
            self.walk(tag)
            return
        self.outline.joined = True  # it belongs to the term above
        self.depth += 1
        with self._into(self._item_sink("", ordered=False)):
            self.walk(tag)
        self.depth -= 1

    def _numbering(self, tag: Tag, above: str) -> None:
        """The list that counts the clauses: its items bear numbers, down to the third level."""
        for place, child in counting.counted(tag):
            number = f"{above}{place}"
            self.line = child.sourceline or self.line
            with self._into(self._numbered_sink(number)):
                self._walk_numbered(child, number)

    def _walk_numbered(self, tag: Tag, number: str) -> None:
        for child in list(tag.children):
            deeper = isinstance(child, Tag) and child.name == "ol" and counting.is_plain(child)
            if deeper and isinstance(child, Tag) and number.count(".") < 2:
                self.flush()
                self._numbering(child, f"{number}.")
            else:
                self._child(child)

    def _numbered_sink(self, number: str) -> _Sink:
        def take(line: int, html: str) -> None:
            self.outline.start(line, html, number, f"{number}.")
            self.outline.number = number
            self.sink = self._paragraph

        return take

    def _note(self, note: str) -> None:
        self.notes.append((self.line, note))


def _is_text(string: NavigableString) -> bool:
    """A comment or a declaration is no text."""
    return isinstance(string, CData) or not isinstance(string, PreformattedString)


def _possible(depth: int, part: Part) -> int:
    """A list without an item above it, as "<ul><ul>" makes, is no deeper than it can be."""
    return min(depth, part.bullets[-1].depth + 1 if part.bullets else 0)


def _number_first(html: str) -> str:
    html = re.sub(rf"^{NUMBER}<br/>", r"\g<label> ", html)
    marked = _MARKED_NUMBER.match(html)
    if marked is None or not (marked["end"] or "." in marked["number"]):
        return html
    return markup.tidy(f"{marked['label']} {marked['tags']}{html[marked.end() :].lstrip()}")


def _key(words: str) -> str:
    return " ".join(words.split()).casefold()
