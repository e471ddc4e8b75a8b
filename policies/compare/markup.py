"""What is a clause's HTML made of: blocks, and in them words with the tags around each?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article blockquote caption dd div dl dt figcaption figure h1 h2 h3 h4 h5 h6 li ol p pre section table "
        "tbody td tfoot th thead tr ul",
    )
)
VOID = frozenset(["br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"])
OURS = frozenset({"ins", "del"})  # what marks a change must not come from the text itself

_PIECE = re.compile(
    r"""<!--.*?-->|<(?P<end>/?)(?P<name>[a-zA-Z][\w-]*)(?P<rest>(?:[^<>"']|"[^"]*"|'[^']*')*)>|(?P<text>[^<]+|<)""",
    re.DOTALL,
)
_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
# A word is what no space and no sign divides; signs inside it ("e-mail", "3.5", "a@b.example") divide nothing.
# A script without spaces is compared sign by sign.
_SIGNS = r"\s!-/:-@\[-`{-~«»“”„‘’…–—‐¿¡、。，（）"
_UNSPACED = "\u3040-\u30ff\u3400-\u9fff"
_LETTERS = rf"[^{_SIGNS}{_UNSPACED}]+"
_WORD = re.compile(rf"(?P<gap>\s*)(?P<word>{_LETTERS}(?:[-'’.,:/@‐]{_LETTERS})*|\S)|(?P<rest>\s+)")


@dataclass(eq=False, slots=True)
class Tag:
    """One element: two with the same source are still two."""

    name: str
    source: str
    href: str = ""


@dataclass(eq=False, slots=True)
class Word:
    """`gap` is the space before it, which may stand outside its tags; `element` is one without words, such as <br>."""

    text: str
    tags: tuple[Tag, ...] = ()
    gap: str = ""
    gap_tags: tuple[Tag, ...] = ()
    element: bool = False

    @property
    def counts(self) -> bool:
        """A sign by itself is no word to count."""
        return not self.element and any(letter.isalnum() for letter in self.text)

    @property
    def href(self) -> str:
        return next((tag.href for tag in self.tags if tag.name == "a"), "") if self.tags else ""


@dataclass(eq=False, slots=True)
class Block:
    """An element that holds either other blocks or a line of words; without a tag, a line that stands beside blocks."""

    tag: Tag | None = None
    children: list["Block"] = field(default_factory=list)
    line: list[Word] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.tag.name if self.tag else ""

    def words(self) -> Iterator[Word]:
        yield from self.line
        for child in self.children:
            yield from child.words()

    def texts(self) -> list[str]:
        return [word.text for word in (self.words() if self.children else self.line)]


_NO_GAP: tuple[str, tuple[Tag, ...]] = ("", ())


class _Reader:
    def __init__(self) -> None:
        self.open = [Block()]
        self.inline: tuple[Tag, ...] = ()
        self.gap = _NO_GAP
        self.line: Block | None = None

    def text(self, text: str) -> None:
        for gap, word, rest in _WORD.findall(unescape(text)):
            if gap or rest:
                self.gap = (gap or rest, self.inline)
            if word:
                self.word(word)

    def word(self, text: str, *, element: bool = False) -> None:
        if self.line is None:
            self.line, self.gap = Block(), _NO_GAP
            self.open[-1].children.append(self.line)
        self.line.line.append(Word(text, self.inline, *self.gap, element))
        self.gap = _NO_GAP

    def start(self, name: str, source: str) -> None:
        if name in VOID:
            self.word(source, element=True)
        elif name in BLOCKS:
            block = Block(Tag(name, source))
            self.open[-1].children.append(block)
            self.open.append(block)
            self.line = None
        else:
            href = _HREF.search(source)
            address = unescape(next(filter(None, href.groups()), "")) if href else ""
            tag = Tag("span", "<span>") if name in OURS else Tag(name, source, address)
            self.inline = (*self.inline, tag)

    def end(self, name: str) -> None:
        if name in BLOCKS:
            if name in [block.name for block in self.open]:
                while self.close() != name:
                    pass
            return
        name = "span" if name in OURS else name
        for place in reversed(range(len(self.inline))):
            if self.inline[place].name == name:
                self.inline = self.inline[:place] + self.inline[place + 1 :]
                return

    def close(self) -> str:
        block, self.line = self.open.pop(), None
        if [child.name for child in block.children] == [""]:
            block.line, block.children = block.children[0].line, []
        return block.name


def read(html: str) -> Block:
    """The blocks of a fragment of HTML, below one without a tag."""
    reader = _Reader()
    for found in _PIECE.finditer(html):
        if found["text"]:
            reader.text(found["text"])
        elif found["name"] and found["end"]:
            reader.end(found["name"].lower())
        elif found["name"]:
            reader.start(found["name"].lower(), found[0])
    return reader.open[0]
