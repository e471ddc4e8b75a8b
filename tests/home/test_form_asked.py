"""Does a form ask what its editor chose, and do the policy and the record of processing say the same?"""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from wagtail.models import Locale, Site

from home.models import Field, FormPage
from policies import expansion
from records import ropa
from records.registry import Category, Purpose, forms_of, holding
from tests import make
from tests.home import forms
from tests.home.forms import EMAIL, Kind

pytestmark = pytest.mark.django_db
NAME = {"kind": Kind.NAME, "label": "Name"}
PHONE = {"kind": Kind.PHONE, "label": "Telephone"}
TOWN = {"kind": Kind.LINE, "label": "Town", "category": Category.LOCATION}


def row() -> dict[str, Any]:
    site = Site.objects.get(is_default_site=True)
    rows = expansion._rows("data:dpv:Visitor", site, "en")
    return next(row for row in rows if row["key"] == "home.Inquiry")


def activity() -> dict[str, Any]:
    found = ropa.record(site=Site.objects.get(is_default_site=True), now=make.NOW)
    return next(each for each in found["activities"] if each["key"] == "home.Inquiry")


def test_the_usual_form_says_what_must_be_given(client: Client) -> None:
    page = make.contact(make.site())
    labels = forms.soup(client, page).select("form.form label:has(small)")
    assert {label["for"]: label.small.get_text() for label in labels if label.small} == {
        "id_name": "(required)",
        "id_email": "(required)",
        "id_phone": "(optional)",
        "id_message": "(required)",
    }


def test_the_declaration_follows_the_page() -> None:
    forms.form(NAME, EMAIL, TOWN | {"shown_publicly": True, "required": False})
    [form] = forms_of(holding("home.Inquiry"))
    assert form.title == "Quote"
    assert {name: (each.category, each.optional, each.public) for name, each in form.asked.items()} == {
        "name": (Category.NAME, True, False),
        "email": (Category.EMAIL, False, False),
        "answers:town": (Category.LOCATION, True, True),
    }


def test_the_policys_table_says_what_the_page_asks() -> None:
    forms.form(NAME, EMAIL, TOWN | {"shown_publicly": True})
    assert row()["given"] == ["name (optional)", "e-mail address", "place (optional), shown publicly"]
    assert row()["by_form"] == []


def test_two_pages_that_ask_differently_are_said_apart() -> None:
    forms.form(EMAIL, NAME)
    forms.form(EMAIL, PHONE | {"required": True}, title="Call me", slug="call")
    assert row()["by_form"] == [
        ["Call me", "e-mail address", "telephone number"],
        ["Quote", "e-mail address", "name (optional)"],
    ]


def test_what_a_form_and_a_field_are_for_is_said_with_them() -> None:
    forms.form(EMAIL | {"purpose": Purpose.PAYMENT}, TOWN, purpose=Purpose.SERVICE)
    assert row()["purposes"] == [
        "handling requests and answering them",
        "running the site",
        "taking payments",
    ]
    [form] = activity()["forms"]
    assert [each["term"] for each in form["purposes"]] == [Purpose.SERVICE, Purpose.PAYMENT]
    assert [each["column"] for each in form["data"]] == ["email", "answers:town"]
    assert [each["mandatory"] for each in form["data"]] == [True, False]


def test_a_page_says_to_its_visitors_what_it_is_for(client: Client) -> None:
    page = forms.form(EMAIL)
    assert "to answer you, and for nothing else" in forms.soup(client, page).get_text()
    other = forms.form(EMAIL, purpose=Purpose.PAYMENT, keep_days=30, slug="pay")
    said = " ".join(forms.soup(client, other).get_text().split())
    assert "We use this for: taking payments." in said
    assert "It is deleted after 30 days." in said


def test_a_page_that_nobody_can_reach_asks_nothing() -> None:
    forms.form(EMAIL).unpublish()
    assert forms_of(holding("home.Inquiry")) == []
    assert row()["given"][:2] == ["name", "e-mail address"]


def test_the_record_of_processing_names_the_form() -> None:
    forms.form(EMAIL, title="Ask us")
    assert [form["title"] for form in activity()["forms"]] == ["Ask us"]


def test_an_editor_can_choose_only_what_a_person_can_be_asked() -> None:
    field = FormPage.fields.rel.related_model._meta.get_field("category")
    labels = {str(label) for _value, label in field.flatchoices}
    assert "name" in labels
    assert not labels & {"password hash", "truncated network address", "record of signing in"}


def abroad(page: FormPage, title: str) -> FormPage:
    russian, _new = Locale.objects.get_or_create(language_code="ru")
    page.get_parent().copy_for_translation(russian).save_revision().publish()
    copy = page.copy_for_translation(russian)
    copy.title = title
    copy.save_revision().publish()
    return FormPage.objects.get(pk=copy.pk)


@pytest.mark.parametrize(("language", "title"), [("en", "Quote"), ("ru", "Цена"), ("de", "Quote")])
def test_a_form_is_told_once_in_the_language_of_whoever_reads(language: str, title: str) -> None:
    abroad(forms.form(NAME, EMAIL), "Цена")
    with translation.override(language):
        assert [form.title for form in forms_of(holding("home.Inquiry"))] == [title]


def test_a_translation_that_asks_something_else_is_told_beside_it() -> None:
    page = abroad(forms.form(NAME, EMAIL), "Цена")
    page.fields.add(Field(key="town", **TOWN))
    page.save()
    assert row()["by_form"] == [
        ["Quote", "name (optional)", "e-mail address"],
        ["Цена", "name (optional)", "e-mail address", "place (optional)"],
    ]
