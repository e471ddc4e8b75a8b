"""What waits for permission in a page, what stands in its place, and what keeps its bytes."""

import re
import time
from html import unescape

import pytest
from django.test import Client

from consent.catalogue import Published
from consent.enforce import gates
from consent.enforce.gates import rewriting
from consent.enforce.markup import tags
from tests import make
from tests.consent.gated import CDN, PAY, STRANGER, TUBE, gate, published

PLAYER = f"{TUBE}/embed/abcdefghijk"
OPEN = '<template data-consent-gate="pictures" data-service="cdn">'


def embed_of(html: str) -> str:
    found = re.fullmatch(r"<candor-embed .*</candor-embed>", gate(html), re.DOTALL)
    assert found
    return found[0]


def test_a_frame_becomes_words_buttons_and_a_link() -> None:
    said = {"embed": "{service} of {vendor}", "load_once": "Once", "always_allow": "Always {service}"}
    there = {"open_there": "At {host} {nothing}"}
    page = gate(f'<p><iframe src="{PLAYER}"></iframe></p>', published(**said, **there))
    assert page == (
        '<p><candor-embed data-consent-gate="media" data-service="tube" '
        f'data-frame="/consent/embed/tube/?src={PLAYER}"><svg width="560" height="315" aria-hidden="true"></svg>'
        '<span class="consent-embed" role="group" aria-label="Tube">'
        '<span class="consent-words">Tube of Tube Works</span> '
        '<span class="consent-actions"><button type="button" value="once">Once</button>'
        '<button type="button" value="always">Always Tube</button>'
        f'<a href="{TUBE}/watch?v=abcdefghijk">At www.youtube.com {{nothing}}</a></span></span>'
        f'<template><iframe src="{PLAYER}" referrerpolicy="strict-origin-when-cross-origin"></iframe>'
        "</template></candor-embed></p>"
    )


def test_a_configuration_from_before_there_were_such_words_has_some() -> None:
    assert "Tube comes from Tube Works." in embed_of(f"<iframe src={PLAYER}></iframe>")


def test_a_frame_keeps_what_its_author_said_but_looks_and_code() -> None:
    html = (
        f'<IFRAME Width=640 height="360px" title="The &quot;quay&quot;" allow="autoplay" allowfullscreen loading=eager '
        f'referrerpolicy=origin style="border:0" frameborder=0 onload="x()" '
        f"src='{PLAYER}?a=1&amp;copy=2'>Old</IFRAME>"
    )
    page = embed_of(html)
    assert '<svg width="640" height="360"' in page
    assert 'aria-label="The &quot;quay&quot;"' in page
    assert (
        '<template><iframe width="640" height="360px" title="The &quot;quay&quot;" allow="autoplay" allowfullscreen '
        f'loading="eager" referrerpolicy="origin" src="{PLAYER}?a=1&amp;copy=2">Old</IFRAME></template>'
    ) in page
    assert f'data-frame="/consent/embed/tube/?src={PLAYER}?a=1&amp;copy=2"' in page


@pytest.mark.parametrize(
    ("size", "shown"),
    [("width=100% height=400", ("560", "400")), ("width=8.5 height=x", ("8", "315")), ("", ("560", "315"))],
)
def test_a_placeholder_has_the_frames_size_in_numbers(size: str, shown: tuple[str, str]) -> None:
    assert '<svg width="{}" height="{}"'.format(*shown) in gate(f"<iframe src={PLAYER} {size}></iframe>")


@pytest.mark.parametrize("how", ["width=0 height=0", "hidden", "style='DISPLAY: none'", "height=1"])
def test_a_frame_that_nobody_is_to_see_waits_without_words(how: str) -> None:
    page = gate(f"<iframe src={PLAYER} {how}></iframe>")
    assert page.startswith('<template data-consent-gate="media"')
    assert " hidden" in page
    assert "style" not in page


def test_other_content_has_a_page_of_its_own() -> None:
    assert 'href="https://vimeo.com/76979871"' in gate("<iframe src=//player.vimeo.com/video/76979871?h=1></iframe>")
    assert f'href="{CDN}/map?a=1&amp;b=2"' in gate(f'<iframe src="{CDN}/map?a=1&amp;b=2"></iframe>')


@pytest.mark.parametrize(
    "html",
    [
        f"<img src={CDN}/x>",
        f'<script src="{CDN}/x">text</script>',
        f"<link href='{CDN}/x' rel=stylesheet>",
        f"<link href='{CDN}' rel=preconnect>",
        f"<video><source></video><audio src={CDN}/x><track src={CDN}/t></audio>",
        f"<object data={CDN}/x><object></object>fallback</object>",
        f"<embed src={CDN}/x>",
    ],
)
def test_anything_else_waits_in_a_template_as_it_is(html: str) -> None:
    start = html.index("<audio") if "<audio" in html else 0
    assert gate(f"<p>{html}</p>") == f"<p>{html[:start]}{OPEN}{html[start:]}</template></p>"


@pytest.mark.parametrize(
    "html",
    [
        "<p>Nothing of others.</p>",
        f'<a href="{CDN}/x">a link loads nothing</a>',
        f"<script src={PAY}/x></script>",
        f"<script src={STRANGER}/x></script><img src={STRANGER}/x>",
        "<img src=/own.png><img src=own.png><img src=data:image/png;base64,x><iframe src=about:blank></iframe>",
        "<img src=http://testserver/own.png><script src=//testserver/own.js></script>",
        f"<!-- <img src={CDN}/x> --><textarea><img src={CDN}/x></textarea>",
        f"<script>'<img src={CDN}/x>'</script><style>a {{ content: '<img src={CDN}/x>' }}</style>",
        f"<template><img src={CDN}/x><template></template><img src={CDN}/x></template>",
        f'<link rel=canonical href="{CDN}/x"><link rel=alternate href="{CDN}/feed">',
        f"<input src={CDN}/x>",
        f"<img src={CDN}.evil.example/x><img src=https://cdn.example/x>",
        f"<img src={CDN}/x",
        "<img src='https://[::1/x'>",
    ],
)
def test_all_else_keeps_its_bytes(html: str) -> None:
    page = f"<html><head><!--consent:ahead--></head><body>{html}"
    assert gate(page) is page or gate(page) == page


def test_a_page_without_anything_of_others_is_the_very_same_and_costs_little() -> None:
    page = "<p class='a'>Words, <a href='https://else.example/'>a link</a> & “more”. <img src=/a.png></p>\n" * 600
    assert len(page) > 50_000
    before = time.process_time()
    assert gate(page) is page
    assert time.process_time() - before < 0.05  # seconds; 0.0003 on a quiet machine


def test_many_tags_that_never_close_cost_no_more_than_their_length() -> None:
    before = time.process_time()
    for piece in ("<img a=", f"<video src={CDN}/x>", "<svg><g>", "<!--", f"<img src={CDN}/x "):
        gate(f"<img src={CDN}/x>" + piece * 6000)
    assert time.process_time() - before < 10  # seconds of this process, where the square of it would be minutes


def test_a_script_that_is_required_goes_before_an_origin_that_may_be_refused() -> None:
    configuration = published()
    required = configuration.content["groups"][0]["services"][0]
    required["script_url"] = f"{CDN}/pay.js?key=1"
    page = f"<script src={CDN}/pay.js></script>"
    assert gate(page, configuration) == page
    assert gate(page.replace("pay.js", "other.js"), configuration) != page


def test_what_two_services_load_inside_one_another_needs_both_permissions() -> None:
    inner = f"<iframe src={PLAYER} hidden></iframe>"
    page = gate(f"<object data={CDN}/x><img src={CDN}/y>{inner}</object>")
    assert page.startswith(f'{OPEN}<object data={CDN}/x><img src={CDN}/y><template data-consent-gate="media"')
    assert page.endswith("</template></object></template>")
    both = gate(f'<link rel=preload as=image href="{CDN}/x" imagesrcset="//www.youtube.com/y 1x">')
    assert both.startswith(f'{OPEN}<template data-consent-gate="media"')
    assert both.endswith("</template></template>")


def test_who_reads_without_scripts_loads_nothing_either_and_sees_no_dead_buttons() -> None:
    page = gate(f"<noscript><iframe src={PLAYER}></iframe></noscript>")
    assert re.fullmatch(r'<noscript><template data-consent-gate="media".*</iframe></template></noscript>', page)


def test_an_address_is_told_as_the_browser_completes_it() -> None:
    based = gate(f"<base href='{TUBE}/a/'><iframe src=../embed/1></iframe>")
    assert f'data-frame="/consent/embed/tube/?src={TUBE}/embed/1"' in based
    assert gate("<base href=/a/><img src=x>") == "<base href=/a/><img src=x>"


AHEAD = "<head><!--consent:ahead--><script>1</script></head><body>"


def test_what_is_allowed_can_be_fetched_ahead() -> None:
    page = gate(
        f"{AHEAD}<script src='{CDN}/a.js?x=1&amp;y=2' crossorigin=anonymous integrity=sha256-x></script>"
        f"<script type=module src={CDN}/b.mjs></script><script src={CDN}/b.mjs type=module></script>"
        f"<script nomodule src={CDN}/old.js></script><iframe src={PLAYER}></iframe><img src={CDN}/x>"
    )
    ahead = page.partition("<!--consent:ahead-->")[2].partition("<script>1")[0]
    assert ahead == (
        f'{OPEN}<link rel="preload" as="script" href="{CDN}/a.js?x=1&amp;y=2" crossorigin="anonymous" '
        f'integrity="sha256-x"></template>{OPEN}<link rel="modulepreload" href="{CDN}/b.mjs"></template>'
        f'<template data-consent-gate="media" data-service="tube"><link rel="preconnect" href="{TUBE}">'
        "</template>"
    )
    assert gate(page) == page


def test_without_the_marker_nothing_is_added_to_the_head() -> None:
    assert "preload" not in gate(f"<head></head><script src={CDN}/a.js></script>")


def test_an_advanced_tag_of_googles_says_so() -> None:
    configuration = published()
    configuration.content["banner"]["google"] = "advanced"
    configuration.content["groups"][2]["services"][0]["consent_mode"] = ["ad_storage"]
    page = gate(f"<script src={CDN}/tag.js></script><img src={CDN}/x>", configuration)
    assert page.count("data-advanced") == 1
    assert 'data-service="cdn" data-advanced><script' in page


def test_words_of_an_editor_are_words() -> None:
    page = gate(f"<iframe src={PLAYER}></iframe>", published(embed="<b>{service}</b> & {vendor}", load_once="{}"))
    assert "&lt;b&gt;Tube&lt;/b&gt; &amp; Tube Works" in page
    assert unescape(page).count("<b>") == 1


def test_looking_is_cheap_where_only_names_are_alike() -> None:
    assert not gates.reaches_out("<article background-free>https://x <linked href=https://x></article>")


OWN = f'<template data-consent-gate="tube" data-service="tube"><script src="{TUBE}/api.js"></script></template>\n'
HEAD = (
    f"<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n<style>a{{b: c}}</style>\n{OWN}{rewriting.MARKER}"
)


def with_own_gates() -> Published:
    configuration = published()
    configuration.made[("gates", "en")] = OWN
    return configuration


@pytest.fixture
def closely(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Pages that were looked at tag by tag."""
    looked: list[str] = []
    monkeypatch.setattr(rewriting.markup, "tags", lambda html, names: looked.append(html) or tags(html, names))
    return looked


def test_the_gates_of_the_head_alone_need_no_close_look(closely: list[str]) -> None:
    page = f"{HEAD}<body><p>Nothing of others."
    assert gate(page, with_own_gates()) == page
    assert closely == []


@pytest.mark.django_db
def test_a_page_of_the_site_without_anything_else_of_others_needs_none(closely: list[str], client: Client) -> None:
    make.site()
    make.catalogue_of_one()
    page = client.get("/").text
    assert '<template data-consent-gate="analytics"' in page
    assert closely == []


@pytest.mark.parametrize(
    "page",
    [
        f"{HEAD}<body><img src={CDN}/x>",
        f"<img src={CDN}/x>{HEAD}",
        # What looks like our gates is in a drawing, where a template holds nothing back.
        f"<html><head></head><body><svg><style>a</style>{OWN}<!--consent:ahead--></svg>",
        f"<html><head><meta charset=utf-8></head><svg>{OWN}<!--consent:ahead--></svg>",
        f"<!doctype html><html><head><svg><style></style>{OWN}<!--consent:ahead-->",
        HEAD.replace("</template>", f"</template><img src={CDN}/x>"),
    ],
)
def test_anything_else_is_looked_at_closely_and_waits_the_same(closely: list[str], page: str) -> None:
    gated = gate(page, with_own_gates())
    assert closely
    assert gated == gate(page)
    assert gated != page
