"""Whatever a page holds: gating it never fails, changes nothing it need not, and changes nothing twice."""

from hypothesis import given
from hypothesis import strategies as st

from tests.consent.gated import CDN, TUBE, gate
from tests.consent.test_gates import OPEN

F = f"{CDN}/x"
NOISE = [
    *(
        "<!--",
        "-->",
        "<svg>",
        "</svg>",
        "<style>",
        "</style>",
        "<textarea>",
        "</textarea>",
        "<noscript>",
        "</noscript>",
    ),
    *("<script>", "</script>", "<p>", "</p>", "<table>", "<td>", '"', "'", ">", "<", "=", "/", " ", "&amp;", "é", "\0"),
    *("<![CDATA[", "]]>", "<title>", "</title>", "<a href='", "text", "<img alt='", "<iframe src=/own>", "</iframe>"),
]
VOID = [f"<img src={F}>", f"<IMG srcset='{F} 2x'/>", f"<embed src={F}>", f'<input type=image src="{F}">']
OTHERS = [
    *(
        f"<iframe src={TUBE}/embed/1>",
        f"<iframe src={F}></iframe>",
        f"<script src={F}>",
        f"<video src={F}>",
        "</video>",
    ),
    *(f"<object data={F}>", "</object>", f"<link rel=icon href={F}>", f"<base href={CDN}/>", f"<td background={F}>"),
    *("<template>", "</template>", "<!--consent:ahead-->", f'<iframe srcdoc="<img src={F}>">', "<plaintext>", "<math>"),
]


def pages(*pieces: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from([piece for some in pieces for piece in some]), max_size=12).map("".join)


@given(st.text() | st.text(alphabet="<>/!-='\" aimgscriptfeo&;:\\\t\0") | pages(NOISE, VOID, OTHERS))
def test_no_page_makes_it_fail_and_none_is_changed_twice(html: str) -> None:
    gated = gate(html)
    assert gate(gated) == gated


@given(pages(NOISE))
def test_a_page_without_anything_of_others_is_the_very_same(html: str) -> None:
    assert gate(html) == html


@given(pages([piece for piece in NOISE if "svg" not in piece], VOID))
def test_what_is_added_is_all_that_changes(html: str) -> None:
    """Between the templates' tags every byte is there, in its place. (A drawing is ended where the browser ends it.)"""
    assert gate(html).replace(OPEN, "").replace("</template>", "") == html


@given(st.text(alphabet="<>/\"'= abc"), st.text(alphabet="<>/\"'= abc"))
def test_text_around_does_not_matter_where_it_is_text(before: str, after: str) -> None:
    words = before.replace("<", "&lt;")
    page = f"{words}<img src={F}>{after.replace('<', '&lt;')}"
    assert gate(page) == page.replace(f"<img src={F}>", f"{OPEN}<img src={F}></template>")
