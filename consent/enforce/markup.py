"""Which tags of a page does a browser see, and where? Its own rules of tokenizing (HTML, 13.2.5), in one pass.

Python's html.parser reads otherwise than browsers do, and than another Python's: where a script ends, or a comment.
What it overlooks would load.
"""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from consent.enforce import attributes
from consent.enforce.foreign import Foreign

_TAG = re.compile(rf"</?([a-zA-Z][^\t\n\f\r />]*+){attributes.TAIL}")
_NEXT = re.compile(r"<[a-zA-Z/!?]")
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_BOGUS = re.compile(r"</?[^a-zA-Z>]?[^>]*+>")
_IN_SCRIPT = re.compile(r"<!--|-->|<(/?)script(?=[\t\n\f\r />])", re.IGNORECASE | re.ASCII)
_TEXT = ("iframe", "noembed", "noframes", "noscript", "style", "textarea", "title", "xmp")
_ENDS = {name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE | re.ASCII) for name in _TEXT}
_Open = dict[str, list[tuple["Tag", int]]]  # what is open, with the depth in a drawing
_LASTING = {"html", "head", "body", "frameset"}  # their end tags end nothing that is open
NESTING = ("video", "audio", "object")


@dataclass(slots=True, eq=False)
class Tag:
    """A start tag between `start` and `end`. Its element goes on to `until`; None where no end tag was found.

    `waits` inside a template, which is inert. `spare` inside noscript. `drawn` as part of SVG or MathML; where it ends
    a drawing, `way_out` are the end tags for that. `limit` is where the text ends that it stands in.
    """

    name: str
    start: int
    end: int
    limit: int
    attributes: dict[str, str]
    waits: bool
    spare: bool
    drawn: bool
    way_out: str
    until: int | None = None


def tags(html: str, names: Collection[str] | None = None) -> list[Tag]:
    """The start tags with one of these names, or all, in the order of the text."""
    return _Reading(html, names, 0, len(html)).run()


@dataclass
class _Reading:
    html: str
    names: Collection[str] | None
    at: int
    limit: int
    spare: bool = False
    waits: bool = False
    found: list[Tag] = field(default_factory=list)
    foreign: Foreign = field(default_factory=Foreign)
    # Of each open template: was something waiting before it, how deep in a drawing, what was open around it.
    templates: list[tuple[bool, int, _Open]] = field(default_factory=list)
    open: _Open = field(default_factory=dict)
    around: Counter[str] = field(default_factory=Counter)  # how many elements of each name may be open

    def run(self) -> list[Tag]:
        while self.at < self.limit and (found := _NEXT.search(self.html, self.at, self.limit)):
            self.at = found.start()
            tag = _TAG.match(self.html, self.at, self.limit)
            if tag is None:
                self.at = self._after_no_tag()
            elif self.html[self.at + 1] == "/":
                self._end(tag[1].lower(), tag.end())
            else:
                self._start(tag[1].lower(), tag)
        return self.found

    def _after_no_tag(self) -> int:
        """Behind a comment, a doctype or CDATA; a tag that is not closed is dropped with all that follows."""
        if self.html.startswith("<!--", self.at):
            found = _COMMENT.match(self.html, self.at, self.limit)
        elif self.foreign.drawing and self.html.startswith("<![CDATA[", self.at):
            found = _CDATA.match(self.html, self.at, self.limit)
            self._foresee(found.end() if found else self.limit)
        elif self.html[self.at + 1 : self.at + 3].lstrip("/")[:1].isalpha():
            found = None
        else:
            found = _BOGUS.match(self.html, self.at, self.limit)
        return found.end() if found else self.limit

    def _foresee(self, end: int) -> None:
        """Browsers look ahead for what to fetch, with less care: to that look the text of CDATA is tags."""
        ahead = _Reading(self.html, self.names, self.at + len("<![CDATA["), end, self.spare, self.waits).run()
        for tag in ahead:
            tag.drawn, tag.way_out = True, ""
        self.found += ahead

    def _end(self, name: str, end: int) -> None:
        self.at = end
        if self.foreign.end(name):
            return
        if self.foreign.drawing and self.around[name]:
            self.foreign.leave_perhaps()  # the end of something around a drawing that nobody ended
        self.around[name] -= self.around[name] > 0
        if name == "template":
            self._end_template()
        elif self.open.get(name):
            tag, depth = self.open[name].pop()
            tag.until = end
            self.foreign.cut(depth)

    def _end_template(self) -> None:
        self.open = {}  # what is open ends with the template; without one, it is not to be put inside another
        if self.templates:
            self.waits, depth, self.open = self.templates.pop()
            self.foreign.cut(depth)

    def _start(self, name: str, found: re.Match[str]) -> None:
        start, self.at, text = found.start(), found.end(), found[0]
        drawn = self.foreign.start(name, text, empty=found[2].endswith("/"))
        tag = None
        if self.names is None or name in self.names:
            said = attributes.of(text)
            tag = Tag(name, start, self.at, self.limit, said, self.waits, self.spare, drawn, self.foreign.way_out)
            self.found.append(tag)
        if not drawn:
            self.around[name] += name not in _LASTING
            self._inside(name, text, tag)

    def _inside(self, name: str, text: str, tag: Tag | None) -> None:
        if name == "template":
            self.templates.append((self.waits, self.foreign.depth, self.open))
            # A declarative shadow root's content is the page's.
            self.waits |= attributes.of(text).get("shadowrootmode", "").lower() not in {"open", "closed"}
            self.open = {}
        elif name in NESTING and tag:
            self.open.setdefault(name, []).append((tag, self.foreign.depth))
        elif name == "plaintext":
            self.at = self.limit
        elif name == "script" or (name in _ENDS and not (name == "noscript" and self.spare)):
            self._text(name, tag)

    def _text(self, name: str, tag: Tag | None) -> None:
        """To the end of an element in which no tag counts but its own end."""
        inside = self.at
        self.at = self._end_of_script() if name == "script" else self._end_of_text(_ENDS[name])
        if name == "noscript":
            # Text for some browsers, tags for others.
            others = _Reading(self.html, self.names, inside, self.at, spare=True, waits=self.waits)
            self.found += others.run()
        ended = _TAG.match(self.html, self.at, self.limit)
        self.at = ended.end() if ended else self.limit
        if tag and ended:
            tag.until = self.at

    def _end_of_text(self, end: re.Pattern[str]) -> int:
        found = end.search(self.html, self.at, self.limit)
        return found.start() if found else self.limit

    def _end_of_script(self) -> int:
        """A script that writes a script inside a comment has two ends (HTML, 13.2.5.20 to 31)."""
        at, hidden, twice = self.at, False, False
        while found := _IN_SCRIPT.search(self.html, at, self.limit):
            at = found.end()
            if found[0] == "<!--":
                hidden, at = True, found.start() + 2  # its dashes may be those of -->
            elif found[0] == "-->":
                hidden = twice = False
            elif not found[1]:
                twice = hidden
            elif twice:
                twice = False
            else:
                return found.start()
        return self.limit
