"""A page's Content-Security-Policy names the origins of what its visitor allowed, and of nothing else of others."""

from typing import Any

import pytest
from cookie_consent.models import CookieGroup
from django.test import Client

from consent import head
from consent.catalogue import Published
from consent.models import Service
from policies.models import PolicyPage
from tests import make
from tests.consent import catalogues

HEADER = "Content-Security-Policy"
ORIGINS = {key: f"https://{key}.example" for key in ("tally", "streets", "tides", "billboard", "beacon")}


@pytest.fixture
def published(policy: PolicyPage) -> Published:
    catalogues.of_three()
    for key, origin in ORIGINS.items():
        Service.objects.filter(key=key).update(
            script_url=f"{origin}/code.js", connect_origins=[f"wss://{key}.example"], frame_origins=[f"{origin}:8443"]
        )
    return make.publish()


def rules(answer: Any, name: str = HEADER) -> dict[str, list[str]]:
    directives = [rule.split() for rule in answer[name].split(";")]
    return {directive: sources for directive, *sources in directives}


def named(answer: Any, name: str = HEADER) -> set[str]:
    """The services whose scripts the header lets in."""
    return {key for key, origin in ORIGINS.items() if origin in rules(answer, name)["script-src"]}


def decided(published: Published, choice: str, *services: str, **headers: str) -> Client:
    client = Client(headers=headers)
    form = {"snapshot": published.sha256, "choice": choice, "service": services}
    assert client.post("/consent/", form, **make.HERE).status_code == 303
    return client


def test_before_a_choice_everything_declared_may_load_once_its_gate_opens(client: Client, published: Published) -> None:
    found = rules(client.get("/"))
    assert named(client.get("/")) == set(ORIGINS)
    assert {"wss://tally.example", "wss://beacon.example"} <= set(found["connect-src"])
    assert "https://tides.example:8443" in found["frame-src"]


def test_after_a_refusal_nothing_of_others_may_load(published: Published) -> None:
    found = rules(decided(published, "refuse").get("/"))
    elsewhere = [source for sources in found.values() for source in sources if "//" in source]
    assert elsewhere == []


@pytest.mark.parametrize("allowed", [("tally",), ("streets",), ("tally", "beacon")])
def test_after_a_choice_only_what_was_allowed_may_load(published: Published, allowed: tuple[str, ...]) -> None:
    answer = decided(published, "save", *allowed).get("/")
    assert named(answer) == set(allowed)
    assert set(rules(answer)["frame-src"]) == {"'self'", *(f"https://{key}.example:8443" for key in allowed)}


def test_a_browsers_signal_takes_out_what_sells_data(client: Client, published: Published) -> None:
    answer = client.get("/", headers={"Sec-GPC": "1"})
    assert named(answer) == {"tally", "streets", "tides"}


def test_a_group_that_is_asked_about_again_is_undecided(published: Published) -> None:
    client = decided(published, "refuse")
    catalogues.change("maps")
    assert named(client.get("/")) == {"streets", "tides"}


def test_strict_lets_nothing_in_before_a_choice(client: Client, published: Published, settings: Any) -> None:
    settings.CONSENT_CSP = "strict"
    assert named(client.get("/")) == set()
    assert named(decided(published, "accept").get("/")) == set(ORIGINS)
    assert 'data-consent-csp="strict"' in client.get("/").content.decode()


def test_report_only_tells(client: Client, published: Published, settings: Any) -> None:
    settings.CONSENT_CSP = "report"
    answer = client.get("/")
    assert HEADER not in answer
    assert named(answer, f"{HEADER}-Report-Only") == set(ORIGINS)
    assert "data-consent-csp" not in answer.content.decode()


def test_off_sends_none(client: Client, published: Published, settings: Any) -> None:
    settings.CONSENT_CSP = "off"
    answer = client.get("/")
    assert not [name for name in answer.headers if name.startswith(HEADER)]
    assert not answer.has_header("Vary")


def test_what_cannot_be_refused_may_always_load(published: Published) -> None:
    catalogues.group("guard", "turnstile")
    CookieGroup.objects.filter(varname="guard").update(is_required=True)
    Service.objects.filter(key="turnstile").update(script_url="https://turnstile.example/t.js")
    changed = make.publish()
    answer = decided(changed, "refuse").get("/")
    assert "https://turnstile.example" in rules(answer)["script-src"]
    assert '</style>\n<script async src="https://turnstile.example/t.js"></script>' in answer.content.decode()


def test_neither_inline_code_nor_strings_as_code_are_let_in(client: Client, published: Published) -> None:
    answer = client.get("/")
    assert "unsafe" not in answer[HEADER]
    assert "nonce" not in answer[HEADER]
    assert head.SCRIPT_HASH in rules(answer)["script-src"]
    assert head.STYLE_HASH in rules(answer)["style-src"]
    page = answer.content.decode()
    assert page.count("<style") == 1
    assert page.count("<script>") == 1


def test_the_heads_own_texts_end_nowhere_early() -> None:
    assert "</" not in head.SCRIPT
    assert "<" not in head.STYLE


def test_the_site_can_name_sources_of_its_own(client: Client, published: Published, settings: Any) -> None:
    settings.CONSENT_CSP_SOURCES = {"img-src": ("https://media.example",)}
    answer = client.get("/")
    assert "https://media.example" in rules(answer)["img-src"]
    assert 'data-consent-own="https://media.example"' in answer.content.decode()


def test_trusted_types_where_the_site_wants_them(client: Client, published: Published, settings: Any) -> None:
    settings.CONSENT_TRUSTED_TYPES = True
    found = rules(client.get("/"))
    assert (found["require-trusted-types-for"], found["trusted-types"]) == (["'script'"], ["candor"])


@pytest.mark.parametrize("address", ["/nothing/here/", "/consent/", "/mail/join/", "/privacy/", "/ru/consent/"])
def test_every_page_carries_it(client: Client, published: Published, address: str) -> None:
    make.mailing_list()
    assert rules(client.get(address))["report-uri"] == ["/consent/csp/"]


def test_a_refused_post_carries_it_as_well(client: Client, published: Published) -> None:
    assert rules(client.post("/consent/", HTTP_ORIGIN="http://evil.example"))["object-src"] == ["'none'"]


def test_nothing_is_declared_before_the_first_publication(client: Client, policy: PolicyPage) -> None:
    found = rules(client.get("/"))
    assert not [source for sources in found.values() for source in sources if "//" in source]


def test_the_cms_keeps_what_wagtail_needs(client: Client, published: Published) -> None:
    assert HEADER not in client.get("/cms/login/")


@pytest.mark.parametrize("address", ["/healthz/", "/promises.json", "/.well-known/gpc.json"])
def test_what_is_no_page_carries_none(client: Client, published: Published, address: str) -> None:
    assert HEADER not in client.get(address)


def test_a_page_whose_header_changed_is_not_called_unchanged(published: Published) -> None:
    client = decided(published, "accept")
    etag = client.get("/")["ETag"]
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 304
    refused = decided(published, "refuse")
    assert refused.get("/", headers={"If-None-Match": etag}).status_code == 200
