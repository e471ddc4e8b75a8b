"""Does the privacy officer find who read what, and is whoever reads asked for a reason where the site wants one?"""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings
from time_machine import Traveller

from records.access_log import Act
from records.models import AccessEntry
from tests import make
from tests.desk import signed_in
from tests.records.test_access_log import entry, inquiry, only

pytestmark = pytest.mark.django_db
HERE = "/cms/readings/"


@pytest.fixture
def officer(clock: Traveller) -> Client:
    return signed_in("view_accessentry")


def rows(client: Client, **asked: Any) -> list[str]:
    page = BeautifulSoup(client.get(HERE, asked).content, "html.parser")
    return [" ".join(row.get_text(" ").split()) for row in page.select("table.listing tbody tr")]


def test_an_empty_log_says_so(officer: Client) -> None:
    assert "Nobody has read personal data in the CMS yet" in officer.get(HERE).content.decode()


def test_an_entry_in_words_with_a_way_to_what_was_read(officer: Client) -> None:
    row = inquiry()
    entry(keys=[str(row.pk), "999999"], count=7, why="Request 12")
    [line] = rows(officer)
    assert line.startswith("2026-03-01 12:00:00 vera read")
    for words in (
        "vera",
        "read",
        "Inquiries from forms",
        f"#{row.pk}",
        "#999999",
        "and 5 more",
        "Request 12",
    ):
        assert words in line
    page = BeautifulSoup(officer.get(HERE).content, "html.parser")
    links = [link["href"] for link in page.select("table.listing tbody td a")]
    assert f"/cms/inquiries/inspect/{row.pk}/" in links
    assert not any("999999" in str(link) for link in links)


def test_narrowed_down_by_person_data_set_row_and_day(officer: Client) -> None:
    entry(user=71, username="sam", keys=["9912"])
    entry(user=72, username="pia", keys=["13"], holding="mailing.Subscriber")
    entry(user=72, username="pia", keys=["14"], at=make.NOW - timedelta(days=9))
    entry(user=72, username="pia-now", keys=["15"], at=make.NOW)
    assert len(rows(officer)) == 4
    assert ["sam" in line for line in rows(officer, user=71)] == [True]
    assert len(rows(officer, user=72)) == 3
    assert ["#13" in line for line in rows(officer, holding="mailing.Subscriber")] == [True]
    assert ["#9912" in line for line in rows(officer, row="#9912")] == [True]
    assert rows(officer, row="991") == []
    day = f"{make.NOW - timedelta(days=9):%Y-%m-%d}"
    assert ["#14" in line for line in rows(officer, at_from=day, at_to=day)] == [True]


@pytest.mark.parametrize("asked", [{"row": "\0"}, {"user": "x"}, {"at_from": "soon"}, {"row": "9" * 300}, {"p": "x"}])
def test_bad_input_is_no_error_of_the_site(officer: Client, asked: dict[str, str]) -> None:
    entry()
    assert officer.get(HERE, asked).status_code in {200, 404}


def test_reading_the_log_is_written_down(officer: Client) -> None:
    first = entry()
    rows(officer)
    own = AccessEntry.objects.get(holding="records.AccessEntry")
    assert (own.act, own.keys, own.screen) == (Act.LIST, [str(first.pk)], "readings:index")


def test_and_so_is_taking_it_out(officer: Client) -> None:
    entry(why="Request 12")
    answer = officer.get(HERE, {"export": "csv"})
    lines = b"".join(answer).decode().splitlines()
    assert len(lines) == 2
    assert "vera" in lines[1]
    assert "Request 12" in lines[1]
    own = AccessEntry.objects.get(holding="records.AccessEntry")
    assert (own.act, own.count) == (Act.EXPORT, 1)


def test_what_is_due_to_go_is_gone_for_readers(officer: Client) -> None:
    entry(at=make.NOW - timedelta(days=365))
    assert rows(officer) == []


def test_nobody_else_reads_the_log() -> None:
    client = signed_in("view_inquiry", "view_subscriber", "view_decision")
    assert client.get(HERE)["Location"] == "/cms/"
    assert HERE not in client.get("/cms/").content.decode()


@pytest.fixture
def asking(settings: Settings, clock: Traveller) -> Client:
    settings.ACCESS_REASONS = True
    return signed_in("view_inquiry", "answer_inquiry")


def test_whoever_opens_a_row_is_asked_why_and_then_reads_it(asking: Client, clock: Traveller) -> None:
    address = f"/cms/inquiries/inspect/{inquiry().pk}/"
    question = asking.get(address)["Location"]
    assert question.startswith("/cms/readings/why/?next=")
    assert "Why do you read this?" in asking.get(question).content.decode()
    assert not AccessEntry.objects.exists()
    assert "This field is required" in asking.post(question, {"why": " "}).content.decode()
    assert asking.post(question, {"why": "Request 12"})["Location"] == address
    assert asking.get(address).status_code == 200
    assert only().why == "Request 12"
    clock.shift(timedelta(minutes=14))
    assert asking.get(address).status_code == 200
    clock.shift(timedelta(minutes=2))
    assert asking.get(address).status_code == 302


def test_a_list_and_what_was_posted_ask_nothing(asking: Client) -> None:
    row = inquiry()
    assert asking.get("/cms/inquiries/").status_code == 200
    form = {"subject": "The crane", "text": "Oiled."}
    assert asking.post(f"/cms/inquiries/answer/{row.pk}/", form)["Location"] == f"/cms/inquiries/inspect/{row.pk}/"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_the_way_on_leads_nowhere_else(asking: Client, elsewhere: str) -> None:
    answer = asking.post(f"{HERE}why/?next={elsewhere}", {"why": "Request 12"})
    assert answer["Location"] == "/cms/"


def test_a_file_asks_too(asking: Client) -> None:
    User.objects.filter(username="vera").update(is_superuser=True)
    assert asking.get(HERE, {"export": "csv"}).status_code == 302
    assert asking.get(HERE).status_code == 200


def test_without_the_setting_nobody_is_asked(officer: Client) -> None:
    User.objects.filter(username="vera").update(is_superuser=True)
    assert officer.get(f"/cms/inquiries/inspect/{inquiry().pk}/").status_code == 200
    assert only().why == ""
