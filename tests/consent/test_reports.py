"""What browsers report becomes a finding of one line, whatever else they or strangers send."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.catalogue import Published
from consent.models import Finding, Service
from records import http
from tests import make

OLD, NEW = "application/csp-report", "application/reports+json"


def send(client: Client, body: Any, kind: str = OLD) -> Any:
    text = body if isinstance(body, bytes) else json.dumps(body)
    return client.generic("POST", "/consent/csp/", text, CONTENT_TYPE=kind)


def told(blocked: str, page: str = "http://testserver/services/?q=1", directive: str = "script-src-elem") -> Any:
    return {"csp-report": {"document-uri": page, "blocked-uri": blocked, "effective-directive": directive}}


def test_a_report_becomes_a_finding(client: Client, published: Published) -> None:
    answer = send(client, told("https://ads.example/pixel.js?visitor=7"))
    assert (answer.status_code, answer.content) == (204, b"")
    found = Finding.objects.get()
    assert (found.name, found.source, found.page) == ("https://ads.example", "csp", "/services/")
    assert found.detail == "script-src-elem"


def test_both_forms_are_understood(client: Client, published: Published) -> None:
    body = {"documentURL": "http://testserver/", "blockedURL": "https://ads.example/x", "effectiveDirective": "img-src"}
    assert send(client, [{"type": "csp-violation", "body": body}] * 3, NEW).status_code == 204
    assert Finding.objects.get().name == "https://ads.example"


@pytest.mark.parametrize(
    "blocked",
    [
        "inline",
        "eval",
        "data",
        "blob:x",
        "chrome-extension://abc/x.js",
        "moz-extension://a",
        "about",
        "",
        "self",
        "::",
        "/x",
    ],
)
def test_what_no_site_serves_is_passed_over(client: Client, published: Published, blocked: str) -> None:
    assert send(client, told(blocked)).status_code == 204
    assert not Finding.objects.exists()


def test_what_is_declared_and_was_refused_is_passed_over(client: Client, published: Published) -> None:
    Service.objects.update(script_url="https://tally.example/count.js", connect_origins=["https://hits.example"])
    make.publish()
    for blocked in ("https://tally.example/count.js", "https://hits.example/hit"):
        assert send(client, told(blocked)).status_code == 204
    assert not Finding.objects.exists()


def test_a_report_about_somebody_elses_page_is_passed_over(client: Client, published: Published) -> None:
    assert send(client, told("https://ads.example/x", page="https://elsewhere.example/")).status_code == 204
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", OLD, 400),
        (b"[[[" * 5000, OLD, 400),
        (b"\xff\xfe", OLD, 400),
        ([], "text/plain", 415),
        ("a word", OLD, 422),
        ([1, 2], NEW, 422),
        ({"csp-report": "x"}, OLD, 422),
        (b"[" + b" " * 40_000 + b"]", NEW, 413),
    ],
)
def test_what_is_no_report_gets_a_sentence(
    client: Client, published: Published, body: Any, kind: str, status: int
) -> None:
    answer = send(client, body, kind)
    assert answer.status_code == status
    assert answer.content


def test_it_answers_posts_alone(client: Client, published: Published) -> None:
    assert client.get("/consent/csp/").status_code == 405


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
_fields = ["document-uri", "blocked-uri", "effective-directive", "documentURL", "blockedURL", "violated-directive"]
_values = _anything | st.sampled_from(["http://testserver/x", "https://a.b/c"])
_reports = st.dictionaries(st.sampled_from(_fields), _values)
_sent = st.one_of(
    _anything,
    _reports.map(lambda report: {"csp-report": report}),
    st.lists(_reports.map(lambda report: {"body": report})),
)


@pytest.mark.django_db
@settings(max_examples=150)
@given(body=_sent)
def test_whatever_is_sent_there_is_an_answer_and_never_an_error(body: Any) -> None:
    cache.clear()
    http.forget()
    assert send(Client(headers={"Host": "testserver"}), body, NEW).status_code in {204, 404, 422}
