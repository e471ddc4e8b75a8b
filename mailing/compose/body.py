"""What has an editor written: the sections of a text for the layout, the same as plain text, and where it links to?"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from django.conf import settings
from django.utils.safestring import mark_safe
from wagtail.images.models import AbstractImage
from wagtail.rich_text import expand_db_html

from mailing.compose import merge
from mailing.models import Text

WIDE, NARROW = 536, 252  # CSS pixels of an image across the mail, and in one of two columns
_URL = re.compile(r"https?://[^\s<>\"'()\[\]{}]*[^\s<>\"'()\[\]{}.,:;!?]")
_LINE_BETWEEN = re.compile(r"^\s*\n\s*$")  # between two tags; mrml drops it, and the words run together
_BLOCKS = ["p", "h1", "h2", "h3", "h4", "li", "ul", "ol", "hr", "blockquote"]
Link = Callable[[str], str]  # the address a reader is given, for the one that was written


@dataclass(frozen=True)
class Picture:
    url: str
    width: int  # CSS pixels; the file has up to twice as many
    height: int
    alt: str
    is_decorative: bool = False


@dataclass(frozen=True)
class Section:
    """A block of a mail, ready for the layout but for its gaps and links. `kind` is the block's."""

    kind: str
    words: str = ""  # of a heading or a button
    html: str = ""
    url: str = ""
    picture: Picture | None = None
    columns: list["Section"] = field(default_factory=list)
    first: bool = False  # the first heading: the title of the mail

    def filled(self, values: Mapping[str, str], link: Link) -> "Section":
        return Section(
            self.kind,
            words=merge.fill(self.words, values),
            html=mark_safe(linked(merge.fill_html(self.html, values), link)),
            url=link(self.url),
            picture=self.picture,
            columns=[column.filled(values, link) for column in self.columns],
            first=self.first,
        )


def sections(text: Text) -> list[Section]:
    found = [_section(block.block_type, block.value) for block in text.body]
    titles = [place for place, section in enumerate(found) if section.kind == "heading"][:1]
    return [
        Section(each.kind, each.words, each.html, each.url, each.picture, each.columns, first=place in titles)
        for place, each in enumerate(found)
    ]


def _section(kind: str, value: Any) -> Section:
    if kind == "heading":
        return Section(kind, words=value)
    if kind == "text":
        return Section(kind, html=_html(value))
    if kind == "image":
        return Section(kind, picture=_picture(value, WIDE))
    if kind == "button":
        page = value.get("page")
        return Section(kind, words=value["label"], url=absolute(page.url or "" if page else value.get("url") or ""))
    if kind == "columns":
        return Section(kind, columns=[_column(column) for column in value])
    return Section(kind)


def _column(value: Any) -> Section:
    image = value.get("image")
    return Section("column", html=_html(value["text"]), picture=_picture(image, NARROW) if image else None)


def _html(rich_text: Any) -> str:
    """Rich text with links that work outside the site as well."""
    soup = BeautifulSoup(expand_db_html(rich_text.source), "html.parser")
    for space in soup.find_all(string=_LINE_BETWEEN):
        space.replace_with(" ")
    return linked(str(soup), absolute)


def _picture(image: AbstractImage, width: int) -> Picture:
    """Twice as wide as it is shown, for sharp screens; a smaller image is shown as wide as it is."""
    rendition = image.get_rendition(f"width-{2 * width}")
    shown = min(width, rendition.width)
    alt = getattr(image, "contextual_alt_text", None)
    height = max(1, round(rendition.height * shown / rendition.width))
    said = image.default_alt_text if alt is None else alt
    return Picture(absolute(rendition.url), shown, height, said, bool(getattr(image, "decorative", False)))


def absolute(address: str) -> str:
    """An address of this site with the site before it, any other as it is; without what would end an attribute."""
    whole = urljoin(f"{settings.SITE_URL}/", address) if address else ""
    return whole.replace('"', "%22").replace("'", "%27").replace("\\", "%5C")


def linked(html: str, link: Link) -> str:
    """`html`, well-formed, with each link's address passed through `link`."""
    soup = BeautifulSoup(html, "html.parser")
    for anchor in soup.find_all("a", href=True):
        anchor["href"] = link(str(anchor["href"]))
    return str(soup)


def links(text: Text) -> list[str]:
    """Every http(s) address that a text links to, once each, in the order of the mail."""
    found: list[str] = []

    def noted(address: str) -> str:
        found.append(address)
        return address

    for section in sections(text):
        section.filled({}, noted)
    found += _URL.findall(text.plain)
    return list(dict.fromkeys(address for address in found if address.startswith(("https://", "http://"))))


def plain(text: Text, parts: list[Section], values: Mapping[str, str], link: Link) -> str:
    """A text as plain text: the editor's own, or made from its sections."""
    if text.plain:
        own = text.plain.replace("\r\n", "\n").strip()
        return merge.fill(_URL.sub(lambda found: link(found[0]), own), values)
    spoken = (_spoken(section, link) for section in parts)
    return merge.fill("\n\n".join(words for words in spoken if words), values)


def _spoken(section: Section, link: Link) -> str:
    if section.kind == "heading":
        return section.words
    if section.kind == "button":
        return f"{section.words}:\n{link(section.url)}"
    if section.kind == "divider":
        return "* * *"
    picture = section.picture.alt if section.picture and section.picture.alt else ""
    said = [f"[{picture}]" if picture else "", from_html(linked(section.html, link))]
    return "\n\n".join(words for words in [*said, *(_spoken(each, link) for each in section.columns)] if words)


def from_html(html: str) -> str:
    """The readable text of rich text: paragraphs apart, list items dashed, link targets in brackets."""
    soup = BeautifulSoup(html, "html.parser")
    for anchor in soup.find_all("a", href=True):
        anchor.append("" if anchor.get_text() == anchor["href"] else f" ({anchor['href']})")
    for item in soup.find_all("li"):
        item.insert(0, "- ")
    for block in soup.find_all(_BLOCKS):
        block.insert_before("\n\n")
        block.insert_after("\n\n")
    for end_of_line in soup.find_all("br"):
        end_of_line.replace_with("\r")
    blocks = (_lines(block) for block in re.split(r"\n\n+", soup.get_text()))
    return "\n\n".join(block for block in blocks if block)


def _lines(block: str) -> str:
    """Spaces and line ends of the HTML mean nothing; a break in it is a line end."""
    return "\n".join(" ".join(line.split()) for line in block.split("\r")).strip()
