"""A link to preferences lives ninety days; another is sent to the mailbox alone, whoever asks."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from consent.models import Decision
from mailing.models import Delivery, Letter, MailingList, Subscriber
from tests import make
from tests.committed import together
from tests.mailing import reader

DAYS = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ana(news: MailingList) -> Subscriber:
    return make.subscriber(make.ANA, news).subscriber


def again(client: Client, email: str) -> Any:
    return client.post("/mail/preferences/", {"email": email}, **make.HERE)


@pytest.mark.parametrize(("days", "status"), [(0, 200), (90, 200), (91, 410), (4000, 410)])
def test_it_opens_for_ninety_days(client: Client, ana: Subscriber, days: int, status: int) -> None:
    link = reader.preferences(ana, made=days * DAYS)
    assert client.get(link).status_code == status
    assert client.get(f"{link}my-mail.json").status_code == status


def test_one_that_is_too_old_shows_nothing_and_changes_nothing(client: Client, ana: Subscriber) -> None:
    link = reader.preferences(ana, made=91 * DAYS)
    for answer in (client.get(link), client.post(link, {"act": "never"}, **make.HERE)):
        page = answer.content.decode()
        assert (answer.status_code, "This link is too old" in page) == (410, True)
        assert "News" not in page.replace("Newsletter", "")
        assert "mail.example" not in page
    assert Decision.objects.count() == 1
    assert not Letter.objects.exists()


def test_its_page_sends_a_new_one_to_the_address_it_was_sent_to(client: Client, ana: Subscriber) -> None:
    answer = client.post(reader.preferences(ana, made=91 * DAYS), {"act": "link"}, **make.HERE)
    assert (answer.status_code, answer["Location"]) == (303, "/mail/preferences/?sent")
    letter = Letter.objects.get()
    assert letter.email == make.ANA
    [link] = re.findall(r"http://testserver(/\S+)", letter.text)
    assert client.get(link).status_code == 200
    assert Delivery.objects.get().letter == letter


def test_the_letter_speaks_the_readers_language(client: Client, ana: Subscriber) -> None:
    Subscriber.objects.update(locale="ru")
    again(client, make.ANA)
    letter = Letter.objects.get()
    assert letter.locale == "ru"
    assert "http://testserver/ru/mail/preferences/" in letter.text


def test_whoever_types_an_address_learns_nothing(client: Client, ana: Subscriber, news: MailingList) -> None:
    make.request(make.BEN, news)
    answers = [again(client, email) for email in (make.ANA, make.BEN, make.CLEO)]
    assert (
        len({(answer.status_code, answer["Location"], answer.content, str(answer.cookies)) for answer in answers}) == 1
    )
    assert "If we know the address" in client.get(answers[0]["Location"]).content.decode()
    assert [letter.email for letter in Letter.objects.all()] == [make.ANA]


@pytest.mark.parametrize(("minutes", "letters"), [(0, 1), (9, 1), (11, 2)])
def test_a_mailbox_gets_one_in_ten_minutes(
    client: Client, ana: Subscriber, clock: time_machine.Traveller, minutes: int, letters: int
) -> None:
    again(client, make.ANA)
    clock.shift(timedelta(minutes=minutes))
    again(client, "ANA@Mail.Example")
    assert Letter.objects.count() == letters


@pytest.mark.parametrize("email", ["", "ana", "a\0@b.example", "x" * 300 + "@mail.example"])
def test_an_address_that_is_none_is_refused(client: Client, ana: Subscriber, email: str) -> None:
    answer = again(client, email)
    assert (answer.status_code, answer.context["form"].errors.keys()) == (422, {"email"})
    assert not Letter.objects.exists()


def test_another_site_has_none_sent(client: Client, ana: Subscriber) -> None:
    answer = client.post("/mail/preferences/", {"email": make.ANA}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert not Letter.objects.exists()


def test_two_presses_at_once_send_one(committed: None) -> None:
    make.site()
    person = make.subscriber(make.ANA, make.mailing_list()).subscriber
    link = reader.preferences(person, made=91 * DAYS)
    press = lambda: Client().post(link, {"act": "link"}, **make.HERE).status_code  # noqa: E731
    assert together(press, press) == [303, 303]
    assert Letter.objects.count() == 1
