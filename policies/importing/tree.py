"""Which tree of elements is an HTML text, with the end tags that its author was free to leave out?"""

from itertools import islice
from typing import Any

from bs4 import BeautifulSoup, Tag

LEVELS = 150  # of elements; a page that people wrote has forty, and each one costs a call
LISTS = frozenset({"ul", "ol", "menu", "dir"})
_CELLS, _GROUPS = frozenset({"td", "th"}), frozenset({"thead", "tbody", "tfoot"})
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer", "form"}
    | {"h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "p", "pre", "section", "table"}
    | LISTS
)
# What a start tag ends, and what it never reaches beyond.
_ENDS = {
    "li": (frozenset({"li"}), LISTS),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "td": (_CELLS, frozenset({"tr", "table"})),
    "th": (_CELLS, frozenset({"tr", "table"})),
    "tr": (frozenset({"tr"}), frozenset({"table"}) | _GROUPS),
    "option": (frozenset({"option"}), frozenset({"select"})),
}
_ENDS |= dict.fromkeys(_GROUPS, (_GROUPS, frozenset({"table"})))
_ENDS |= dict.fromkeys(_BLOCKS, (frozenset({"p"}), _BLOCKS - {"p"} | _CELLS | {"li", "dd", "dt", "caption"}))
_FAR = 50  # elements; nobody leaves more than that open


class _Page(BeautifulSoup):
    """html.parser leaves "<li>a<li>b" nested; the standard says that the second <li> ends the first."""

    def handle_starttag(self, name: str, *args: Any, **kwargs: Any) -> Tag | None:
        ended, within = _ENDS.get(name, (frozenset(), frozenset()))
        for tag in islice(self.currentTag.self_and_parents if ended and self.currentTag else (), _FAR):
            if not isinstance(tag, Tag) or tag.name in within:
                break
            if tag.name in ended:
                self.handle_endtag(tag.name)
                break
        return super().handle_starttag(name, *args, **kwargs)


def parse(text: str) -> BeautifulSoup:
    """Raises ValueError for a page that is not closed properly, or nested beyond reason."""
    if text.count("<!--") > text.count("-->") + 10 or text.count("<") > text.count(">") + 1000:
        raise ValueError("The HTML is broken: its tags or comments are not closed; save it again from a browser.")
    page = _Page(text, "html.parser")
    _refuse_depth(page)
    _wrap_loose_words(page)
    return page


def _refuse_depth(page: BeautifulSoup) -> None:
    level: list[Tag] = [page]
    for _ in range(LEVELS):
        level = [child for tag in level for child in tag.contents if isinstance(child, Tag)]
        if not level:
            return
    raise ValueError(f"The HTML is nested deeper than {LEVELS} levels: save it as simpler HTML, Markdown or text.")


def _wrap_loose_words(page: BeautifulSoup) -> None:
    """Makes an item of what stands between the items of a list: no browser drops it either."""
    for tag in page.find_all(LISTS):
        for child in list(tag.children):
            is_item = isinstance(child, Tag) and child.name in {"li", *LISTS}
            if not is_item and (isinstance(child, Tag) or str(child).strip()):
                child.wrap(page.new_tag("li"))
