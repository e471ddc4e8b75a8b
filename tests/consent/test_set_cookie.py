"""Nobody gets a cookie from this site that is neither essential nor consented to."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse  # noqa: TID251 - what a view of somebody's answers
from django.test import Client, RequestFactory

from consent import catalogue
from consent.catalogue import Published
from consent.middleware import enforcement
from consent.models import Finding
from tests import make

Set = Callable[..., list[str]]


@pytest.fixture
def published(published: Published) -> Published:
    catalogue.add_cookie(group="analytics", name="_count", description="Counts.", service="tally", match="prefix")
    catalogue.add_cookie(group="essential", name="basket", description="What you put into it.")
    return make.publish()


@pytest.fixture
def given(published: Published, rf: RequestFactory) -> Set:
    """Names of the cookies that arrive where a view sets these."""

    def answer(*names: str, choice: str = "", path: str = "/shop/", **options: Any) -> list[str]:
        client = Client()
        if choice:
            client.post("/consent/", {"snapshot": published.sha256, "choice": choice}, **make.HERE)
        request = rf.get(path, headers={"Host": "testserver"})
        request.COOKIES = {name: line.value for name, line in client.cookies.items()}
        response = HttpResponse("Here.", content_type=options.pop("content_type", "text/html"))
        for name in names:
            response.set_cookie(name, "x", **options)
        return list(enforcement(lambda _request: response)(request).cookies)

    return answer


def test_what_is_essential_arrives(given: Set) -> None:
    assert given("basket", "sessionid", "csrftoken", "messages") == ["basket", "sessionid", "csrftoken", "messages"]


def test_what_nobody_declared_does_not(given: Set) -> None:
    assert given("basket", "mystery") == ["basket"]


@pytest.mark.parametrize(("choice", "arrives"), [("", False), ("refuse", False), ("accept", True)])
def test_what_needs_consent_arrives_with_it(given: Set, choice: str, arrives: bool) -> None:
    assert given("_count_1", choice=choice) == (["_count_1"] if arrives else [])


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "image/png"])
def test_it_holds_for_every_kind_of_answer(given: Set, kind: str) -> None:
    assert given("mystery", content_type=kind) == []


@pytest.mark.parametrize("options", [{"max_age": 0}, {"expires": "Thu, 01 Jan 1970 00:00:00 GMT"}])
def test_what_deletes_a_cookie_passes(given: Set, options: dict[str, Any]) -> None:
    assert given("mystery", **options) == ["mystery"]


@pytest.mark.parametrize("options", [{"max_age": 60}, {"expires": "no date"}])
def test_what_only_looks_like_it_does_not(given: Set, options: dict[str, Any]) -> None:
    assert given("mystery", **options) == []


def test_the_cms_is_left_alone(given: Set) -> None:
    assert given("mystery", path="/cms/pages/") == ["mystery"]


def test_it_can_only_tell_at_first(given: Set, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.CONSENT_SET_COOKIE = "log"
    with caplog.at_level(logging.WARNING, logger="consent"):
        assert given("mystery") == ["mystery"]
    assert "Set-Cookie mystery: neither essential nor consented to" in caplog.text


def test_what_was_kept_back_is_found_in_the_cms(given: Set) -> None:
    given("mystery", path="/shop/?customer=7")
    finding = Finding.objects.get()
    assert (finding.kind, finding.name, finding.source) == ("cookie", "mystery", "cookie")
    assert "customer" not in finding.page


def test_a_refused_cookie_that_is_declared_is_no_finding(given: Set) -> None:
    given("_count_1", choice="refuse")
    assert not Finding.objects.exists()


def test_before_anything_is_published_nothing_is_taken_out(policy: Any, rf: RequestFactory) -> None:
    response = HttpResponse("Here.")
    response.set_cookie("mystery", "x")
    request = rf.get("/", headers={"Host": "testserver"})
    assert "mystery" in enforcement(lambda _request: response)(request).cookies
