"""A message from the contact page is stored whole or not at all."""

import pytest
from django.test import Client

from home.models import FormPage, Inquiry
from tests import make

pytestmark = pytest.mark.django_db
HERE = {"HTTP_ORIGIN": "http://testserver"}
LETTER = {"name": "Ben Ode", "email": make.BEN, "phone": "", "message": "When do you open?"}


@pytest.fixture
def page() -> FormPage:
    return make.contact(make.site())


def test_a_message_is_stored_and_thanked_for(client: Client, page: FormPage) -> None:
    response = client.post("/contact/", LETTER, **HERE)
    assert (response.status_code, response["Location"]) == (303, "/contact/?sent")
    row = Inquiry.objects.get()
    assert {name: getattr(row, name) for name in LETTER} == LETTER
    assert row.page_id == page.pk
    assert "It has arrived." in client.get("/contact/?sent").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("email", ""),
        ("email", "ben at mail"),
        ("email", f"{'b' * 250}@mail.example"),
        ("phone", "1" * 41),
        ("message", ""),
        ("message", "m" * 5001),
        ("message", "nul\x00byte"),
    ],
)
def test_a_field_that_is_not_right_is_marked_and_nothing_stored(
    client: Client, page: FormPage, field: str, value: str
) -> None:
    response = client.post("/contact/", LETTER | {field: value}, **HERE)
    assert response.status_code == 422
    assert response.context["form"].errors.keys() == {field}
    assert 'class="error"' in response.content.decode()
    assert not Inquiry.objects.exists()


def test_a_form_of_another_site_is_refused(client: Client, page: FormPage) -> None:
    response = client.post("/contact/", LETTER, HTTP_ORIGIN="http://evil.example")
    assert response.status_code == 403
    assert "did not come from a page of this site" in response.content.decode()
    assert not Inquiry.objects.exists()


def test_a_message_that_is_too_large_is_refused(client: Client, page: FormPage) -> None:
    response = client.post("/contact/", LETTER | {"message": "m" * 600_000}, **HERE)
    assert response.status_code == 413
    assert not Inquiry.objects.exists()


def test_posting_to_an_ordinary_page_is_no_error(client: Client, page: FormPage) -> None:
    assert client.post("/", LETTER, **HERE).status_code == 405


@pytest.mark.usefixtures("clock")
def test_the_twenty_first_message_in_a_minute_waits(client: Client, page: FormPage) -> None:
    said = [LETTER | {"message": f"Question {number}"} for number in range(21)]
    codes = [client.post("/contact/", each, **HERE).status_code for each in said]
    assert codes == [303] * 20 + [429]
    assert Inquiry.objects.count() == 20


def test_an_inquiry_is_read_and_deleted_but_never_rewritten(client: Client, page: FormPage) -> None:
    client.post("/contact/", LETTER, **HERE)
    letter = Inquiry.objects.get()
    client.force_login(make.vera())
    listing = client.get("/cms/inquiries/").content.decode()
    assert f"Inquiry #{letter.pk}" in listing
    assert make.BEN not in listing
    assert make.BEN in client.get(f"/cms/inquiries/inspect/{letter.pk}/").content.decode()
    assert client.post(f"/cms/inquiries/edit/{letter.pk}/", LETTER).status_code == 302
    assert client.get("/cms/inquiries/new/").status_code == 302
    client.post(f"/cms/inquiries/delete/{letter.pk}/")
    assert not Inquiry.objects.exists()


def test_the_log_of_the_cms_keeps_no_address(client: Client, page: FormPage) -> None:
    from wagtail.models import ModelLogEntry

    client.post("/contact/", LETTER, **HERE)
    letter = Inquiry.objects.get()
    client.force_login(make.vera())
    client.post(f"/cms/inquiries/delete/{letter.pk}/")
    entries = [f"{entry.label} {entry.data}" for entry in ModelLogEntry.objects.filter(object_id=letter.pk)]
    assert entries
    assert not any(make.BEN in entry or "Ben Ode" in entry for entry in entries)
