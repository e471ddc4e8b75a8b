"""Where does the footer of a page lead a visitor who reads another language?"""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from home.models import HomePage
from tests import make
from tests.policies import languages

pytestmark = pytest.mark.django_db


@pytest.fixture
def english() -> HomePage:
    return make.site()


@pytest.fixture
def russian(english: HomePage) -> HomePage:
    home: HomePage = english.copy_for_translation(languages.russian())
    home.save_revision().publish()
    return home


def offered(response: Any) -> list[tuple[str, str]]:
    links = BeautifulSoup(response.content, "html.parser").select("footer a[hreflang]")
    return [(str(link["href"]), link.get_text()) for link in links]


@pytest.mark.parametrize("address", ["/", "/promises/", "/consent/", "/consent/?saved", "/mail/join/"])
def test_what_is_in_two_languages_links_the_other_one(russian: HomePage, client: Client, address: str) -> None:
    there = f"/ru{address.partition('?')[0]}"
    answer = client.get(address)
    assert offered(answer) == [(there, "Русский")]
    assert f'<link rel="alternate" hreflang="ru" href="http://testserver{there}">' in answer.text
    assert offered(client.get(there)) == [(there.removeprefix("/ru"), "English")]


def test_a_site_in_one_language_offers_no_other(english: HomePage, client: Client) -> None:
    english.copy_for_translation(languages.russian())  # a draft
    for address in ("/", "/promises/", "/consent/", "/mail/join/"):
        assert offered(client.get(address)) == []


def test_what_is_not_found_and_what_answers_a_form_is_nowhere_else(russian: HomePage, client: Client) -> None:
    assert offered(client.get("/nothing/")) == []
    refused = client.post("/mail/join/", {"email": "nobody"}, **make.HERE)
    assert (refused.status_code, offered(refused)) == (422, [])
