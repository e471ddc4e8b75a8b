"""Does a contact page ask what its editor chose, and do the policy and the data map say the same?"""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Site

from home.models import Asked, ContactPage, Inquiry
from policies import expansion
from records import ropa
from records.registry import forms_of, holding
from tests import make

pytestmark = pytest.mark.django_db
WHOLE = {"name": "Ben", "email": make.BEN, "phone": "020 7946 0018", "message": "Hello"}


def page(**asked: str) -> ContactPage:
    made = make.contact(make.site())
    for name, how in asked.items():
        setattr(made, name, how)
    made.save()
    return made


def row() -> dict:
    site = Site.objects.get(is_default_site=True)
    rows = expansion._rows("data:dpv:Visitor", site, "en")
    return next(row for row in rows if row["key"] == "home.Inquiry")


def shown(client: Client, on: ContactPage) -> dict[str, str]:
    found = BeautifulSoup(client.get(on.url).content, "html.parser").select("form.stack label")
    return {label["for"].removeprefix("id_"): label.small.get_text() for label in found}


def test_unless_told_otherwise_a_name_must_be_given_and_a_number_may(client: Client) -> None:
    said = shown(client, page())
    assert said == {"name": "(required)", "email": "(required)", "phone": "(optional)", "message": "(required)"}


def test_what_is_not_asked_is_not_there_and_not_taken(client: Client) -> None:
    on = page(name_asked=Asked.NOT, phone_asked=Asked.NOT)
    assert set(shown(client, on)) == {"email", "message"}
    assert client.post(on.url, WHOLE, **make.HERE).status_code == 303
    inquiry = Inquiry.objects.get()
    assert (inquiry.name, inquiry.phone, inquiry.name_index, inquiry.phone_index) == ("", "", None, None)
    assert (inquiry.email, inquiry.message) == (make.BEN, "Hello")


@pytest.mark.parametrize(("how", "status"), [(Asked.REQUIRED, 422), (Asked.OPTIONAL, 303), (Asked.NOT, 303)])
def test_what_must_be_given_is_missed(client: Client, how: str, status: int) -> None:
    on = page(phone_asked=how)
    assert client.post(on.url, WHOLE | {"phone": ""}, **make.HERE).status_code == status
    assert Inquiry.objects.exists() is (status == 303)


def test_the_declaration_follows_the_page() -> None:
    page(name_asked=Asked.OPTIONAL, phone_asked=Asked.NOT)
    [form] = forms_of(holding("home.Inquiry"))
    assert form.title == "Contact"
    assert {name: datum.optional for name, datum in form.asked.items()} == {
        "name": True,
        "email": False,
        "message": False,
    }


def test_the_policys_table_says_what_the_page_asks() -> None:
    page(name_asked=Asked.OPTIONAL, phone_asked=Asked.NOT)
    assert row()["given"] == ["name (optional)", "e-mail address", "message"]
    assert row()["by_form"] == []


def test_two_pages_that_ask_differently_are_said_apart() -> None:
    first = page(phone_asked=Asked.NOT)
    second = ContactPage(title="Call me", slug="call", thanks="Thanks.", phone_asked=Asked.REQUIRED)
    first.get_parent().add_child(instance=second)
    assert row()["by_form"] == [
        ["Call me", "name", "telephone number", "e-mail address", "message"],
        ["Contact", "name", "e-mail address", "message"],
    ]


def test_a_page_that_nobody_can_reach_asks_nothing() -> None:
    page().unpublish()
    assert forms_of(holding("home.Inquiry")) == []
    assert row()["given"] == ["name", "e-mail address", "telephone number (optional)", "message"]


def test_the_record_of_processing_names_the_form() -> None:
    page(phone_asked=Asked.NOT)
    found = ropa.record(site=Site.objects.get(is_default_site=True), now=make.NOW)
    [inquiries] = [activity for activity in found["activities"] if activity["key"] == "home.Inquiry"]
    assert [form["title"] for form in inquiries["forms"]] == ["Contact"]


def test_an_editor_sees_the_choice(client: Client) -> None:
    on = page()
    client.force_login(make.vera())
    said = client.get(f"/cms/pages/{on.pk}/edit/").content.decode()
    assert "What the form asks" in said
    assert "asked, and may be left out" in said
