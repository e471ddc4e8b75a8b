"""On a return visit a header names what was allowed, so that it is fetched before the page is read."""

from typing import Any

import pytest
from django.test import Client

from consent.catalogue import Published
from consent.enforce import ahead
from consent.models import Service
from policies.models import PolicyPage
from tests import make
from tests.consent import catalogues

GATE = '<template data-consent-gate="maps" data-service="{0}">{1}</template>'
LINK = '<link rel="preload" as="script" href="https://a.example/x.js?a=1&amp;b=2" crossorigin="anonymous">'


@pytest.fixture
def published(policy: PolicyPage) -> Published:
    return catalogues.of_three()


def decided(published: Published, *services: str) -> Client:
    client = Client()
    client.post("/consent/", {"snapshot": published.sha256, "choice": "save", "service": services}, **make.HERE)
    return client


def test_what_was_allowed_is_named(published: Published) -> None:
    answer = decided(published, "tally", "tides").get("/")
    scripts = ("count.js", "tides.js")
    assert answer["Link"].split(", ") == [
        f'<http://127.0.0.1:9/{name}>; rel="preload"; as="script"' for name in scripts
    ]


def test_nobody_else_is_told(client: Client, published: Published) -> None:
    assert not client.get("/").has_header("Link")
    assert not decided(published).get("/").has_header("Link")


def test_a_signal_takes_out_what_sells(published: Published) -> None:
    client = decided(published, "tally", "beacon")
    assert "beacon" in client.get("/")["Link"]
    assert "beacon" not in client.get("/", headers={"Sec-GPC": "1"})["Link"]


def test_where_no_gate_is_nothing_is_fetched(published: Published) -> None:
    assert not decided(published, "tally").get("/consent/decisions/").has_header("Link")


def test_where_no_header_holds_to_the_choice_nothing_depends_on_it(published: Published, settings: Any) -> None:
    """Else a cache that knows of no choice would tell one visitor's browser what another allowed."""
    settings.CONSENT_CSP = "off"
    answer = decided(published, "tally").get("/")
    assert not answer.has_header("Link")
    assert not answer.has_header("Vary")


def test_a_page_with_links_is_never_called_the_one_without(published: Published) -> None:
    Service.objects.update(script_url="http://127.0.0.1:9/all.js")  # the same origin for each: one header for all
    every = make.publish()
    one, other = decided(every, "tally").get("/"), decided(every, "tides").get("/")
    assert one["Content-Security-Policy"] == other["Content-Security-Policy"]
    assert one["Link"] == other["Link"]
    Service.objects.filter(key="tides").update(script_url="http://127.0.0.1:9/tides.js")
    changed = make.publish()
    one, other = decided(changed, "tally").get("/"), decided(changed, "tides").get("/")
    assert one["Content-Security-Policy"] == other["Content-Security-Policy"]
    assert one["Link"] != other["Link"]
    assert one["ETag"] != other["ETag"]


def test_what_a_page_says_itself_stays(published: Published) -> None:
    client = decided(published, "tally")
    assert 'rel="timemap"' in client.get("/privacy/")["Link"]
    assert client.get("/privacy/")["Link"].endswith('as="script"')


def test_modules_and_fingerprints_keep_their_mode(published: Published) -> None:
    Service.objects.filter(key="tally").update(module="1;", integrity="sha384-abc")
    answer = decided(make.publish(), "tally").get("/")
    module, script = answer["Link"].split(", ")
    assert module.endswith('.js>; rel="modulepreload"')
    assert script.endswith('rel="preload"; as="script"; crossorigin="anonymous"; integrity="sha384-abc"')


def test_a_link_of_the_head_is_copied() -> None:
    page = f"<head>{GATE.format('tides', LINK)}</head>"
    said = '<https://a.example/x.js?a=1&b=2>; rel="preload"; as="script"; crossorigin="anonymous"'
    assert ahead.links(page, {"tides"}) == said
    assert ahead.links(page, {"streets"}) == ""
    assert ahead.links(f"<head></head>{page}", {"tides"}) == ""


@pytest.mark.parametrize(
    "address", ["", "https://a.example/>; x", "https://a.example/\r\nSet-Cookie: a=b", "x" * 2000, "/ä"]
)
def test_no_address_ends_the_header(address: str) -> None:
    page = "<head>" + GATE.format("tides", f'<link rel="preload" as="script" href="{address}">')
    assert ahead.links(page, {"tides"}) == ""


def test_there_is_a_limit() -> None:
    many = "".join(
        GATE.format("tides", f'<script src="https://a.example/{number}.js"></script>') for number in range(50)
    )
    assert ahead.links(many, {"tides"}).count("rel=") == ahead.MOST
