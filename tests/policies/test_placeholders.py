"""What stands for a placeholder is filled in when a version is frozen, and stays."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from consent.models import Service
from home.models import HomePage
from policies import expansion
from policies.models import PolicyPage
from records.registry import Category, Datum, Source, declarations
from tests import make
from tests.policies import typed


@pytest.fixture(autouse=True)
def site(home: HomePage) -> HomePage:
    typed.owner(address="1 Quay Street, Hull")
    return home


@pytest.mark.parametrize(
    ("placeholder", "value"),
    [
        ("{owner}", "Quay Ltd"),
        ("{address}", "1 Quay Street, Hull"),
        ("{phone}", "+44 20 7946 0018"),
        ("{email}", "privacy@quay.example"),
        ("{site}", "http://testserver"),
        ("{period:home.Inquiry}", "6 months"),
    ],
)
def test_a_placeholder_is_filled_in(placeholder: str, value: str) -> None:
    text = typed.written(make.text(f"It is {placeholder}."), typed.retention(6, "month"))
    assert text.clauses[0].html == f"<p>It is {value}.</p>"


def test_the_period_of_the_clause_itself_needs_no_name() -> None:
    row = typed.retention(2, "week", words="They go after {period}.")
    assert typed.sentence(row) == "They go after 2 weeks."


def test_a_period_speaks_the_language_of_the_page() -> None:
    rows = [make.text("Срок: {period:home.Inquiry}."), typed.retention(3, "month", words="Три месяца.")]
    text = typed.written(*rows, language="ru")
    assert "3 месяца" in text.clauses[0].html


def test_a_heading_and_a_list_are_filled_in_too() -> None:
    heading = {"type": "section", "value": {"title": "About {owner}", "numbered": True, "anchor": ""}}
    row = typed.purposes("dpv:ServiceProvision", words="running {site}")
    found = typed.written(heading, row).clauses
    assert found[0].html == "About Quay Ltd"
    assert "running http://testserver" in found[1].html


def test_a_placeholder_may_stand_in_a_link() -> None:
    row = make.text('Write to <a href="mailto:{email}">us</a>.')
    assert 'href="mailto:privacy@quay.example"' in typed.written(row).clauses[0].html


@pytest.mark.parametrize("row", [make.text("{owner}"), typed.clause("contact"), typed.definition("Owner", "{owner}")])
def test_an_owner_cannot_write_mark_up(row: typed.Row) -> None:
    typed.owner(name="A & <b>")
    html = typed.written(row).clauses[0].html
    assert "A &amp; &lt;b&gt;" in html
    assert "<b>" not in html


def test_a_value_is_no_placeholder_again() -> None:
    typed.owner(name="{email}")
    assert typed.written(make.text("{owner}")).clauses[0].html == "<p>{email}</p>"


@pytest.mark.parametrize("words", ["{ownr}", "{Owner}", "{owner:home.Inquiry}", "{0}"])
def test_an_unknown_placeholder_is_refused_with_those_there_are(words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        typed.written(make.text(f"Ask {words}."))
    assert refused.value.messages == [
        f"{words} is no placeholder. There are {{owner}}, {{address}}, {{phone}}, {{email}}, {{site}}, {{period}}."
    ]


@pytest.mark.parametrize("words", ["{}", "{ owner }", "a set {1, 2}", "{{", "}"])
def test_other_braces_are_text(words: str) -> None:
    assert typed.written(make.text(words)).clauses[0].html == f"<p>{words}</p>"


def test_what_is_not_filled_in_yet_is_refused_and_says_where(home: HomePage) -> None:
    typed.owner(phone="")
    with pytest.raises(ValidationError, match=r"\{phone\} has no value yet: fill it in under Settings › Site owner"):
        typed.policy(home, make.text("Call {phone}."))


def test_a_contact_clause_needs_an_address_to_write_to() -> None:
    typed.owner(email="")
    with pytest.raises(ValidationError, match=r"\{email\} has no value yet"):
        typed.written(typed.clause("contact"))


def test_a_period_that_no_clause_states_is_refused() -> None:
    with pytest.raises(ValidationError, match="no retention clause of this policy is about"):
        typed.written(make.text("{period:home.Inquiry}"))
    with pytest.raises(ValidationError, match="stands in a retention clause"):
        typed.written(make.text("{period}"))


def test_a_refused_placeholder_freezes_nothing(home: HomePage) -> None:
    page = typed.policy(home, make.text("Ask {owner}."))
    with pytest.raises(ValidationError):
        typed.publish(page, make.text("Ask {nobody}."))
    assert page.versions.count() == 1


def changed(page: PolicyPage) -> list[str]:
    version = page.versions.get()
    return expansion.changed(version.used, site=page.serving_site, language=version.language)


def test_a_frozen_text_stays_when_the_owner_changes(home: HomePage, client: Client) -> None:
    page = typed.policy(home, make.text("Ask {owner}."))
    assert changed(page) == []
    typed.owner(name="Pier Ltd", phone="1")
    assert "Ask Quay Ltd." in client.get(page.url).content.decode()
    assert changed(page) == ["owner"], "the telephone is not in it"


def test_what_a_contact_clause_left_out_is_missed_when_it_is_filled_in(home: HomePage) -> None:
    typed.owner(phone="")
    page = typed.policy(home, typed.clause("contact"))
    typed.owner(phone="+44 20 7946 0018")
    assert changed(page) == ["phone"]


def test_a_change_of_the_data_map_is_named(home: HomePage, monkeypatch: pytest.MonkeyPatch) -> None:
    page = typed.policy(home, typed.data())
    assert changed(page) == []
    entry = declarations._holdings["home.Inquiry"]
    monkeypatch.setitem(entry.personal, "age", Datum(Category.PREFERENCE, Source.FORM))  # type: ignore[arg-type]
    assert changed(page) == ["data:dpv:Subscriber,dpv:Visitor"]


def test_a_change_of_the_services_is_named_once_it_is_published(home: HomePage) -> None:
    make.catalogue_of_one()
    page = typed.policy(home, typed.clause("services"))
    Service.objects.update(vendor=make.recipient("Another"))
    assert changed(page) == []
    make.publish()
    assert changed(page) == ["services"]


def test_a_change_that_is_published_again_is_a_new_version(home: HomePage, clock: Any) -> None:
    page = typed.policy(home, make.text("Ask {owner}."))
    typed.owner(name="Pier Ltd")
    page.save_revision().publish()
    assert [version.text for version in page.versions.order_by("number")] == ["1 Ask Quay Ltd.\n", "1 Ask Pier Ltd.\n"]
