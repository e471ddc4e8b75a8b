"""How is one version read in two languages, and which text counts?"""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from time_machine import Traveller

from home.models import HomePage
from policies import freeze
from policies.models import PolicyPage
from tests import make
from tests.policies import languages, reading

SOON = make.NOW + timedelta(days=10)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    """Version 1 in force in both languages, version 2 announced in English alone."""
    page = make.policy(home, "Old.")
    languages.translate(page, "Старое.").save_revision().publish()
    return make.revise(page, "New.", at=SOON, note="All is new.")


def translate(page: PolicyPage, words: str) -> None:
    languages.translate(page, words).save_revision().publish()


def test_a_translated_page_shows_the_translation_and_names_the_text_that_counts(
    page: PolicyPage, client: Client
) -> None:
    response = client.get("/ru/privacy/")
    assert reading.text_of(response) == "Политика 1 Старое."
    assert reading.links(response, ".notice a[hreflang]") == ["/privacy/v/1/"]
    assert 'href="/privacy/v/1/" hreflang="en"' in response.text
    assert not reading.article(response).select(".policy-text[lang]")


def test_the_original_links_its_translations(page: PolicyPage, client: Client) -> None:
    assert reading.links(client.get("/privacy/"), ".policy-meta a[hreflang]") == ["/ru/privacy/v/1/"]
    assert reading.links(client.get("/privacy/v/2/"), ".policy-meta a[hreflang]") == []


def test_what_is_not_translated_is_shown_in_the_authoritative_language(page: PolicyPage, client: Client) -> None:
    response = client.get("/ru/privacy/v/2/")
    text = reading.article(response).select_one(".policy-text")
    assert text
    assert (text["lang"], text["dir"], text.get_text(" ", strip=True)) == ("en", "ltr", "1 New.")
    assert reading.links(response, ".notice a[hreflang]") == ["/privacy/v/2/"]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (SOON - MICROSECOND, "Политика 1 Старое."),
        (SOON, "Политика 1 Новое."),
        (SOON + MICROSECOND, "Политика 1 Новое."),
    ],
)
def test_all_languages_switch_at_one_instant(
    page: PolicyPage, clock: Traveller, client: Client, moment: datetime, words: str
) -> None:
    translate(page, "Новое.")
    clock.move_to(moment)
    assert reading.text_of(client.get("/ru/privacy/")) == words


def test_a_better_translation_leaves_number_and_instant_as_they_are(
    page: PolicyPage, clock: Traveller, client: Client
) -> None:
    draft = languages.translate(page, "Прежнее.")
    draft.translates = 1
    clock.shift(timedelta(days=1))
    before = (make.NOW + timedelta(hours=1)).isoformat()
    draft.save_revision().publish()
    assert reading.text_of(client.get("/ru/privacy/")) == "Политика 1 Прежнее."
    assert reading.text_of(client.get("/ru/privacy/", {"on": before})) == "Политика 1 Старое."
    assert [version.number for version in page.versions.order_by("number")] == [1, 2]


def test_a_translation_may_be_bettered_so_caches_forget_it_soon(page: PolicyPage, client: Client) -> None:
    response = client.get("/ru/privacy/v/1/text/")
    assert (response.text, response["Content-Language"]) == ("1 Старое.\n", "ru")
    assert response["Cache-Control"] == "public, max-age=300, must-revalidate"


def test_a_missing_translation_is_answered_with_the_original(page: PolicyPage, client: Client) -> None:
    response = client.get("/ru/privacy/v/2/text/")
    assert (response.text, response["Content-Language"]) == ("1 New.\n", "en")
    assert "immutable" not in response["Cache-Control"]
    assert client.get("/ru/privacy/v/2/json/").json()["@id"] == "http://testserver/privacy/v/2/"


def test_a_translated_document_names_its_original(page: PolicyPage, client: Client) -> None:
    said = client.get("/ru/privacy/v/1/json/").json()
    assert (said["inLanguage"], said["version"], said["rendition"]) == ("ru", 1, 1)
    assert said["@id"] == "http://testserver/ru/privacy/v/1/"
    assert said["translationOf"] == "http://testserver/privacy/v/1/"


def test_the_history_names_the_languages_of_each_version(page: PolicyPage, client: Client) -> None:
    listed = reading.links(client.get("/privacy/history/"), "tbody td a[hreflang]")
    assert listed == ["/privacy/v/2/", "/privacy/v/1/", "/ru/privacy/v/1/"]


def test_a_change_is_told_in_the_language_it_was_told_in(page: PolicyPage, client: Client) -> None:
    assert '<span lang="en">All is new.</span>' in client.get("/ru/privacy/history/").text
    draft = languages.translate(page, "Новое.")
    draft.change_note = "Всё новое."
    draft.save_revision().publish()
    assert "<span>Всё новое.</span>" in client.get("/ru/privacy/history/").text


def test_every_address_speaks_its_language(page: PolicyPage, client: Client) -> None:
    assert "http://testserver/ru/privacy/v/1/" in client.get("/ru/privacy/timemap/").text
    assert 'xml:lang="ru"' in client.get("/ru/privacy/feed/").text
    assert reading.links(client.get("/ru/privacy/upcoming/"), ".announced h2 a") == ["/ru/privacy/v/2/"]


def stated_by(client: Client, address: str) -> set[str]:
    return {term["stated_by"] for term in client.get(address).json()["terms"]}


def test_the_promises_name_a_version_by_its_title_in_the_language_of_the_page(
    home: HomePage, page: PolicyPage, clock: Traveller, client: Client
) -> None:
    draft = page.get_latest_revision_as_object()
    draft.body, draft.go_live_at = [make.text("New."), languages.PURPOSES], None
    draft.save_revision().publish()
    assert stated_by(client, "/promises.json") == {"Privacy policy, version 3"}
    with translation.override("ru"):
        said = gettext("%(title)s, version %(number)d")
    assert stated_by(client, "/ru/promises.json") == {said % {"title": "Privacy policy", "number": 3}}
    cache.clear()  # what is shown is a minute old at most
    draft = languages.translate(PolicyPage.objects.get(pk=page.pk), "Новое.")
    draft.translates = 3
    draft.save_revision().publish()
    assert stated_by(client, "/ru/promises.json") == {said % {"title": "Политика", "number": 3}}


def test_a_policy_that_ended_has_ended_in_every_language(page: PolicyPage, client: Client) -> None:
    freeze.end(page=page, effective_from=make.NOW, now=make.NOW, note="The shop is closed.")
    response = client.get("/ru/privacy/")
    assert response.status_code == 200
    assert '<span lang="en">The shop is closed.</span>' in response.text
    assert reading.links(response, ".notice a") == ["/ru/privacy/history/", "/ru/privacy/v/2/"]
