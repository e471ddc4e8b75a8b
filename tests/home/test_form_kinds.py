"""Each kind of field has the input that fits it, is checked for its form alone, and is stored as it was given."""

import json
from typing import Any

import pytest
from bs4 import Tag
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from home.models import Inquiry
from tests import make
from tests.home import forms
from tests.home.forms import EMAIL, EVERY, WHOLE, Kind

pytestmark = pytest.mark.django_db


def place(client: Client, name: str) -> Tag:
    found = forms.soup(client, forms.form()).select_one(f"form.form [name={name}]")
    assert found
    return found


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("name", {"type": "text", "autocomplete": "name", "maxlength": "100"}),
        ("email", {"type": "email", "autocomplete": "email", "inputmode": "email", "maxlength": "254"}),
        ("phone", {"type": "tel", "autocomplete": "tel", "inputmode": "tel", "maxlength": "40"}),
        ("message", {"rows": "8", "maxlength": "5000"}),
        ("port", {"type": "text", "maxlength": "200"}),
        ("load", {"rows": "5", "maxlength": "5000"}),
        ("weight", {"type": "number", "inputmode": "decimal", "step": "any"}),
        ("day", {"type": "date"}),
        ("your-site", {"type": "url", "autocomplete": "url", "maxlength": "500"}),
        ("urgent", {"type": "checkbox"}),
        ("plan", {"type": "file", "multiple": ""}),
    ],
)
def test_a_kind_has_its_input(client: Client, name: str, attributes: dict[str, str]) -> None:
    found = place(client, name)
    assert {each: found.get(each) for each in attributes} == attributes


def test_nothing_tells_the_browser_to_forget(client: Client) -> None:
    """Only what no person fills in is left out of its memory."""
    off = forms.soup(client, forms.form()).select("[autocomplete=off]")
    assert [each["name"] for each in off] == ["homepage"]


def test_lists_are_a_select_and_two_groups_with_a_legend(client: Client) -> None:
    page = forms.soup(client, forms.form())
    assert [each.get_text() for each in page.select("select[name=size] option")] == ["Choose one", "20 feet", "40 feet"]
    groups = {each.legend.contents[0].strip(): each for each in page.select("form.form fieldset")}
    assert set(groups) == {"Speed", "Extras"}
    assert [each["type"] for each in groups["Speed"].select("input")] == ["radio", "radio"]
    assert [each["type"] for each in groups["Extras"].select("input")] == ["checkbox", "checkbox"]


def test_every_input_has_a_label_and_says_whether_it_must_be_given(client: Client) -> None:
    page = forms.soup(client, forms.form())
    labelled = {each["for"] for each in page.select("form.form label")}
    seen = [each["id"] for each in page.select("form.form :is(input, textarea, select):not([type=hidden])")]
    assert set(seen) <= labelled
    said = {each.small.get_text() for each in page.select("form.form :is(label, legend)") if each.small}
    assert said == {"(required)", "(optional)"}


def test_why_it_is_asked_belongs_to_the_input(client: Client) -> None:
    kinds = [EMAIL | {"why": "We answer to it."}, EVERY[10] | {"why": "For the price."}]
    page = forms.soup(client, forms.form(*kinds))
    for asked, why in (("#id_email", "We answer to it."), ("fieldset", "For the price.")):
        described = page.select_one(asked)["aria-describedby"]  # type: ignore[index]
        assert page.find(id=described).get_text() == why  # type: ignore[union-attr]


def test_what_was_given_is_stored_in_columns_and_beside_them(client: Client) -> None:
    page = forms.form()
    plan = SimpleUploadedFile("plan.pdf", forms.PDF, "application/pdf")
    assert forms.send(client, page, WHOLE | {"plan": plan}).status_code == 303
    row = Inquiry.objects.get()
    assert (row.name, row.email, row.phone) == ("Ben Ode", make.BEN, "+44 20 7946 0018")
    assert (row.message, row.locale, row.state) == ("Two pallets.\nSoon.", "en", "new")
    said = json.loads(row.answers)
    assert [each["key"] for each in said] == [
        *("port", "load", "weight", "day", "your-site", "size", "speed", "extras", "urgent", "plan")
    ]
    assert [each["said"] for each in said[2:]] == [
        *("12.50", "2026-03-04", "https://ben.example/a", "40 feet", "Fast", "Storage, Papers", "yes", "plan.pdf")
    ]
    assert said[0] == {"key": "port", "label": "Port", "kind": "line", "said": "Alder"}


def test_what_was_left_out_is_not_there(client: Client) -> None:
    forms.send(client, forms.form(), {"email": make.BEN})
    row = Inquiry.objects.get()
    assert (row.name, row.phone, row.message, row.answers) == ("", "", "", "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "ben"),
        ("email", "ben@mail"),
        ("phone", "call me"),
        ("phone", "1" * 41),
        ("name", "x" * 101),
        ("port", "x" * 201),
        ("load", "x" * 5001),
        ("load", "nul\x00byte"),
        ("weight", "much"),
        ("weight", "NaN"),
        ("weight", "1e999"),
        ("day", "soon"),
        ("day", "2026-02-30"),
        ("your-site", "javascript:alert(1)"),
        ("your-site", "ftp://ben.example/"),
        ("size", "60 feet"),
        ("speed", "Sideways"),
        ("extras", ["Storage", "Champagne"]),
    ],
)
def test_what_has_not_the_form_of_its_kind_is_marked(client: Client, name: str, value: Any) -> None:
    response = forms.send(client, forms.form(), WHOLE | {name: value})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {name}
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("kind", [each["kind"] for each in EVERY])
def test_whatever_must_be_given_is_missed(client: Client, kind: Kind) -> None:
    asked = next(each for each in EVERY if each["kind"] == kind)
    page = forms.form(asked | {"required": True})
    response = forms.send(client, page, {})
    assert response.status_code == 422
    assert len(response.context["form"].errors) == 1


@pytest.mark.parametrize("number", ["112", "+44 (0)20 7946-0018", "020 7946 0018 ext. 4", "٠٢٠ ٧٩٤٦"])
def test_numbers_are_taken_as_people_write_them(client: Client, number: str) -> None:
    assert forms.send(client, forms.form(), {"email": make.BEN, "phone": number}).status_code == 303


def test_a_new_line_counts_once(client: Client) -> None:
    said = {"email": make.BEN, "load": "\r\n" * 5000}
    assert forms.send(client, forms.form(), said | {"message": ("x" * 99 + "\r\n") * 50}).status_code == 303


def test_long_texts_in_any_script_fit_into_one_request(client: Client) -> None:
    said = {"email": make.BEN, "message": "Ж" * 5000, "load": "🚢" * 5000}
    assert forms.send(client, forms.form(*EVERY[:-1]), said).status_code == 303


def test_a_mistake_is_summed_up_and_led_to(client: Client) -> None:
    response = forms.send(client, forms.form(), WHOLE | {"email": "ben", "speed": "Sideways", "phone": "x"})
    page = forms.BeautifulSoup(response.content, "html.parser")
    summary = page.select_one("[role=alert]")
    assert summary
    assert summary.has_attr("autofocus")
    targets = [each["href"].removeprefix("#") for each in summary.select("a")]  # type: ignore[union-attr]
    assert targets == ["id_email", "id_phone", "id_speed_0"]
    for target in targets:
        assert page.find(id=target)["aria-invalid"] == "true"  # type: ignore[index]
    described = page.find(id="id_email")["aria-describedby"]  # type: ignore[index]
    assert "id_email_error" in described
    assert "Not sent yet:" in page.title.get_text()  # type: ignore[union-attr]
    assert page.find(id="id_port")["value"] == "Alder"  # type: ignore[index]
