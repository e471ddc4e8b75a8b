"""Pages are the same bytes for everybody, carry no cookie, and cost the database nothing for consent."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consent.catalogue import Published
from consent.models import Service
from policies.models import PolicyPage
from tests import make

PAGES = ["/", "/contact/", "/privacy/", "/privacy/history/", "/mail/join/"]


@pytest.fixture
def pages(policy: PolicyPage, published: Published) -> None:
    make.contact(policy.get_parent().specific)
    make.mailing_list()


def visitor(published: Published, choice: str) -> Client:
    client = Client()
    client.post("/consent/", {"snapshot": published.sha256, "choice": choice}, **make.HERE)
    return client


def everything(answer: Any) -> tuple[dict[str, str], bytes]:
    return dict(answer.items()), answer.content


@pytest.mark.parametrize("address", PAGES)
def test_two_visitors_with_opposite_choices_get_the_same_bytes(pages: None, published: Published, address: str) -> None:
    yes, no, unasked = visitor(published, "accept"), visitor(published, "refuse"), Client()
    assert everything(yes.get(address)) == everything(no.get(address)) == everything(unasked.get(address))


@pytest.mark.parametrize("address", PAGES)
def test_a_page_sets_no_cookie_and_depends_on_none(pages: None, published: Published, address: str) -> None:
    answer = visitor(published, "accept").get(address)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer
    assert not answer.cookies
    assert "cookie" not in answer.get("Vary", "").lower()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_the_database_nothing_about_consent(pages: None, address: str, client: Client) -> None:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert [query["sql"] for query in queries if "consent_" in query["sql"]] == []


def test_a_service_waits_in_a_template_for_its_group(client: Client, published: Published) -> None:
    page = client.get("/consent/").content.decode()
    gate = (
        '<template data-consent-gate="analytics" data-service="tally"><script async src="http://127.0.0.1:9/count.js">'
    )
    assert gate in page
    assert page.count("count.js") == 1


def test_the_banner_says_who_is_asked_for(client: Client, published: Published) -> None:
    page = client.get("/").content.decode()
    assert f'data-snapshot="{published.sha256}" data-groups="analytics"' in page
    assert "Tally (Tally Works)" in page


def test_words_of_an_editor_are_words_not_markup(client: Client, policy: PolicyPage) -> None:
    make.catalogue_of_one()
    Service.objects.update(name="<b>Tally</b>", script_url='http://x.example/"><b>')
    make.publish()
    for address in ("/", "/consent/"):
        assert "<b>" not in client.get(address).content.decode()
