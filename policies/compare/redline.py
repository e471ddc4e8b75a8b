"""How does a clause's HTML read with the changes marked, and what changed besides its words?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import chain, groupby, takewhile

from rapidfuzz.distance import Indel

from policies.compare.markup import Block, Tag, Word, read
from policies.compare.stretches import Stretch, stretches

INS, DEL = Tag("ins", "<ins>"), Tag("del", "<del>")
ALIKE = 0.4  # of the words of two blocks, for the one to count as the other, reworded
MANY = 2500  # comparisons of blocks with blocks: beyond it they pair off by their places
LIKE_EACH_OTHER = [{"ul", "ol"}, {"", "p"}, {"td", "th"}, {"h2", "h3", "h4"}]


@dataclass(frozen=True)
class LinkChange:
    """Words that led to one address and lead to another; "" is none."""

    words: str
    old: str
    new: str


@dataclass
class Redline:
    """The new HTML with what changed in `<ins>` and `<del>`, and what these cannot show."""

    parts: list[str] = field(default_factory=list)
    words_in: int = 0
    words_out: int = 0
    stayed: list[tuple[Word, Word]] = field(default_factory=list)
    links: list[LinkChange] = field(default_factory=list)
    reformatted: bool = False

    @property
    def html(self) -> str:
        return "".join(self.parts)


def redline(old: str, new: str) -> Redline:
    """From one HTML to another. Without the `<del>`s it has the new words, without the `<ins>`s the old ones."""
    before, after = read(old), read(new)
    found = Redline()
    _children(found, before, after)
    found.links = _links(found.stayed, before, after)
    reformatted = any(_format(was) != _format(now) for was, now in found.stayed if was.tags or now.tags)
    only_markup = old != new and not (found.words_in or found.words_out or found.links)
    found.reformatted = reformatted or only_markup
    return found


def _format(word: Word) -> list[str]:
    return [tag.name for tag in word.tags if tag.name != "a"]


def _links(stayed: list[tuple[Word, Word]], before: Block, after: Block) -> list[LinkChange]:
    """First those on words that stayed, then addresses that came or went with their words."""
    runs = groupby(stayed, key=lambda pair: (pair[0].href, pair[1].href))
    found = [LinkChange(_said(now for _was, now in run), *hrefs) for hrefs, run in runs if hrefs[0] != hrefs[1]]
    kept = {tag for pair in stayed for word in pair for tag in word.tags}
    gone, come = _addresses(before, kept), _addresses(after, kept)
    found += [LinkChange(words, href, "") for href, words in gone.items() if href not in come]
    found += [LinkChange(words, "", href) for href, words in come.items() if href not in gone]
    return found


def _addresses(block: Block, kept: set[Tag]) -> dict[str, str]:
    """Addresses of the links none of whose words stayed, with their words."""
    links: dict[str, list[Word]] = {}
    for word in block.words():
        if word.href and not kept.intersection(tag for tag in word.tags if tag.name == "a"):
            links.setdefault(word.href, []).append(word)
    return {href: _said(words) for href, words in links.items()}


def _said(words: Iterable[Word]) -> str:
    return "".join(word.gap + word.text for word in words if not word.element).strip()


def _children(found: Redline, old: Block, new: Block) -> None:
    """What stands inside two blocks that are one, before and after."""
    if not old.children and not new.children:
        _line(found, old.line, new.line)
        return
    if _shape(old) != _shape(new) and old.texts() == new.texts():
        _stays(found, old.words(), new)
        return
    for was, now in _aligned(_blocks(old), _blocks(new)):
        _block(found, was, now)


def _shape(block: Block) -> list[tuple[str, int]]:
    return [(block.name, len(block.line)), *chain.from_iterable(map(_shape, block.children))]


def _stays(found: Redline, old: Iterator[Word], new: Block) -> None:
    """The same words in other blocks: they stay where they are now."""
    writer = _Writer(found.parts)
    for now in new.line:
        found.stayed.append((next(old), now))
        writer.write(now.gap, now.gap_tags)
        writer.word(now, now.tags)
    writer.close()
    for child in new.children:
        found.parts.append(child.tag.source if child.tag else " ")
        _stays(found, old, child)
        found.parts.append(f"</{child.name}>" if child.tag else "")


def _block(found: Redline, was: Block | None, now: Block | None) -> None:
    """One block; where it has no counterpart its tags stay as they are, and all its words are marked."""
    shown = now or was or Block()
    found.parts.append(shown.tag.source if shown.tag else " ")
    if was and now:
        _children(found, was, now)
    elif shown.children:
        for child in shown.children:
            _block(found, child if was else None, child if now else None)
    else:
        _line(found, was.line if was else [], now.line if now else [])
    found.parts.append(f"</{shown.name}>" if shown.tag else "")


def _blocks(block: Block) -> list[Block]:
    return block.children or ([Block(line=block.line)] if block.line else [])


def _aligned(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[Block | None, Block | None]]:
    """Blocks with the same words are one; between these, those that read most alike, in their order."""
    if len(old) == len(new) == 1:
        yield from _gap(old, new)
        return
    before, after = [_key(block) for block in old], [_key(block) for block in new]
    was = now = 0
    for step in Indel.opcodes(before, after):
        if step.tag == "equal":
            yield from _gap(old[was : step.src_start], new[now : step.dest_start])
            yield from zip(old[step.src_start : step.src_end], new[step.dest_start : step.dest_end], strict=True)
            was, now = step.src_end, step.dest_end
    yield from _gap(old[was:], new[now:])


def _key(block: Block) -> str:
    return "\0".join([block.name, *block.texts()])


def _gap(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[Block | None, Block | None]]:
    start = 0
    for place, now in enumerate(new):
        match = _counterpart(old, start, new, place)
        if match is None:
            yield None, now
            continue
        yield from ((was, None) for was in old[start:match])
        yield old[match], now
        start = match + 1
    yield from ((was, None) for was in old[start:])


def _counterpart(old: Sequence[Block], start: int, new: Sequence[Block], place: int) -> int | None:
    """Where in `old`, from `start` on, the block stands that became `new[place]`."""
    now = new[place]
    if len(old) * len(new) > MANY or len(old) == len(new):
        return place if start <= place < len(old) and _may_pair(old[place], now) else None
    scores = [(_likeness(old[at], now), -at) for at in range(start, len(old)) if _may_pair(old[at], now)]
    best = max(scores, default=(0.0, 0))
    return -best[1] if best[0] > ALIKE else None


def _likeness(was: Block, now: Block) -> float:
    """From 0 to 1; a row of a table is known by its first cell."""
    rows = was.name == now.name == "tr" and was.children and now.children
    if rows and was.children[0].texts() == now.children[0].texts():
        return 1.0
    return Indel.normalized_similarity(was.texts(), now.texts())


def _may_pair(was: Block, now: Block) -> bool:
    return was.name == now.name or any({was.name, now.name} <= names for names in LIKE_EACH_OTHER)


def _line(found: Redline, old: Sequence[Word], new: Sequence[Word]) -> None:
    writer = _Writer(found.parts)
    for stretch in stretches(old, new):
        was, now = old[stretch.was : stretch.was_end], new[stretch.now : stretch.now_end]
        if stretch.same:
            found.stayed += zip(was, now, strict=True)
            _same(writer, was, now)
        else:
            found.words_out += sum(word.counts for word in was)
            found.words_in += sum(word.counts for word in now)
            _changed(writer, old, new, stretch)
    writer.close()


def _same(writer: "_Writer", old: Sequence[Word], new: Sequence[Word]) -> None:
    for was, now in zip(old, new, strict=True):
        if bool(was.gap) == bool(now.gap):
            writer.write(now.gap, now.gap_tags)
        else:
            writer.write(was.gap, (DEL,))
            writer.write(now.gap, (INS,))
        writer.word(now, now.tags)


def _changed(writer: "_Writer", old: Sequence[Word], new: Sequence[Word], stretch: Stretch) -> None:
    """The words that went, inside what is open around that place, then those that came."""
    was, now = old[stretch.was : stretch.was_end], new[stretch.now : stretch.now_end]
    shared = _gap_outside(was, now, old[stretch.was_end :], new[stretch.now_end :])
    context = _around(new, stretch.now)
    if shared:
        writer.write(shared, context)
    beyond = _beyond(old, stretch.was, stretch.was_end)
    for place, word in enumerate(was):
        own, of_gap = (_own(tags, beyond, context) for tags in (word.tags, word.gap_tags))
        writer.write("" if shared and not place else word.gap, (*context, DEL, *of_gap))
        writer.word(word, (*context, DEL, *own))
    beyond = _beyond(new, stretch.now, stretch.now_end)
    for place, word in enumerate(now):
        writer.write("" if shared and not place else word.gap, _marked(word.gap_tags, beyond))
        writer.word(word, _marked(word.tags, beyond))


def _own(tags: tuple[Tag, ...], beyond: set[Tag], context: tuple[Tag, ...]) -> tuple[Tag, ...]:
    """The tags that went with a word, and may stand in `context`: a link within a link is no HTML."""
    names = {tag.name for tag in context}
    return tuple(tag for tag in tags if tag not in beyond and tag.name not in names)


def _marked(tags: tuple[Tag, ...], beyond: set[Tag]) -> tuple[Tag, ...]:
    """The mark stands inside the tags that hold other words as well."""
    outer = len(list(takewhile(beyond.__contains__, tags)))
    return (*tags[:outer], INS, *tags[outer:])


def _gap_outside(was: Sequence[Word], now: Sequence[Word], old_rest: Sequence[Word], new_rest: Sequence[Word]) -> str:
    """The space before a change, where it may stand outside without a word growing into its neighbour."""
    first = [words[0].gap for words in (was, now) if words]
    following = [words[0].gap for words in (old_rest, new_rest) if words]
    return first[0] if all(first) and (len(first) == 2 or all(following)) else ""


def _around(words: Sequence[Word], place: int) -> tuple[Tag, ...]:
    """The tags that are open between two words."""
    if not 0 < place < len(words):
        return ()
    pairs = zip(words[place - 1].tags, words[place].tags, strict=False)
    return tuple(tag for tag, _same in takewhile(lambda pair: pair[0] is pair[1], pairs))


def _beyond(words: Sequence[Word], start: int, end: int) -> set[Tag]:
    """The tags of the words from `start` to `end` that hold others as well: they are not part of the change."""
    neighbours = chain(words[max(0, start - 1) : start], words[end : end + 1])
    return {tag for word in neighbours for tag in word.tags}


class _Writer:
    """Writes words one after another, opening and closing no tag more than they need."""

    def __init__(self, parts: list[str]) -> None:
        self.parts = parts
        self.open: tuple[Tag, ...] = ()

    def word(self, word: Word, tags: tuple[Tag, ...]) -> None:
        self.write(word.text if word.element else escape(word.text, quote=False), tags)

    def write(self, html: str, tags: tuple[Tag, ...]) -> None:
        if not html:
            return
        if tags != self.open:  # tags are compared one by one, each equal to itself alone
            self._reopen(tags)
        self.parts.append(html)

    def close(self) -> None:
        self._reopen(())

    def _reopen(self, tags: tuple[Tag, ...]) -> None:
        same = len(list(takewhile(lambda pair: pair[0] is pair[1], zip(self.open, tags, strict=False))))
        self.parts += [f"</{tag.name}>" for tag in reversed(self.open[same:])]
        self.parts += [tag.source for tag in tags[same:]]
        self.open = tags
