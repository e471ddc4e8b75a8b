"""Where in a page does SVG or MathML stand, in which the same tags mean something else (HTML, 13.2.6.5)?"""

from collections import Counter
from typing import NamedTuple

from consent.enforce import attributes as reading

# Start tags that end a drawing wherever they stand.
_LEAVE = frozenset(
    """
    b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing
    menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var
    """.split()  # noqa: SIM905 - a list of them is forty lines
)
_ROOTS = {"svg", "math"}
_WORDS = frozenset({"mi", "mo", "mn", "ms", "mtext"})
_POINTS = {"svg": frozenset({"foreignobject", "desc", "title"}), "math": _WORDS}
_MOST = 200  # characters of end tags for drawings that may be open still
_MARKUP = {"text/html", "application/xhtml+xml"}


class Open(NamedTuple):
    """An element of a drawing: of SVG or MathML, and whether its content is drawing as well or markup again."""

    name: str
    root: str
    draws: bool


class Foreign:
    """What is open of a drawing. `way_out` are the end tags that did what the last start tag does without them: behind
    them a template is one that browsers know as such."""

    def __init__(self) -> None:
        self._open: list[Open] = []
        self._names: Counter[str] = Counter()
        self.way_out = self._doubt = ""

    @property
    def drawing(self) -> bool:
        return bool(self._open) and self._open[-1].draws

    @property
    def depth(self) -> int:
        return len(self._open)

    def cut(self, depth: int) -> None:
        while len(self._open) > depth:
            self._pop()

    def leave(self) -> None:
        """To the markup around the drawing."""
        gone = []
        while self.drawing:
            gone.append(self._pop())
        self.way_out += f"</{gone[-1]}>" * gone.count(gone[-1]) if gone else ""

    def leave_perhaps(self) -> None:
        """Whether an end tag ends a drawing around it depends on more than is read here: from now on every way out
        leads out of this one too, which does no harm."""
        self.way_out = ""
        self.leave()
        self._be_unsure(self.way_out)

    def _be_unsure(self, way_out: str) -> None:
        if len(self._doubt) < _MOST:
            self._doubt += way_out

    def _pop(self) -> str:
        gone = self._open.pop()
        self._names[gone.name] -= 1
        return gone.name

    def start(self, name: str, tag: str, *, empty: bool) -> bool:
        """Takes a start tag, whose text is `tag`; says whether its element belongs to a drawing."""
        self.way_out = self._doubt
        if self.drawing and _leaves(name, tag):
            self.leave()
        root = self._root_of(name)
        if root and not empty:
            self._open.append(Open(name, root, not _is_point(name, root, tag)))
            self._names[name] += 1
        return bool(root)

    def _root_of(self, name: str) -> str:
        """Whose element this becomes: that of what is around it, or of the drawing that it starts; "" for markup."""
        top = self._open[-1] if self._open else None
        if top and (top.draws or (top.name in _WORDS and name in {"mglyph", "malignmark"})):
            return "svg" if (top.name, top.root, name) == ("annotation-xml", "math", "svg") else top.root
        return name if name in _ROOTS else ""

    def end(self, name: str) -> bool:
        """Takes an end tag; False for one that ends nothing of a drawing."""
        if self.drawing and name in {"p", "br"}:
            self.leave()
        if not self._names[name]:
            return False
        place = next(place for place in range(len(self._open) - 1, -1, -1) if self._open[place].name == name)
        gone = self._open[place:]
        if any(not row.draws for row in gone[1:]):  # whether it ends them depends on the markup inside
            self._be_unsure("".join(f"</{row.name}>" for row in gone if row.name in _ROOTS))
        self.cut(place)
        return True


def _leaves(name: str, tag: str) -> bool:
    return name in _LEAVE or (name == "font" and not reading.of(tag).keys().isdisjoint({"color", "face", "size"}))


def _is_point(name: str, root: str, tag: str) -> bool:
    if (name, root) == ("annotation-xml", "math"):
        return reading.of(tag).get("encoding", "").lower() in _MARKUP
    return name in _POINTS[root]
