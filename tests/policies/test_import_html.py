"""What becomes of the headings, lists, tables, links and marks of a web page?"""

import random
import re

import pytest

from policies import importing
from tests.policies import imported


def read(html: str) -> list[str]:
    """Without the title."""
    return imported.outline(f"<h1>T</h1>{html}", form="html")[1:]


def html(text: str) -> str:
    """The rich text of the one block there is."""
    [(_kind, _number, shown)] = imported.rows(importing.read(f"<h1>T</h1>{text}", form="html"))
    return shown


def notes(text: str) -> list[str]:
    return imported.notes(f"<h1>T</h1>{text}", form="html")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("<h2>1. A</h2><p>1.1 B.</p><p>1.1.1 C.</p>", ["section 1 A", "clause 1.1 B.", "subclause 1.1.1 C."]),
        ("<h2>1. A</h2><p><b>1.1</b> B.<p><b>1.2.</b>&nbsp;C.", ["section 1 A", "clause 1.1 B.", "clause 1.2 C."]),
        ("<p><strong>1. A</strong></p><p>1.1 B.</p>", ["section 1 A", "clause 1.1 B."]),
        ("<p>1. A</p><p>1.1<br>B.</p>", ["section 1 A", "clause 1.1 B."]),
        ("<h2>A</h2>B<div>C<section>D</section>E</div>F", ["section  A", *(f"text  {word}" for word in "BCDEF")]),
        ("<p>A:<ul><li>b<li>c<ul><li>d</ul><li>e</ul>", ["text  A: [ b c [ d ] e ]"]),
        ("<p>A:<ul><li>b</li><ul><li>d</li></ul>loose</ul>", ["text  A: [ b [ d ] loose ]"]),
        ("<p>A:<ol><li>b<li>c</ol><ol><li>d</ol>", ["text  A: [ b c ]", "text  [ d ]"]),
        ("<p>A:<ol start=3><li>b<li value=7>c</ol>", ["text  A: [ 3. b 7. c ]"]),
        ("<p>A:<ol type=A><li>b<li>c</ol>", ["text  A: [ A. b B. c ]"]),
        ("<p>A:<ol type=i start=4><li>b<li>c</ol>", ["text  A: [ iv. b v. c ]"]),
        ("<p>A:<ol reversed><li>b<li>c</ol>", ["text  A: [ 2. b 1. c ]"]),
        ("<p>A:<ol style='list-style-type: lower-alpha' start=27><li>b</ol>", ["text  A: [ aa. b ]"]),
        ("<p>A:<ul><li><p>b</p><p>c</p><ul><li>d</ul>e</ul>", ["text  A: [ b c [ d ] e ]"]),
        ("<table><tr><th>a<th>b<tr><td>c<td></table>", ["text  [ a | b c | ]"]),
        ("<table><tr><td><p>a<p>b<ul><li>c</ul><td>d</table>", ["text  [ a b c | d ]"]),
        ("<table><tr><td>a<table><tr><td>b<td>c</table><td>d</table>", ["text  [ a b c | d ]"]),
        ("<dl><dt>a<dd>b<dd>c<dt>d<dd>e</dl>", ["text  a [ b c ]", "text  d [ e ]"]),
        ("<p>&lt;b&gt; &amp;amp; &copy;&#8212;&nbsp;&#x44f;</p>", ["text  <b> &amp; ©— я"]),
        ("<p>a<!-- b -->c<![CDATA[ d ]]></p>", ["text  ac d"]),
        ("<form><label>a <input value=b></label><button>c</button></form><p>d", ["text  a c", "text  d"]),
        ("<blockquote><p>a<p>b</blockquote><pre>c\n  d</pre>", ["text  a", "text  b", "text  c d"]),
        ("<custom-element>a<p>b</p>c</custom-element>", ["text  a", "text  b", "text  c"]),
        ("<p>5 * 3 * 2 | **a** # b</p>", ["text  5 * 3 * 2 | **a** # b"]),
    ],
)
def test_the_words_of_a_page_keep_their_places(text: str, rows: list[str]) -> None:
    assert read(text) == rows


@pytest.mark.parametrize(
    ("text", "rich"),
    [
        ("<p>a <strong>b <em>c</em></strong>", "<p>a <b>b <i>c</i></b></p>"),
        ("<p>a<br><br/>b<br>", "<p>a<br/>b</p>"),
        (
            "<p>a <a href='https://a.example/?b=1&amp;c=2'>b</a>",
            '<p>a <a href="https://a.example/?b=1&amp;c=2">b</a></p>',
        ),
        ("<p>a <a href='javascript:alert(1)' onclick=b()>b</a>", "<p>a b</p>"),
        ("<p>a <a href='http://a.b/\"c=\"d'>b</a>", '<p>a <a href="http://a.b/&quot;c=&quot;d">b</a></p>'),
        ("<p>a <span style='x'>b</span><u>c</u><b></b>", "<p>a bc</p>"),
        ("<p>a: <ol><li>b<ul><li>c</ul></ol>", "<p>a:</p><ol><li>b<ul><li>c</li></ul></li></ol>"),
        ("<p>a &lt;script&gt; b", "<p>a &lt;script&gt; b</p>"),
    ],
)
def test_only_marks_that_the_editor_can_keep_become_html(text: str, rich: str) -> None:
    assert html(text) == rich


def test_a_mark_may_hold_paragraphs() -> None:
    assert read("<b>a.<p>b.</p></b>c") == ["text  a.", "text  b.", "text  c"]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("<script>1</script><p>a", "a script: left out"),
        ("<style>1</style><p>a", "a style sheet: left out"),
        ("<nav>1</nav><p>a", "a menu: left out"),
        ("<p>a<hr>", "a line drawn across: left out"),
        ("<p>a<img alt=b>", "<img> cannot be kept; its words are"),
        ("<p><a href='/terms/'>a</a>", "a link to '/terms/', which leads nowhere from here: kept as words"),
        ("<table><tr><td>a</table>", "a table: kept as a list, a row an item, its cells apart by “|”"),
    ],
)
def test_what_is_left_out_is_reported(text: str, note: str) -> None:
    assert note in notes(text)
    assert "1" not in "".join(read(text))


@pytest.mark.parametrize(
    ("text", "title", "rows"),
    [
        ("<title>T</title><h1>T</h1><p>a.", "T", ["text  a."]),
        ("<title>T</title><p>a.", "T", ["text  a."]),
        ("<title>T | us</title><h1>T</h1><p>a.", "T", ["text  T | us", "text  a."]),
        (
            "<p>b<p>c<p>d<p>e<p>f<p>g<h1>T</h1><p>a.",
            "T",
            [*(f"text  {word}" for word in "bcdefg"), "text  a."],
        ),
    ],
)
def test_the_title_is_the_largest_heading_or_that_of_the_window(text: str, title: str, rows: list[str]) -> None:
    assert imported.outline(text, form="html") == [title, *rows]


def test_a_list_that_holds_the_whole_policy_numbers_it() -> None:
    text = "<ol><li>A<ol><li>B.<p>C.</p></li><li>D:<ol type=a><li>e</ol></ol><li><h2>F</h2><ol><li>G.</ol></ol>"
    assert read(text) == [
        *("section 1 A", "clause 1.1 B.", "text  C.", "clause 1.2 D: [ a. e ]"),
        *("section 2 F", "clause 2.1 G."),
    ]


def test_a_page_that_is_broken_or_endlessly_nested_is_refused() -> None:
    with pytest.raises(ValueError, match="nested deeper than 150 levels"):
        read("<div>" * 200 + "a")
    with pytest.raises(ValueError, match="tags or comments are not closed"):
        read("<p>a" + "<!--" * 20)


ELEMENTS = (
    "p div section b i em a span u h2 h3 ul ol li table tr td th caption dl dt dd br hr blockquote pre form label "
    "button img custom address ol.a sup tbody center"
)


def page(pick: random.Random) -> str:
    """Elements in no order at all, closed or not, with a word of its own in each place."""
    pieces: list[str] = []
    for number in range(pick.randint(1, 40)):
        name, _dot, style = pick.choice(ELEMENTS.split(" ")).partition(".")
        opening = f"<{name} type={style}>" if style else f"<{name}>"
        pieces += pick.sample([opening, f" w{number} ", f"</{name}>", ""], k=4)
    return "".join(pieces)


@pytest.mark.parametrize("seed", range(150))
def test_no_word_is_lost_from_a_page_without_any_order(seed: int) -> None:
    text = "<h1>Title</h1><p>Start." + page(random.Random(seed))
    kept = imported.words(importing.read(text, form="html"))
    assert re.findall(r"w\d+", " ".join(kept)) == re.findall(r"w\d+", text)
