"""What Chromium itself loads from a page before its gates and behind them: nothing of it is a matter of our reading."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, Route

from tests import browser as chromium
from tests.consent.gated import CDN, TUBE, gate

pytestmark = pytest.mark.timeout(300)
HERE = "http://testserver/"
F = f"{CDN}/x"
LOADING = [
    f"<img src={F}>",
    f"<IMG\nSRC = '{F}'>",
    f'<img src="  {F}">',
    "<img src=//pictures.cdn.example/x>",
    "<img src='https:\\\\pictures.cdn.example/x'>",
    "<img src='/\t/pictures.cdn.example/x'>",
    "<img src=https:pictures.cdn.example/x>",
    "<img src=https://PICTURES.cdn.example:443/x>",
    "<img src=https://%70ictures.cdn.example/x>",
    "<img src='https://pictures。cdn。example/x'>",
    "<img src=&#104;ttps&colon;//pictures.cdn.example/x>",
    "<img src=&sol;&#x2F;pictures.cdn.example/x>",
    f'<img srcset="/own.png 3x, {F} 1x">',
    f"<picture><source srcset={F}><img src=/own.png></picture>",
    f'<img alt="a > b" src={F}>',
    f"<img alt=it's src={F}>",
    f"<img/alt='x'/src={F}>",
    f"<img src={F} src=/own.png>",
    f"<image src={F}>",
    f"<input type=IMAGE src={F}>",
    f"<video poster={F}></video>",
    f"<video src={F}></video>",
    f"<div><video src={F}></div>",
    f"<audio controls preload=auto><source src={F}></audio>",
    f"<video src={F}></template><img src={F}></video>",
    f"<object data={F}></object>",
    f"<embed src={F}>",
    f"<script src={F}></script>",
    f"<script src={F} type=module></script>",
    f"<p><iframe src={F}></iframe></p>",
    f"<iframe src={TUBE}/embed/abcdefghijk></iframe>",
    f"<iframe src={F}>never closed",
    f'<iframe srcdoc="&lt;img src={F}&gt;"></iframe>',
    f"<link rel=stylesheet href={F}>",
    f"<link rel='alternate STYLESHEET' title=x href={F}>",
    f"<link rel=preload as=image href={F}>",
    f"<link rel=icon href={F}><link rel=prefetch href={F}>",
    f"<body background={F}>",
    f"<table><td background={F}>",
    f"<table><tr><img src={F}></tr></table>",
    f"<base href={CDN}/><img src=x>",
    f"<!--><img src={F}>-->",
    f"<!-- --!><img src={F}>-->",
    f"<script></script x><img src={F}>",
    f"<script><!-- <script> </script> --> </script><img src={F}>",
    f"<script><!-- </script><img src={F}>",
    f"<style></style/><img src={F}></style>",
    f"<textarea><img></textarea/><img src={F}>",
    f"<![CDATA[><img src={F}>]]>",
    f"</ x><img src={F}>",
    f"<?x><img src={F}>",
    f"<svg><style><img src={F}></style></svg>",
    f"<svg><title><img src={F}></title></svg>",
    f"<svg><image href={F} width=9 height=9></image></svg>",
    f"<svg><script xlink:href={F}></script></svg>",
    f"<svg><template><image href={F} width=9 height=9></image></template></svg>",
    f"<math><mi><img src={F}></mi></math>",
    f"<svg><![CDATA[><img src={F}>]]></svg>",
    f"<svg><foreignObject><iframe src={F}></iframe></foreignObject></svg>",
    f"<div><template shadowrootmode=open><img src={F}></template></div>",
    f"<template></template><img src={F}>",
    f"</template><img src={F}>",
    f"<noscript></noscript x><img src={F}>",
    f"<noscript><!-- </noscript><img src={F}> -->",
]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with chromium.launched() as launched:
        yield launched.new_page()


@pytest.fixture
def asked(page: Page) -> Iterator[list[str]]:
    """Every address that a page asks for elsewhere; nothing answers there."""
    found: list[str] = []

    def elsewhere(route: Route) -> None:
        found.append(route.request.url)
        route.fulfill(status=404)

    page.route(lambda url: not url.startswith(HERE), elsewhere)
    yield found
    page.unroute_all()


def opened(page: Page, asked: list[str], html: str) -> list[str]:
    asked.clear()
    page.route(HERE, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    page.route(f"{HERE}own.png", lambda route: route.fulfill(status=404))
    page.goto(HERE, wait_until="load")
    page.wait_for_timeout(30)  # milliseconds, for what waits for the first layout
    return list(asked)


@pytest.mark.parametrize("html", LOADING)
def test_nothing_of_a_gated_origin_is_asked_for(page: Page, asked: list[str], html: str) -> None:
    gated = gate(html)
    assert opened(page, asked, gated) == []
    assert gate(gated) == gated
    assert opened(page, asked, html) != [], "this would load nothing anyway"


LIVE = """(html) => {
  const bad = [];
  const live = "img[src],iframe[src],script[src],video[src],object[data],embed[src],td[background]";
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const node of page.querySelectorAll(`${live},image`)) {
    const drawn = node.namespaceURI !== "http://www.w3.org/1999/xhtml";
    const loads = drawn ? node instanceof SVGImageElement && node.hasAttribute("href") : node.matches(live);
    if (loads && node.cloneNode().outerHTML.includes(".example")) bad.push(node.outerHTML);
  }
  return bad;
}"""
PIECES = [
    *(f"<img src={F}>", '<img alt="', f"<iframe src={F}>", "</iframe>", f"<script src={F}>", "<script>", "</script>"),
    *(f"<video src={F}>", "</video>", f"<object data='{F}'>", "</object>", f"<embed src={F}>", f"<td background={F}>"),
    *("<!--", "-->", "--!>", "<!-->", "<svg>", "</svg>", "<math>", "<mi>", "</math>", "<title>", "</title>", "<style>"),
    *("</style>", "<textarea>", "</textarea>", "<noscript>", "</noscript>", "<template>", "</template>", "<desc>"),
    *("<foreignObject>", "</foreignObject>", "<![CDATA[", "]]>", "<table>", "</table>", "<tr>", "<p>", "</p>", "<div>"),
    *("</div>", '"', "'", ">", "<", "=", "/", " ", "text", "<body>", "</body>", "<xmp>", "</xmp>", "<a href='"),
    *("<image href=https://pictures.cdn.example/i>", "<svg/>", "<br>", "<font color=red>", "<plaintext>", "<head>"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_put_together_nothing_gated_is_alive(page: Page, html: str) -> None:
    """As a browser without scripts reads it, to which the content of noscript is part of the page."""
    found: Any = page.evaluate(LIVE, gate(html))
    assert found == []
