"""What does each typed clause say to people, and what to the site?"""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.utils import translation
from wagtail.blocks import StreamBlockValidationError

from home.models import HomePage
from policies.blocks import ClausesBlock
from records.registry import Ground, Purpose
from records.terms import Kind
from tests import make
from tests.policies import typed

CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
KINDS = {
    "retention": typed.retention(),
    "purposes": typed.purposes(*Purpose.values, basis="eu-gdpr:A6-1-a"),
    "data": typed.data("dpv:Visitor", "dpv:Subscriber", "dpv:Employee"),
    "services": typed.clause("services"),
    "grounds": typed.grounds(*Ground.values),
    "contact": typed.clause("contact"),
}


@pytest.fixture(autouse=True)
def site(home: HomePage) -> HomePage:
    make.catalogue_of_one()
    return home


def test_retention_is_a_sentence_and_a_term() -> None:
    row = typed.retention(6, "month")
    assert typed.sentence(row) == (
        "We keep inquiries from forms for 6 months from the day they arrive, then delete them."
    )
    assert typed.terms(row) == [(Kind.RETENTION, "home.Inquiry", {"period": "P6M", "then": "delete"})]


def test_retention_of_a_part_of_a_data_set_names_the_part() -> None:
    row = typed.retention(1, "week", holding="mailing.Subscription")
    assert typed.sentence(row) == (
        "We keep requests to subscribe that were never confirmed for 1 week from the day of the request, then delete "
        "them."
    )


def test_retention_without_a_data_set_is_words_and_no_term() -> None:
    row = typed.retention(3, "year", holding="", words="Paper letters stay in a locked drawer for {period}.")
    assert typed.sentence(row) == "Paper letters stay in a locked drawer for 3 years."
    assert typed.terms(row) == []


def test_how_long_a_choice_counts_is_a_term_that_deletes_nothing() -> None:
    row = typed.retention(6, "month", holding="consent.choice")
    sentence = "A choice about cookies counts for 6 months from the day it is made, then we ask again."
    assert typed.sentence(row) == sentence
    assert typed.terms(row) == [(Kind.RETENTION, "consent.choice", {"period": "P6M", "then": "ask"})]


def test_purposes_are_a_list_and_terms() -> None:
    row = typed.purposes("dpv:ServiceProvision", "dpv:DirectMarketing", basis="eu-gdpr:A6-1-a")
    assert typed.sentence(row) == (
        "We use personal data for these purposes: running the site (legal basis: consent) "
        "promotional and information mail (legal basis: consent)"
    )
    assert typed.terms(row) == [
        (Kind.PURPOSE, "dpv:ServiceProvision", {"basis": "eu-gdpr:A6-1-a"}),
        (Kind.PURPOSE, "dpv:DirectMarketing", {"basis": "eu-gdpr:A6-1-a"}),
    ]


def test_a_purpose_may_have_the_editors_words() -> None:
    row = typed.purposes("dpv:ServiceProvision", words="answering <you>")
    assert "answering &lt;you&gt;" in typed.written(row).clauses[0].html
    assert typed.sentence(row).endswith("answering <you>")


def cells(row: dict[str, Any], title: str) -> dict[str, str]:
    """The cells of one line of the data table, by the head of their column."""
    return table(typed.written(row).clauses[0].html)[title]


def table(html: str) -> dict[str, dict[str, str]]:
    lines = BeautifulSoup(html, "html.parser").select("tbody tr")
    return {
        line.th.get_text(): {str(cell["data-label"]): " ".join(cell.get_text(" ").split()) for cell in line("td")}  # type: ignore[union-attr]
        for line in lines
    }


def test_the_data_table_follows_the_data_map() -> None:
    assert cells(typed.data(), "Inquiries from forms") == {
        "What it holds": typed.HELD,
        "Who receives it": "nobody else",
        "What for": "handling requests and answering them "
        "(legal basis: contract, or steps before one at the person's request)",
        "How long": f"365 days from the day they arrive; {typed.SOONER}",
    }


def test_the_data_table_says_of_which_part_a_period_is_and_what_becomes_of_the_rest() -> None:
    assert cells(typed.data(), "Subscriptions")["How long"] == (
        "Requests to subscribe that were never confirmed: 7 days from the day of the request; "
        "once confirmed, until the person asks for erasure"
    )


def test_the_data_table_shows_the_period_of_this_very_policy() -> None:
    text = typed.written(typed.data(), typed.retention(6, "month"))
    lines = table(text.clauses[0].html)
    assert lines["Inquiries from forms"]["How long"] == f"6 months from the day they arrive; {typed.SOONER}"


def test_the_data_table_holds_whom_it_is_about_and_no_other() -> None:
    assert "Accounts of the CMS" in typed.sentence(typed.data("dpv:Employee"))
    assert "Accounts of the CMS" not in typed.sentence(typed.data("dpv:Visitor"))
    assert (Kind.DATA, "home.Inquiry") in {(kind, key) for kind, key, _value in typed.terms(typed.data("dpv:Visitor"))}


def test_the_tables_have_names_and_headings_for_a_screen_reader() -> None:
    [found] = BeautifulSoup(typed.written(typed.data()).clauses[0].html, "html.parser").select("table")
    assert found["aria-label"]
    assert {head["scope"] for head in found.select("th")} == {"col", "row"}


def test_the_services_are_those_that_are_published() -> None:
    row = typed.clause("services")
    said = typed.sentence(row)
    assert "Statistics (only if you allow it) Counts visits. Services: Tally (Tally Works): Counts." in said
    assert "Essential (always on) Cookies: candor_consent : Your choice." in said
    assert typed.terms(row) == [(Kind.SERVICE, "tally", {"group": "analytics", "vendor": "Tally Works"})]


def test_the_grounds_are_a_list_and_terms() -> None:
    row = typed.grounds("consent", "authority")
    assert typed.sentence(row).startswith("We give personal data to third parties only if: the person agreed")
    assert typed.terms(row) == [(Kind.GROUND, "consent", {}), (Kind.GROUND, "authority", {})]


def test_the_contact_is_the_owner_with_what_is_filled_in() -> None:
    typed.owner(address="")
    row = typed.clause("contact")
    assert typed.sentence(row) == (
        "Quay Ltd decides how and why personal data is used on http://testserver, and answers for it: "
        "+44 20 7946 0018 privacy@quay.example"
    )
    html = typed.written(row).clauses[0].html
    assert 'href="mailto:privacy@quay.example"' in html
    assert 'href="tel:+442079460018"' in html


def test_the_contact_as_a_term_is_plain() -> None:
    typed.owner(name="A & <b>")
    [(kind, key, value)] = typed.terms(typed.clause("contact", text="<p>Ask {owner}.</p>"))
    assert (kind, key) == (Kind.CONTACT, "controller")
    assert value == {"owner": "A & <b>", "email": "privacy@quay.example", "site": "http://testserver"}


def test_definitions_are_a_list_of_terms() -> None:
    row = typed.definition("Site", "The pages at {site}.")
    assert typed.sentence(row) == "In this policy: Site The pages at http://testserver."
    assert "<dt><dfn>Site</dfn></dt>" in typed.written(row).clauses[0].html
    assert typed.terms(row) == [(Kind.DEFINITION, "Site", {})]


@pytest.mark.parametrize("kind", KINDS)
def test_a_russian_page_says_it_in_russian(kind: str) -> None:
    english, russian = (words(typed.sentence(KINDS[kind], language)) for language in ("en", "ru"))
    of_the_site = words("candor_consent CMS cookie IP api quay ltd privacy@quay.example http://testserver")
    catalogue = words("Essential Statistics Counts visits Tally Works Your choice")  # written once, by the editor
    assert not english & russian - of_the_site - catalogue
    assert CYRILLIC.search(" ".join(russian))


def words(sentence: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", sentence.casefold()))


@pytest.mark.parametrize("kind", KINDS)
def test_a_term_says_the_same_in_every_language(kind: str) -> None:
    english, russian = (typed.written(KINDS[kind], language=language).statements for language in ("en", "ru"))
    assert english == russian


def test_the_language_is_that_of_the_page_and_not_of_the_editor() -> None:
    with translation.override("ru"):
        assert typed.sentence(typed.retention()).startswith("We keep inquiries")


@pytest.mark.parametrize("kind", ["retention", "purposes", "data", "services", "grounds", "definitions"])
def test_the_editors_words_take_the_place_of_ours(kind: str) -> None:
    rows = KINDS | {"definitions": typed.definition("Site", "These pages.")}
    row = {**rows[kind], "value": rows[kind]["value"] | {"text": "<p>In <b>our</b> words.</p>"}}
    assert typed.written(row).clauses[0].html.startswith("<p>In <b>our</b> words.</p>")


def test_typed_clauses_are_numbered_and_have_anchors_like_the_others() -> None:
    rows = [make.text("One."), typed.retention(), typed.clause("contact", anchor="owner"), make.text("Four.")]
    found = typed.written(*rows).clauses
    assert [clause.number for clause in found] == ["1", "2", "3", "4"]
    assert [clause.anchor for clause in found] == [
        "c-" + rows[0]["id"][:8],
        "c-" + rows[1]["id"][:8],
        "owner",
        "c-" + rows[3]["id"][:8],
    ]


def test_the_page_shows_them(home: HomePage, client: Any) -> None:
    page = typed.policy(home, *KINDS.values(), typed.definition("Site", "These pages."))
    shown = BeautifulSoup(client.get(page.url).content, "html.parser").select_one(".policy-text")
    assert shown
    assert [clause["class"][-1] for clause in shown.select(".clause")] == [
        *(f"clause-{kind}" for kind in KINDS),
        "clause-definitions",
    ]
    assert not shown.select("p p, p table, p ul, p dl, :is(ul, ol) > :not(li)")


@pytest.mark.parametrize(
    "rows",
    [
        [typed.retention(1, "year"), typed.retention(6, "month")],
        [typed.purposes("dpv:DirectMarketing"), typed.purposes("dpv:DirectMarketing")],
        [typed.grounds("consent", "consent")],
        [typed.clause("contact"), typed.clause("contact")],
    ],
)
def test_two_clauses_about_one_thing_are_refused(home: HomePage, rows: list[typed.Row]) -> None:
    with pytest.raises(ValidationError, match="Two clauses"):
        typed.policy(home, *rows)


def check(row: typed.Row) -> str:
    """What the editor's form says to this clause."""
    try:
        ClausesBlock().clean(typed.body(row))
    except StreamBlockValidationError as error:
        return str(error.block_errors[0].as_json_data())
    return ""


@pytest.mark.parametrize(
    "words",
    [
        "We keep them for six months.",
        "Мы храним их 6 (шесть) месяцев.",
        "For 2 years from the day they arrive.",
    ],
)
def test_words_that_contradict_the_period_are_refused(words: str) -> None:
    assert "make them one" in check(typed.retention(1, "year", words=words))


@pytest.mark.parametrize(
    "words",
    [
        "We keep them for one year.",
        "Мы храним их 1 (один) год, не дольше.",
        "We keep them for twelve months.",
        "We keep them for {period}.",
        "We keep them as long as we said.",
        "We keep them for 1 year; a backup is written over after 30 days.",
    ],
)
def test_words_that_say_the_period_or_none_are_taken(words: str) -> None:
    assert check(typed.retention(1, "year", words=words)) == ""


def test_a_year_is_no_number_of_days() -> None:
    assert "The words say 365 days, but the period is 1 year" in check(
        typed.retention(1, "year", words="For 365 days.")
    )


def test_a_retention_clause_needs_a_data_set_or_words() -> None:
    assert "Choose the data set, or write the words." in check(typed.retention(holding=""))


@pytest.mark.parametrize("row", [typed.retention(None), typed.retention(0), typed.retention(1000), typed.purposes()])
def test_gaps_are_refused_when_it_is_published(home: HomePage, row: typed.Row) -> None:
    assert check(row)
    with pytest.raises(ValidationError, match="at least one clause"):
        typed.policy(home, row)


@pytest.mark.parametrize("row", [typed.retention(None), typed.retention(holding="gone.Model")])
def test_a_draft_with_gaps_is_told_so_in_a_sentence(row: typed.Row) -> None:
    with pytest.raises(ValidationError, match="A retention clause"):
        typed.written(row)


@pytest.mark.parametrize("row", [typed.purposes(""), typed.grounds(""), typed.definition("", "x")])
def test_a_preview_leaves_empty_lines_out(row: typed.Row) -> None:
    assert "<li>" not in typed.written(row).clauses[0].html
