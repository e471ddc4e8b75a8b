"""Anybody types an address; who reads its mailbox chooses what is to be done with the data."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from mailing import suppression
from mailing.models import Letter, Subscription
from records.models import SubjectKey, SubjectRequest
from records.subject_requests import filing, links
from tests import make
from tests.records import asking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
State = SubjectRequest.State


@pytest.fixture(autouse=True)
def _site() -> None:
    make.policy(make.site())


def test_the_page_asks_for_an_address_and_nothing_else(client: Client) -> None:
    answer = client.get("/my-data/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count("<input") == 1
    assert 'type="email"' in page
    assert not answer.cookies
    assert "noindex" in page


def test_every_page_leads_there(client: Client) -> None:
    assert 'href="/my-data/"' in client.get("/promises/").content.decode()


def test_asking_writes_one_request_whose_address_only_its_key_opens(client: Client) -> None:
    answer = asking.ask(client, "  Ana@Mail.Example ")
    assert (answer.status_code, answer["Location"]) == (303, "/my-data/?asked")
    assert "A mail is on its way" in client.get("/my-data/?asked").content.decode()
    row = SubjectRequest.objects.get()
    assert (row.state, row.email, row.asked_at, row.link) == (State.ASKED, "Ana@Mail.Example", make.NOW, None)
    assert SubjectKey.objects.get().pk == row.subject_key_id
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "typed", ["", "ana", "ana@", "ana@mail.example, ben@mail.example", "a\0@mail.example", "x" * 300]
)
def test_what_is_no_address_is_said_to_be_none(client: Client, typed: str) -> None:
    answer = asking.ask(client, typed)
    assert answer.status_code == 422
    assert 'id="id_email_error"' in answer.content.decode()
    assert not SubjectRequest.objects.exists()


def test_a_form_of_another_site_asks_nothing(client: Client) -> None:
    assert client.post("/my-data/", {"email": make.ANA}, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert not SubjectRequest.objects.exists()


def test_the_letter_has_the_link_and_says_what_it_does(client: Client) -> None:
    path = asking.link(client)
    [letter] = asking.letters()
    assert letter.subject == "Your data: confirm that you asked"
    for said in ("Quay Ltd", "good for 24 hours", "used once", "If it was not you, you need do nothing"):
        assert said in letter.text
    row = SubjectRequest.objects.get()
    token = path.split("/")[2]
    assert bytes(row.link or b"") == links.digest(token)
    assert len(token) == 2 * links.BYTES
    assert row.link_until == make.NOW + timedelta(hours=24)


def test_the_letter_speaks_the_language_of_the_page(client: Client) -> None:
    client.post("/ru/my-data/", {"email": make.ANA}, **make.HERE)
    asking.at_work()
    [letter] = asking.letters()
    assert letter.locale == "ru"
    assert asking.link_in(letter).startswith("/ru/my-data/")


def test_a_worker_that_is_told_twice_writes_once(client: Client) -> None:
    asking.ask(client)
    key = SubjectRequest.objects.get().pk
    assert [filing.send_link(key, now=make.NOW) for _time in range(3)] == [True, False, False]
    assert len(asking.letters()) == 1


def test_an_address_gets_three_letters_a_day(client: Client, clock: time_machine.Traveller) -> None:
    answers = {(asking.ask(client, email).status_code) for email in [make.ANA] * 5 + ["ANA@mail.example"]}
    assert answers == {303}
    asking.at_work()
    assert Letter.objects.count() == 3
    # The other requests are gone; keys are each request's own, and Ana's, under which the letters are written.
    assert (SubjectRequest.objects.count(), SubjectKey.objects.count()) == (3, 4)
    asking.ask(client, make.BEN)
    asking.at_work()
    assert len(asking.letters(make.BEN)) == 1
    clock.shift(timedelta(hours=24))
    asking.ask(client)
    asking.at_work()
    assert Letter.objects.count() == 5


def test_looking_changes_nothing_however_often(client: Client) -> None:
    path = asking.link(client)
    before = SubjectRequest.objects.values().get()
    for _time in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert SubjectRequest.objects.values().get() == before


def test_it_says_in_words_what_is_stored(client: Client) -> None:
    path = asking.link(client)
    assert "Nothing is stored under this address." in client.get(path).content.decode()
    make.subscriber(make.ANA, make.mailing_list())
    page = client.get(path).content.decode()
    assert "Nothing is stored" not in page
    assert "Subscribers: 1 entry" in page


@pytest.mark.parametrize(
    ("choice", "kind"), [("access", "access"), ("correction", "correction"), ("objection", "objection")]
)
def test_a_choice_opens_the_request_and_starts_its_month(client: Client, choice: str, kind: str) -> None:
    row = asking.chosen(client, choice)
    assert (row.state, row.kind, row.verified_at, row.words) == (State.OPEN, kind, make.NOW, asking.WORDS)
    assert row.due_at == make.NOW.replace(month=4, hour=23, minute=59, second=59)
    assert [event.act for event in row.events.all()] == ["verified"]


def test_from_then_on_it_is_sealed_with_the_persons_own_key(client: Client) -> None:
    first = asking.chosen(client, "correction")
    second = asking.chosen(client, "objection")
    assert first.subject_key_id == second.subject_key_id == SubjectKey.objects.get().pk
    SubjectKey.objects.all().delete()
    row = SubjectRequest.objects.get(pk=first.pk)
    assert (row.email, row.words, row.is_readable) == ("(erased)", "(erased)", False)


@pytest.mark.parametrize("choice", ["correction", "objection"])
def test_what_needs_words_waits_for_them(client: Client, choice: str) -> None:
    path = asking.link(client)
    answer = asking.choose(client, path, choice)
    assert answer.status_code == 422
    assert f'id="id_{choice}_error"' in answer.content.decode()
    assert asking.choose(client, path, choice, "Too much.").status_code == 200


@pytest.mark.parametrize(
    "sent", [{}, {"choice": "everything"}, {"choice": "access\0"}, {"choice": "correction", "words": "x" * 5001}]
)
def test_what_no_button_sends_uses_nothing_up(client: Client, sent: dict[str, Any]) -> None:
    path = asking.link(client)
    assert client.post(path, sent, **make.HERE).status_code == 422
    assert SubjectRequest.objects.get().state == State.ASKED


def test_objecting_to_promotional_mail_ends_it_at_once(client: Client) -> None:
    make.subscriber(make.ANA, make.mailing_list())
    row = asking.chosen(client, "mail")
    assert (row.state, row.kind, row.ended_at) == (State.DONE, "objection", make.NOW)
    assert Subscription.objects.get().left_at == make.NOW
    assert [entry.reason for entry in suppression.of(make.ANA)] == ["objection"]
    assert asking.letters()[0].subject == "Your data: no more promotional mail"


def test_so_does_whoever_is_on_no_list(client: Client) -> None:
    asking.chosen(client, "mail")
    assert [entry.reason for entry in suppression.of(make.ANA)] == ["objection"]


def test_consents_are_shown_elsewhere(client: Client) -> None:
    page = client.get(asking.link(client)).content.decode()
    assert 'href="/consent/decisions/"' in page
    assert 'href="/mail/preferences/"' in page
