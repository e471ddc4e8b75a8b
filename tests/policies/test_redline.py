"""Does a redline show exactly what changed, and lose no word and no tag?"""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.compare.markup import BLOCKS, VOID, read
from policies.compare.redline import LinkChange, redline

WORDS = st.sampled_from(["we", "keep", "data,", "for", "year.", "(unless)", "e-mail", "3.5", "&", "<now>", "данные"])
INLINE = ["<b>{}</b>", "<i>{}</i>", '<a href="/a">{}</a>', '<a href="/b">{}</a>', "{}", "{}", "{}", "{}<br/>"]


def escaped(words: list[str]) -> str:
    return " ".join(words).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


TEXT = st.lists(WORDS, min_size=1, max_size=5).map(escaped)
PIECE = st.builds(str.format, st.sampled_from(INLINE), TEXT)
LINE = st.builds(str.join, st.sampled_from([" ", ""]), st.lists(PIECE, min_size=1, max_size=4))


def blocks(tag: str, inside: st.SearchStrategy[str], most: int) -> st.SearchStrategy[str]:
    return st.lists(inside.map(f"<{tag}>{{}}</{tag}>".format), min_size=1, max_size=most).map("".join)


LIST = st.sampled_from(["ul", "ol"]).flatmap(lambda tag: blocks(tag, blocks("li", LINE, 4), 1))
NESTED = st.builds("<ul><li>{}{}</li></ul>".format, LINE, LIST)
TABLE = blocks("table", blocks("tbody", blocks("tr", blocks("td", LINE, 3), 3), 1), 1)
DEFINITIONS = st.builds("<dl><dt>{}</dt><dd>{}</dd></dl>".format, TEXT, blocks("p", LINE, 2))
HTML = st.lists(st.one_of(blocks("p", LINE, 2), LIST, NESTED, TABLE, DEFINITIONS), max_size=3).map("".join)


class Shown(HTMLParser):
    """A fragment without one of the two marks: its words, and each letter with the tags around it. Fails for tags that
    do not nest."""

    def __init__(self, leave_out: str) -> None:
        super().__init__()
        self.leave_out, self.open, self.said = leave_out, list[str](), ""
        self.letters: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        assert not (tag in BLOCKS and {"ins", "del", "a", "b", "i"} & set(self.open)), f"<{tag}> in {self.open}"
        assert tag not in self.open or tag not in {"a", "ins", "del"}, f"<{tag}> in <{tag}>"
        self.said += " " if tag in BLOCKS else ""
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag
        self.said += " " if tag in BLOCKS else ""

    def handle_data(self, data: str) -> None:
        if self.leave_out not in self.open:
            self.said += data
            tags = tuple(tag for tag in self.open if tag != "ins")
            self.letters += [(letter, tags) for letter in data if letter.strip()]


def shown(html: str, *, without: str = "") -> Shown:
    reader = Shown(without)
    reader.feed(html)
    reader.close()
    assert not reader.open
    return reader


def words(html: str, *, without: str = "") -> list[str]:
    return shown(html, without=without).said.split()


@settings(max_examples=200, deadline=None)
@given(HTML, HTML)
def test_accepting_gives_the_new_words_and_rejecting_the_old_ones(old: str, new: str) -> None:
    marked = redline(old, new).html
    assert words(marked, without="del") == words(new)
    assert words(marked, without="ins") == words(old)
    assert shown(marked, without="del").letters == shown(new).letters


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECE, min_size=1, max_size=8), st.data())
def test_an_edited_line_loses_no_word_and_no_tag(pieces: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(pieces) - 1))
    edited = [*pieces[:place], *data.draw(st.lists(PIECE, max_size=2)), *pieces[place + 1 :]]
    old, new = (f"<p>{' '.join(line)}</p>" for line in (pieces, edited))
    marked = redline(old, new).html
    assert words(marked, without="del") == words(new)
    assert words(marked, without="ins") == words(old)
    assert shown(marked, without="del").letters == shown(new).letters


@settings(max_examples=60, deadline=None)
@given(HTML)
def test_a_text_that_stayed_has_no_marks(html: str) -> None:
    found = redline(html, html)
    assert (found.words_in, found.words_out, found.links, found.reformatted) == (0, 0, [], False)
    assert not re.search("<(ins|del)>", found.html)
    assert words(found.html) == words(html)


@pytest.mark.parametrize(
    ("old", "new", "marked"),
    [
        ("<p>We keep it.</p>", "<p>We keep it long.</p>", "<p>We keep it<ins> long</ins>.</p>"),
        ("<p>We keep it.</p>", "<p>We lose it.</p>", "<p>We <del>keep</del><ins>lose</ins> it.</p>"),
        (
            "<p>the cat sat on a mat</p>",
            "<p>we tell the world now</p>",
            "<p><del>the cat sat on a mat</del><ins>we tell the world now</ins></p>",
        ),
        (
            '<p>See <a href="/x">our policy page</a>.</p>',
            '<p>See <a href="/x">our page</a>.</p>',
            '<p>See <a href="/x">our <del>policy</del> page</a>.</p>',
        ),
        (
            '<p>Now <a href="/x">the page</a></p>',
            '<p>Now read <a href="/x">all the page</a></p>',
            '<p>Now <ins>read </ins><a href="/x"><ins>all</ins> the page</a></p>',
        ),
        ("<p>a b</p>", "<p>a <b>new and bold</b> b</p>", "<p>a <ins><b>new and bold</b></ins> b</p>"),
        ("Data &amp; use", "Data &amp; &lt;us&gt;", " Data &amp; <del>use</del><ins>&lt;us&gt;</ins>"),
        (
            "<ul><li>one</li><li>two</li></ul>",
            "<ul><li>one</li><li>new</li><li>two</li></ul>",
            "<ul><li>one</li><li><ins>new</ins></li><li>two</li></ul>",
        ),
        (
            "<table><tr><th>A</th><td>1 year</td></tr></table>",
            "<table><tr><th>B</th><td>1 day</td></tr><tr><th>A</th><td>2 years</td></tr></table>",
            "<table><tr><th><ins>B</ins></th><td><ins>1 day</ins></td></tr>"
            "<tr><th>A</th><td><del>1 year</del><ins>2 years</ins></td></tr></table>",
        ),
        ("<p>它保留数据。</p>", "<p>它不保留数据。</p>", "<p>它<ins>不</ins>保留数据。</p>"),
        ("<p>kept 3.5 days</p>", "<p>kept 3.6 days</p>", "<p>kept <del>3.5</del><ins>3.6</ins> days</p>"),
    ],
)
def test_changes_are_marked_word_by_word(old: str, new: str, marked: str) -> None:
    assert redline(old, new).html == marked


def test_marks_in_the_text_itself_are_not_ours() -> None:
    assert "<ins>" not in redline("<p><ins>a</ins> b c</p>", "<p><ins>a</ins> b</p>").html


def test_a_word_between_large_changes_is_part_of_them() -> None:
    old, new = (
        "<p>Stay. alpha beta gamma delta and eins zwei drei vier stay here too</p>",
        ("<p>Stay. one two three four and fünf sechs sieben acht stay here too</p>"),
    )
    assert redline(old, new).html.count("<del>") == 1


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ('<a href="/x">our page</a>', '<a href="/y">our page</a>', LinkChange("our page", "/x", "/y")),
        ("our page", '<a href="/y?a=1&amp;b=2">our page</a>', LinkChange("our page", "", "/y?a=1&b=2")),
        ('<a href="/x">our page</a>', "our page", LinkChange("our page", "/x", "")),
        ('Read. Or <a href="/x">our page</a>', "Read.", LinkChange("our page", "/x", "")),
        ("Read this.", 'Read this. <a href="/y">All of it</a>', LinkChange("All of it", "", "/y")),
    ],
)
def test_a_link_that_leads_elsewhere_is_told(old: str, new: str, change: LinkChange) -> None:
    assert redline(f"<p>{old}</p>", f"<p>{new}</p>").links == [change]


def test_a_reworded_link_to_the_same_address_is_no_change_of_links() -> None:
    assert redline('<p><a href="/x">here</a> now</p>', '<p><a href="/x">there</a> now</p>').links == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<p>We keep it.</p>", "<p>We <b>keep</b> it.</p>"),
        ("<p>We keep it.</p>", "<ul><li>We keep it.</li></ul>"),
        ("<p>We keep it.</p><p>Long.</p>", "<p>We keep it. Long.</p>"),
        ("<ul><li>a</li></ul>", "<ol><li>a</li></ol>"),
    ],
)
def test_another_format_is_told_and_not_painted(old: str, new: str) -> None:
    found = redline(old, new)
    assert (found.reformatted, found.words_in, found.words_out) == (True, 0, 0)
    assert found.html == new


def test_a_deep_text_is_read_without_a_tag_too_many() -> None:
    assert read("<p>a<p>b</div></li>").texts() == ["a", "b"]
