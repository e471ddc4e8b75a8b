"""Which tags of a page fetch what needs permission, and what is written around them?"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from consent import wording
from consent.catalogue import Content, Published
from consent.enforce import addresses, attributes, declared, markup
from consent.enforce.gates import placeholders
from consent.enforce.markup import Tag

Frame = Callable[[Content, str], str]  # the address of a service's frame in a page of this site
MARKER = "<!--consent:ahead-->"
_NAMES = "|".join(sorted(addresses.TAGS - {"body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"}))
# Also one that begins inside what looks like another: that may be a comment, and this may be none.
_FETCHING = re.compile(rf"<(?=((?:{_NAMES})(?=[\t\n\f\r /]){attributes.TAIL}))")
_OUTWARD = re.compile(r"[:\\&]|/[\t\n\r]*/")
_BACKGROUND = re.compile(r"background[\t\n\f\r ]*=")
_OWN_HEAD = re.compile(
    r"\s*<!doctype html>\s*<html[^<>]*>\s*<head>(?:\s*<meta[^<>]*>)*\s*<style>[^<]*</style>\s*", re.IGNORECASE
)
_LONG = 4000  # characters of a tag after which looking closely is cheaper


def gate(html: str, published: Published, language: str, *, frame: Frame) -> str:
    """The page with everything that a choosable service would load inside templates, and words in place of frames.
    What waits for nothing keeps its bytes; a page without anything of others is returned as it is."""
    if not reaches_out(_without_own(html, published, language)):
        return html
    return _Page(html, published, language, frame).rewritten()


def reaches_out(html: str) -> bool:
    """May a tag of this page fetch from elsewhere? Cheap, and never No where one does."""
    small = html.lower()
    if "background" in small and _BACKGROUND.search(small):
        return True
    return any(_leads_away(found[1]) for found in _FETCHING.finditer(small))


def _without_own(html: str, published: Published, language: str) -> str:
    """The page less the gates that its head was given: nearly every page has these, and many have nothing else of
    others. Only in a head that nobody wrote anything into before them, where what looks like a template is one."""
    own = str(published.made.get(("gates", language), ""))
    start = html.find(own + MARKER) if own else -1
    return html[:start] + html[start + len(own) :] if start >= 0 and _OWN_HEAD.fullmatch(html, 0, start) else html


def _leads_away(tag: str) -> bool:
    if len(tag) > _LONG:
        return True
    if not _OUTWARD.search(tag):
        return False
    said = attributes.of(f"<{tag}")
    if "srcdoc" in said:
        return True
    name = re.split(r"[\t\n\f\r />]", tag, maxsplit=1)[0]
    drawn = (said.get(key, "") for key in ("href", "xlink:href") if name != "link")
    written = [address for _key, address, _kind in addresses.fetched(name, said)]
    return any(addresses.network(address) for address in (*written, *drawn))


@dataclass
class _Page:
    html: str
    published: Published
    language: str
    frame: Frame
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    early: dict[str, None] = field(default_factory=dict)
    around: list[tuple[int, set[str]]] = field(default_factory=list)  # until where which services' permission is given
    base: str | None = None

    def rewritten(self) -> str:
        for tag in markup.tags(self.html, addresses.TAGS):
            self._look_at(tag)
        if not self.edits:
            return self.html
        self.edits += self._ahead()
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        at = 0
        for start, end, text in sorted(self.edits, key=lambda edit: edit[0]):
            yield self.html[at:start]
            yield text
            at = end
        yield self.html[at:]

    def _look_at(self, tag: Tag) -> None:
        if tag.waits:
            return
        if tag.name == "base":
            if self.base is None and "href" in tag.attributes:
                self.base = addresses.network(tag.attributes["href"])
            return
        found = self._needed(tag)
        if not found:
            return
        if tag.drawn or tag.name == "frame" or "background" in {key for key, _address, _service in found}:
            self._disarm(tag, {key for key, _address, _service in found})
        else:
            self._hold(tag, found)

    def _needed(self, tag: Tag) -> list[tuple[str, str, Content]]:
        """Attribute, address and service of all that needs a permission which nothing around asks for already."""
        self.around = [(until, keys) for until, keys in self.around if until > tag.start]
        given = {key for _until, keys in self.around for key in keys}
        wanted = addresses.of(tag, self.base or "")
        if tag.name == "iframe" and "srcdoc" in tag.attributes:
            inner = markup.tags(tag.attributes["srcdoc"], addresses.TAGS)
            fetched = [one for inside in inner for one in addresses.of(inside, self.base or "")]
            wanted = [("srcdoc", where, kind) for _key, where, kind in fetched]
        found = ((key, where, declared.needing_permission(where, kind, self.published)) for key, where, kind in wanted)
        return [(key, where, service) for key, where, service in found if service and service["key"] not in given]

    def _disarm(self, tag: Tag, keys: set[str]) -> None:
        """Where no template can stand, the attribute gets a name that fetches nothing."""
        for name, _value, place in attributes.each(self.html[tag.start : tag.end]):
            if name in keys:
                self.edits.append((tag.start + place, tag.start + place, "data-waiting-"))

    def _hold(self, tag: Tag, found: list[tuple[str, str, Content]]) -> None:
        services = {service["key"]: service for _key, _address, service in found}
        key, address, service = found[0]
        is_frame = tag.name == "iframe"
        inside = placeholders.iframe(tag.attributes) if is_frame else self.html[tag.start : tag.end]
        if is_frame and key == "src" and not (tag.spare or placeholders.is_hidden(tag.attributes)):
            words = {**wording.WORDS, **self.published.words(self.language)}  # earlier configurations lack some
            before = placeholders.embed(service, tag.attributes, address, words, self.frame(service, address))
            after = "</template></candor-embed>"
        else:
            advanced = tag.name == "script" and all(map(self.published.waits_for_nobody, services.values()))
            before = "".join(placeholders.template(one, advanced=advanced) for one in services.values())
            after = "</template>" * len(services)
        self._write(tag, f"{tag.way_out}{before}{inside}", after, set(services))
        self._early(tag, address, service)

    def _write(self, tag: Tag, before: str, after: str, keys: set[str]) -> None:
        end = tag.until
        if end is None and tag.name in {"iframe", "script"}:
            end, after = tag.limit, f"</{tag.name}>{after}"  # browsers read all the rest as its text
        elif end is None:
            end, after = tag.end, f"</{tag.name}>{after}" if tag.name in markup.NESTING else after
        self.edits += [(tag.start, tag.end, before), (end, end, after)]
        self.around.append((end, keys))

    def _early(self, tag: Tag, address: str, service: Content) -> None:
        marker = self.html.find(MARKER)
        if 0 <= marker < tag.start and tag.name in {"script", "iframe"} and not tag.spare:
            link = placeholders.ahead(tag.name, tag.attributes, address)
            self.early |= {placeholders.template(service, link): None} if link else {}

    def _ahead(self) -> list[tuple[int, int, str]]:
        place = self.html.find(MARKER) + len(MARKER)
        return [(place, place, "".join(self.early))] if self.early else []
