"""Pages are the same bytes for everybody, carry no cookie, and cost the database and the cache nothing for consent."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest  # noqa: TID251 - what a page is rendered for
from django.template import RequestContext, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from consent.catalogue import Published
from consent.models import Service
from policies.models import PolicyPage
from tests import make
from tests.consent import catalogues

PAGES = [
    "/",
    "/contact/",
    "/contact/?sent",
    "/privacy/",
    "/privacy/history/",
    "/privacy/v/1/",
    "/mail/join/",
    "/nothing/is/here/",
]
TAGS = "{% load consent_tags %}{% consent_attributes %}{% consent_head %}{% consent_banner %}"


@pytest.fixture
def published(policy: PolicyPage) -> Published:
    return catalogues.of_three()


@pytest.fixture
def pages(policy: PolicyPage, published: Published) -> None:
    make.contact(policy.get_parent().specific)
    make.mailing_list()


def visitor(published: Published, choice: str, **headers: str) -> Client:
    client = Client(headers=headers)
    client.post("/consent/", {"snapshot": published.sha256, "choice": choice}, **make.HERE)
    return client


# What a visitor's choice makes, and what tells caches of it.
OWN = {"Content-Security-Policy", "ETag", "X-Accel-Expires"}


def everything(answer: Any) -> tuple[int, dict[str, str], str, bytes]:
    """All that is sent but the headers that hold to a choice: status, headers, cookies and body."""
    headers = {name: value for name, value in answer.items() if name not in OWN}
    links = [link for link in headers.pop("Link", "").split(", <") if 'rel="preload"' not in link]
    headers["Link"] = ", <".join(links)
    return answer.status_code, headers, answer.cookies.output(), answer.content


@pytest.mark.parametrize("address", PAGES)
def test_visitors_with_opposite_choices_get_the_same_bytes(pages: None, published: Published, address: str) -> None:
    yes, no = visitor(published, "accept"), visitor(published, "refuse")
    first = everything(yes.get(address))
    assert first == everything(no.get(address))
    assert first == everything(Client().get(address))
    assert first == everything(visitor(published, "accept", **{"Sec-GPC": "1"}).get(address))
    assert first == everything(Client(HTTP_COOKIE="candor_consent=forged; cookie_consent=analytics=9").get(address))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_sets_no_cookie_and_only_its_header_depends_on_one(
    pages: None, published: Published, address: str
) -> None:
    answer = visitor(published, "accept").get(address)
    assert answer.status_code == (404 if "nothing" in address else 200)
    assert "Set-Cookie" not in answer
    assert not answer.cookies
    assert answer["Vary"].endswith("Cookie, Sec-GPC")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_the_database_nothing_about_consent(pages: None, published: Published, address: str) -> None:
    client = visitor(published, "accept")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert [query["sql"] for query in queries if "consent_" in query["sql"]] == []


@pytest.fixture
def uncached(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache is away: whoever asks it fails."""

    def asked(*args: object, **kwargs: object) -> object:
        raise AssertionError("the cache was asked")

    for name in ("get", "get_many", "set", "set_many", "add", "incr", "touch", "has_key", "delete", "get_or_set"):
        monkeypatch.setattr(type(cache._connections["default"]), name, asked)  # type: ignore[attr-defined]


def rendered(request: HttpRequest) -> str:
    return Template(TAGS).render(RequestContext(request))


def test_the_tags_ask_neither_the_database_nor_the_cache(
    published: Published, rf: RequestFactory, request: pytest.FixtureRequest, django_assert_num_queries: Any
) -> None:
    page = rf.get("/", SERVER_NAME="testserver")
    assert "<candor-consent" in rendered(page)
    request.getfixturevalue("uncached")
    with pytest.raises(AssertionError, match="the cache was asked"):
        cache.get("anything")
    with django_assert_num_queries(0):
        assert "<candor-consent" in rendered(page)


def test_consent_adds_nothing_to_what_a_page_asks(pages: None, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same page with everything about consent left out of its template asks exactly as much."""
    client.get("/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    monkeypatch.setattr("consent.templatetags.consent_tags._published", lambda context: None)
    with CaptureQueriesContext(connection) as without:
        client.get("/")
    assert len(queries) == len(without)


def test_a_service_waits_in_a_template_for_its_group(client: Client, published: Published) -> None:
    page = client.get("/consent/").content.decode()
    gate = '<template data-consent-gate="analytics" data-service="tally">'
    assert gate + '<script async src="http://127.0.0.1:9/count.js">' in page
    assert page.count("count.js") == 1


def test_the_banner_says_who_is_asked_for(client: Client, published: Published) -> None:
    page = client.get("/").content.decode()
    assert f'data-snapshot="{published.sha256}"' in page
    assert '<bdi data-group="analytics">Tally (Tally Works)</bdi>' in page
    assert page.count("<bdi data-group=") == 5


def test_the_page_tells_its_script_what_counts_since_when(client: Client, published: Published) -> None:
    changed = catalogues.change("maps")
    page = client.get("/").content.decode()
    assert f'data-consent-series="{changed.series}" data-consent-number="{changed.number}"' in page
    said = dict(part.split(".", 1) for part in _groups(page).split())
    assert said.keys() == {"analytics", "maps", "marketing"}
    assert said["maps"].split(".")[1] == str(changed.number)


def _groups(page: str) -> str:
    return page.partition('data-consent-groups="')[2].partition('"')[0]


@pytest.mark.parametrize("render", [lambda client: client.get("/"), lambda client: client.get("/consent/")])
def test_words_of_an_editor_are_words_not_markup(
    client: Client, published: Published, render: Callable[[Client], Any]
) -> None:
    Service.objects.update(name="<b>Tally</b>", script_url='http://x.example/"><b>')
    make.publish()
    assert "<b>" not in render(client).content.decode()
