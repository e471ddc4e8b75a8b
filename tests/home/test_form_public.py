"""What somebody writes is private unless they tick otherwise, beside the field and in the words that are kept."""

from typing import Any

import pytest
from django.test import Client

from consent.models import Decision
from home.models import FormPage, Inquiry, PublicEntriesPage, PublicEntry
from tests import make
from tests.home import forms
from tests.home.forms import EMAIL, Kind

pytestmark = pytest.mark.django_db
WORDS = {"kind": Kind.LINES, "label": "Your words", "shown_publicly": True}
STARS = {"kind": Kind.CHOICE, "label": "Stars", "options": "1\n2\n3", "shown_publicly": True}


@pytest.fixture
def page() -> FormPage:
    form = forms.form(EMAIL, WORDS, STARS, {"kind": Kind.LINE, "label": "Booking"}, title="How it went", slug="how")
    form.get_parent().add_child(instance=PublicEntriesPage(title="What others say", slug="others", form=form))
    return form


@pytest.fixture
def said(client: Client, page: FormPage) -> dict[str, Any]:
    return {
        "email": make.BEN,
        "your-words": "On time.",
        "stars": "3",
        "booking": "B-7",
        "words": forms.words(client, page),
    }


def test_a_public_field_says_so_and_its_tick_is_never_set(client: Client, page: FormPage) -> None:
    soup = forms.soup(client, page)
    ticks = soup.select(".form-consent input[type=checkbox]")
    assert [each["name"] for each in ticks] == ["public-your-words", "public-stars"]
    assert not any(each.has_attr("checked") or each.has_attr("required") for each in ticks)
    described = soup.find(id="id_your-words")["aria-describedby"]  # type: ignore[index]
    assert "everybody can read it" in soup.find(id=described).get_text()  # type: ignore[arg-type,union-attr]


def test_the_words_name_who_shows_what_and_where(client: Client, page: FormPage) -> None:
    label = forms.soup(client, page).select_one("label[for=id_public-your-words]")
    assert label
    assert label.get_text() == (
        "Quay Ltd may show what I write under “Your words” to everybody, on the page “What others say”, "
        "until I take it down."
    )


def test_without_the_tick_nothing_is_shown_or_agreed_to(client: Client, page: FormPage, said: dict[str, Any]) -> None:
    assert forms.send(client, page, said).status_code == 303
    assert "On time." in Inquiry.objects.get().answers
    assert not PublicEntry.objects.exists()
    assert not Decision.objects.exists()


def test_with_the_tick_that_field_alone_is_shown(client: Client, page: FormPage, said: dict[str, Any]) -> None:
    forms.send(client, page, said | {"public-your-words": "on"})
    entry = PublicEntry.objects.get()
    assert [(each["key"], each["said"]) for each in entry.content] == [("your-words", "On time.")]
    assert entry.inquiry == Inquiry.objects.get()
    decision = Decision.objects.get()
    assert decision.choices == {f"public:{page.pk}:your-words": True}
    assert decision.statement.startswith("Quay Ltd may show what I write under “Your words”")
    assert (decision.source, decision.path) == ("form", page.url)


def test_two_ticks_are_one_decision_with_both_sentences(client: Client, page: FormPage, said: dict[str, Any]) -> None:
    forms.send(client, page, said | {"public-your-words": "on", "public-stars": "on"})
    decision = Decision.objects.get()
    assert set(decision.choices) == {f"public:{page.pk}:your-words", f"public:{page.pk}:stars"}
    assert "“Your words”" in decision.statement
    assert "“Stars”" in decision.statement


def test_a_tick_beside_nothing_is_no_consent(client: Client, page: FormPage, said: dict[str, Any]) -> None:
    forms.send(client, page, said | {"stars": "", "public-stars": "on"})
    assert not Decision.objects.exists()


def test_whoever_read_other_words_is_asked_again(client: Client, page: FormPage, said: dict[str, Any]) -> None:
    PublicEntriesPage.objects.update(title="On the front door")
    response = forms.send(client, page, said | {"public-your-words": "on"})
    assert response.status_code == 422
    assert "These words have changed" in response.content.decode()
    assert not Inquiry.objects.exists()


def test_where_no_address_must_be_given_nothing_is_offered(client: Client) -> None:
    page = forms.form(EMAIL | {"required": False}, WORDS)
    assert not forms.soup(client, page).select(".form-consent")
    forms.send(client, page, {"email": make.BEN, "your-words": "Good", "public-your-words": "on"})
    assert Inquiry.objects.exists()
    assert not PublicEntry.objects.exists()


def test_what_is_suspected_is_shown_nowhere(client: Client, page: FormPage, said: dict[str, Any]) -> None:
    forms.send(client, page, said | {"your-words": "[url=x]buy[/url]", "public-your-words": "on"})
    assert Inquiry.objects.get().state == "spam"
    assert not PublicEntry.objects.exists()
