"""Programs are told from people without anybody's help, and nobody's message is lost over it."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from home import spam
from home.models import FormPage, Inquiry
from mailing.models import Letter, Subscription
from tests import make
from tests.home import forms
from tests.home.forms import EMAIL, Kind

MINUTE = timedelta(minutes=1)
LINES = {"kind": Kind.LINES, "label": "Load"}


@pytest.fixture
def page(db: None) -> FormPage:
    make.purpose()
    return forms.form(
        EMAIL, {"kind": Kind.NAME, "label": "Name"}, LINES, confirms=True, mailing_list=make.mailing_list()
    )


def sent(client: Client, page: FormPage, **said: Any) -> str:
    """The state of the newest inquiry."""
    assert forms.send(client, page, {"email": make.BEN, "load": "Tea"} | said).status_code == 303
    return Inquiry.objects.latest("pk").state if Inquiry.objects.exists() else ""


def test_who_fills_in_the_trap_is_thanked_and_stored_nowhere(client: Client, page: FormPage) -> None:
    response = forms.send(client, page, {"email": make.BEN, "homepage": "https://pills.example"})
    assert (response.status_code, response["Location"]) == (303, f"{page.url}?sent")
    assert not Inquiry.objects.exists()
    assert not Letter.objects.exists()


def test_the_trap_is_out_of_the_way_of_people(client: Client, page: FormPage) -> None:
    trap = forms.soup(client, page).select_one("[name=homepage]")
    assert trap
    assert trap["tabindex"] == "-1"
    label = forms.soup(client, page).select_one("label[for=id_homepage]")
    assert label
    assert "Leave this empty" in label.get_text()


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("Tea, see https://ben.example", "new"),
        ("https://a.example https://b.example https://c.example", "new"),
        ("https://a.example " * 8, "spam"),
        ('<a href="https://a.example">cheap</a>', "spam"),
        ("[url=https://a.example]cheap[/url]", "spam"),
    ],
)
def test_links_by_the_handful_are_suspected(client: Client, page: FormPage, said: str, state: str) -> None:
    assert sent(client, page, load=said) == state


def test_what_is_suspected_is_kept_a_month_and_writes_to_nobody(
    client: Client, page: FormPage, clock: time_machine.Traveller
) -> None:
    assert sent(client, page, load="[url=x]", newsletter="on", words=forms.words(client, page)) == "spam"
    assert Inquiry.objects.get().keep_until == make.NOW + timedelta(days=30)
    assert not Letter.objects.exists()
    assert not Subscription.objects.exists()


@pytest.mark.usefixtures("clock")
def test_the_sixth_from_one_address_in_ten_minutes_is_suspected_and_not_lost(client: Client, page: FormPage) -> None:
    states = [sent(client, page, load=f"Tea {number}") for number in range(7)]
    assert states == ["new"] * 5 + ["spam"] * 2


def test_with_tokens_a_whole_office_writes_through_one_address(
    client: Client, page: FormPage, clock: time_machine.Traveller
) -> None:
    states = []
    for number in range(8):
        token = client.get("/forms/token/").json()["token"]
        clock.shift(timedelta(seconds=5))
        states.append(sent(client, page, load=f"Tea {number}", token=token))
    assert states == ["new"] * 8


def test_one_token_serves_no_program_for_long(client: Client, page: FormPage, clock: time_machine.Traveller) -> None:
    token = client.get("/forms/token/").json()["token"]
    clock.shift(timedelta(seconds=5))
    states = [sent(client, page, load=f"Tea {number}", token=token) for number in range(6)]
    assert states == ["new"] * 5 + ["spam"]


def test_a_token_is_nobodys_and_kept_by_nobody(client: Client, page: FormPage) -> None:
    response = client.get("/forms/token/")
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    assert response.json()["token"] != client.get("/forms/token/").json()["token"]
    assert client.post("/forms/token/", **make.HERE).status_code == 405


def test_a_token_says_when_it_was_given_out() -> None:
    token = spam.token(now=make.NOW)
    assert spam.age(token, now=make.NOW + MINUTE) == MINUTE
    assert spam.age(token, now=make.NOW + spam.LASTS) is None
    assert spam.age(token, now=make.NOW - MINUTE) is None
    for forged in ("", "x", f"1{token}", token[:-1], "1:2:3"):
        assert spam.age(forged, now=make.NOW + MINUTE) is None


def test_to_be_quick_is_not_enough() -> None:
    quick = {"age": timedelta(seconds=1), "often": False}
    assert not spam.is_suspected(["Tea"], **quick)
    assert spam.is_suspected(["https://a.example " * 3], **quick)
    assert spam.is_suspected(["https://a.example " * 3], name="Visit www.pills.example", age=MINUTE, often=False)
