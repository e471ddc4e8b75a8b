"""In the CMS an inquiry is found by the whole of an address, a number or a name, and by nothing less."""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from wagtail.models import ModelLogEntry, ReferenceIndex

from home import inquiries
from home.models import Inquiry
from records import cipher, keys
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LIST = "/cms/inquiries/"


@pytest.fixture
def cms(client: Client) -> Client:
    page = make.contact(make.site())
    for name, email, phone in (("Ana Ode", make.ANA, "+44 20 7946 0018"), ("Ben Ode", make.BEN, "020 7946 0019")):
        inquiries.receive(page=page, name=name, email=email, phone=phone, message="Hello", now=make.NOW)
    client.force_login(make.vera())
    return client


def find(cms: Client, words: str) -> Any:
    return cms.post(LIST, {"words": words})


def shown(page: Any) -> set[str]:
    """Whose inquiries the list shows."""
    links = BeautifulSoup(page.content, "html.parser").select("#listing-results .title-wrapper a")
    keys = {int(str(link["href"]).rstrip("/").rpartition("/")[2]) for link in links}
    return {row.email for row in Inquiry.objects.filter(pk__in=keys)}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (make.ANA, {make.ANA}),
        (" ANA@mail.example", {make.ANA}),
        ("0044 (20) 7946-0018", {make.ANA}),
        ("ben  ode", {make.BEN}),
        ("Ode", set()),
        ("ana@", set()),
        ("7946", set()),
        ("Hello", set()),
        ("+++", set()),
    ],
)
def test_the_whole_of_it_finds(cms: Client, words: str, found: set[str]) -> None:
    answer = find(cms, words)
    assert answer.status_code == 302
    page = cms.get(answer["Location"])
    assert shown(page) == found
    assert f"{len(found)} inquir" in page.content.decode()


def test_the_address_of_the_page_tells_nothing(cms: Client) -> None:
    where = find(cms, make.ANA)["Location"]
    assert where == f"{LIST}?by=email&index={cipher.blind('email', make.ANA).hex()}"
    assert "ana" not in find(cms, "Ana Ode")["Location"].lower()


def test_the_form_says_what_it_takes(cms: Client) -> None:
    page = cms.get(LIST)
    assert shown(page) == {make.ANA, make.BEN}
    assert "no part of it can be searched for" in page.content.decode()
    answer = find(cms, " ")
    assert answer.status_code == 200
    assert "This field is required" in answer.content.decode()
    assert find(cms, "x" * 300).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["by=email&index=zz", "by=message&index=", "by=pk&index=01", "by=email&index=0011", "by="],
)
def test_what_the_form_never_made_is_refused(cms: Client, query: str) -> None:
    assert cms.get(f"{LIST}?{query}").status_code == 400


def test_whoever_may_not_read_may_not_look_for(cms: Client) -> None:
    other = Client()
    other.force_login(User.objects.create_user("otto", password="secret", is_staff=True))
    assert find(other, make.ANA).status_code == 302
    assert "index=" not in find(other, make.ANA)["Location"]
    assert find(Client(), make.ANA)["Location"].startswith("/cms/login/")


def test_whoever_was_erased_is_shown_without_words(cms: Client) -> None:
    row = Inquiry.objects.get(email_index=cipher.blind("email", make.ANA))
    keys.shred(cipher.blind("email", make.ANA))
    page = cms.get(f"{LIST}inspect/{row.pk}/").content.decode()
    assert page.count("(erased)") == 4
    assert "Ana" not in page
    assert "Answer…" not in page
    answer = cms.get(f"{LIST}answer/{row.pk}/", follow=True)
    assert answer.redirect_chain == [(f"{LIST}inspect/{row.pk}/", 302)]
    assert "there is nobody to answer" in answer.content.decode()


def test_what_is_due_to_go_is_gone_for_whoever_looks(cms: Client, clock: Any) -> None:
    row, vera = Inquiry.objects.get(email_index=cipher.blind("email", make.ANA)), User.objects.get(username="vera")
    clock.move_to(make.NOW + timedelta(days=365, seconds=-1))
    cms.force_login(vera)
    assert shown(cms.get(LIST)) == {make.ANA, make.BEN}
    clock.move_to(make.NOW + timedelta(days=365))
    cms.force_login(vera)
    assert shown(cms.get(LIST)) == shown(cms.get(find(cms, make.ANA)["Location"])) == set()
    assert cms.get(f"{LIST}inspect/{row.pk}/").status_code == 404
    assert cms.get(f"{LIST}answer/{row.pk}/").status_code == 404


def test_wagtail_keeps_no_trace_of_it(cms: Client) -> None:
    row = Inquiry.objects.get(email_index=cipher.blind("email", make.ANA))
    cms.get(f"{LIST}inspect/{row.pk}/")
    cms.post(f"{LIST}delete/{row.pk}/")
    assert not Inquiry.objects.filter(pk=row.pk).exists()
    assert not ReferenceIndex.objects.filter(base_content_type__app_label="home", object_id=row.pk).exists()
    kept = " ".join(f"{entry.label} {entry.data}" for entry in ModelLogEntry.objects.all())
    assert "Inquiry #" in kept
    assert "Ana" not in kept
    assert "mail.example" not in kept
