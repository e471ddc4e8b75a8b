"""What does a reader of a comparison get: in which language, from which versions, with or without colours and cache?"""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from time_machine import Traveller

from cms.cache import ForgivingCache
from cms.demo.processes import free_port
from home.models import HomePage
from policies import compare, freeze
from policies.models import PolicyPage
from policies.views import comparison
from tests import make
from tests.policies import languages, typed

SOON = make.NOW + timedelta(days=10)


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    """Version 1 in force, version 2 announced."""
    return make.revise(make.policy(home, "We keep it for ever."), "We keep it for a year.", at=SOON)


def read(client: Client, address: str) -> Tag:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    article = BeautifulSoup(response.content, "html.parser").find("article")
    assert isinstance(article, Tag)
    return article


def said(tag: Tag | None) -> str:
    assert tag
    return " ".join(tag.get_text(" ").split())


def test_it_says_what_changed_first_in_short_and_then_in_the_text(page: PolicyPage, client: Client) -> None:
    article = read(client, "/privacy/compare/1-2/")
    assert [said(item) for item in article.select(".comparison-summary li")] == [
        "2 words inserted",
        "1 word deleted",
        "1 clause changed",
    ]
    assert [heading.text for heading in article.select("h2")] == ["In short", "Clause by clause"]


def test_it_names_both_versions_their_instants_and_states(page: PolicyPage, client: Client) -> None:
    old, new = read(client, "/privacy/compare/1-2/").select(".comparison-sides li")
    assert said(old).startswith("Version 1 : in force from 1 March 2026, 12:00 UTC to 11 March 2026")
    assert said(new) == "Version 2 : announced, in force from 11 March 2026, 12:00 UTC"


def test_a_screen_reader_hears_where_a_change_begins_and_ends(page: PolicyPage, client: Client) -> None:
    text = read(client, "/privacy/compare/1-2/").select_one(".compared-text .clause-text")
    assert said(text) == ("We keep it for [deleted: ever end of deletion] [inserted: a year end of insertion] .")
    hidden = text.select("ins > .visually-hidden, del > .visually-hidden") if text else []
    assert len(hidden) == 4


def test_the_page_needs_no_script_and_no_table(page: PolicyPage, client: Client) -> None:
    article = read(client, "/privacy/compare/1-2/")
    assert not article.select("script, table, [style], input, button")


def test_versions_are_compared_in_the_order_asked_for(page: PolicyPage, client: Client) -> None:
    text = read(client, "/privacy/compare/2-1/").select_one(".compared-text .clause-text")
    assert "[inserted: ever end of insertion]" in said(text)


def test_a_version_compared_with_itself_is_that_version(page: PolicyPage, client: Client) -> None:
    assert client.get("/privacy/compare/2-2/").url == "/privacy/v/2/"  # type: ignore[attr-defined]


@pytest.mark.parametrize("pair", ["1-3", "0-1", "3-3", f"1-{10**30}", "1-x", "1"])
def test_there_is_no_comparison_with_what_is_not_there(page: PolicyPage, client: Client, pair: str) -> None:
    assert client.get(f"/privacy/compare/{pair}/").status_code == 404


def test_a_withdrawn_version_is_compared_and_called_so(page: PolicyPage, client: Client) -> None:
    freeze.cancel(revision=page.versions.get(number=2).revision, now=make.NOW, reason="A mistake.")
    _old, new = read(client, "/privacy/compare/1-2/").select(".comparison-sides li")
    assert said(new).startswith("Version 2 : withdrawn, was to take force on 11 March 2026")


def test_unchanged_clauses_are_folded_and_counted(home: HomePage, client: Client) -> None:
    clauses = [make.text(f"Clause {number} says this.") for number in "abcd"]
    page = typed.publish(make.policy(home, live=False), *clauses)
    typed.publish(page, *clauses[:3], make.text("Nothing is like it was."))
    article = read(client, "/privacy/compare/1-2/")
    assert [said(fold) for fold in article.select("details > summary")] == ["3 clauses unchanged"]
    assert [said(what) for what in article.select(".compared-what")] == ["Removed", "Added"]


def test_a_moved_clause_says_from_where(home: HomePage, client: Client) -> None:
    clauses = [make.text(f"Clause {number} says this.") for number in "abcd"]
    page = typed.publish(make.policy(home, live=False), *clauses)
    typed.publish(page, clauses[3], *clauses[:3])
    article = read(client, "/privacy/compare/1-2/")
    assert [said(what) for what in article.select(".compared-what")] == ["Moved (was 4, now 1)"]
    assert said(article.select_one(".comparison-summary")) == "1 clause moved"


def test_changed_terms_links_and_kinds_are_told_in_words(home: HomePage, client: Client) -> None:
    clause = make.text('Read <a href="https://quay.example/old">more</a>.')
    page = typed.publish(make.policy(home, live=False), typed.retention(1, "year"), clause)
    clause["value"] = {"text": '<p>Read <a href="https://quay.example/new">more</a>.</p>', "anchor": ""}
    typed.publish(page, typed.retention(6, "month"), clause)
    article = read(client, "/privacy/compare/1-2/")
    assert "was: 1 year, then it is deleted; now: 6 months, then it is deleted" in said(article)
    assert "Link “more”: led to https://quay.example/old , leads to https://quay.example/new ." in said(article)


def test_a_text_that_says_mark_up_is_not_mark_up(home: HomePage, client: Client) -> None:
    make.revise(make.policy(home, "Old."), "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;ins&gt;")
    article = read(client, "/privacy/compare/1-2/")
    assert not article.select("script")
    assert "<script>alert(1)</script> & <ins>" in said(article).replace(" (", "(").replace(" )", ")")


@pytest.mark.parametrize(("pair", "sentence"), [("1-2", "Version 2 ends the policy."), ("2-1", "takes it up again.")])
def test_an_ended_policy_is_compared_readably(home: HomePage, client: Client, pair: str, sentence: str) -> None:
    page = make.policy(home, "We keep nothing.")
    freeze.end(page=page, effective_from=make.NOW, now=make.NOW, note="We close.")
    article = read(client, f"/privacy/compare/{pair}/")
    assert sentence in said(article)
    assert [said(fold) for fold in article.select("details > summary")] == ["1 clause"]
    assert "Why: We close." in said(article)


def test_it_leads_to_the_comparisons_before_and_after(page: PolicyPage, clock: Traveller, client: Client) -> None:
    clock.shift(timedelta(days=1))
    page = make.revise(page, "An urgent fix.")  # version 3 takes force before version 2
    links = {link["rel"][0]: link["href"] for link in read(client, "/privacy/compare/3-2/").select("nav a[rel]")}
    assert links == {"prev": "/privacy/compare/1-3/"}
    links = {link["rel"][0]: link["href"] for link in read(client, "/privacy/compare/1-3/").select("nav a[rel]")}
    assert links == {"next": "/privacy/compare/3-2/"}


def test_translations_are_compared_where_there_are_both(home: HomePage, client: Client) -> None:
    page = make.policy(home, "We keep it for ever.")
    languages.translate(page, "Мы храним это вечно.").save_revision().publish()
    page = make.revise(page, "We keep it for a year.")
    article = read(client, "/ru/privacy/compare/1-2/")
    assert article.select(".notice")
    text = article.select_one(".compared-text")
    assert text
    assert text["lang"] == "en"
    languages.translate(page, "Мы храним это год.").save_revision().publish()
    text = read(client, "/ru/privacy/compare/1-2/").select_one(".compared-text")
    assert text
    assert (text["lang"], "храним" in text.text) == ("ru", True)


@pytest.mark.parametrize(("before", "seconds"), [(timedelta(days=1), 300), (timedelta(seconds=90), 90)])
def test_a_cache_may_keep_it_until_a_state_changes(
    page: PolicyPage, clock: Traveller, client: Client, before: timedelta, seconds: int
) -> None:
    clock.move_to(SOON - before)
    assert f"max-age={seconds}," in client.get("/privacy/compare/1-2/")["Cache-Control"] + ","
    assert f"max-age={seconds}," in client.get("/privacy/compare/1-1/")["Cache-Control"] + ","


def test_two_texts_are_compared_once(page: PolicyPage, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    once = client.get("/privacy/compare/1-2/").content
    monkeypatch.setattr(compare, "compare", lambda *texts: pytest.fail("it was in the cache"))
    assert client.get("/privacy/compare/1-2/").content == once


def test_what_is_kept_is_kept_by_language_and_direction(page: PolicyPage, client: Client) -> None:
    client.get("/privacy/compare/1-2/")
    assert "[inserted: ever" in said(read(client, "/privacy/compare/2-1/"))


def test_a_cache_that_is_away_costs_only_time(
    page: PolicyPage, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparison, "cache", ForgivingCache(f"redis://127.0.0.1:{free_port(0)}/0", {}))
    for _ in range(2):
        assert "1 clause changed" in said(read(client, "/privacy/compare/1-2/"))


def test_a_kept_comparison_is_shown_without_the_texts(
    page: PolicyPage, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/privacy/compare/1-2/")
    with django_assert_max_num_queries(30) as asked:
        client.get("/privacy/compare/1-2/")
    assert not [query for query in asked.captured_queries if '."content"' in query["sql"]]


def test_the_cache_is_shared(page: PolicyPage, client: Client) -> None:
    client.get("/privacy/compare/1-2/")
    first, second = (page.versions.get(number=number).content_sha256 for number in (1, 2))
    kept: Any = cache.get(f"policies.compare:{comparison.FORMAT}:en:1-2:{first}:{second}")
    assert "1 clause changed" in kept
