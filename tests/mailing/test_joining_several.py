"""Several lists ticked in one form are one question, one page, and a decision for each."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from consent.models import Decision
from mailing import audience, deliver
from mailing.models import MailingList, Subscription
from tests import make
from tests.mailing import reader

BOTH = ["news", "offers"]
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def offers(news: MailingList) -> MailingList:
    return MailingList.objects.create(key="offers", name="Offers", description="Prices.")


@pytest.fixture
def asked(client: Client, offers: MailingList) -> list[Subscription]:
    """Ana ticked both."""
    answer = client.post("/mail/join/", {"email": make.ANA, "mailing_list": BOTH}, **make.HERE)
    assert answer.status_code == 303
    return list(Subscription.objects.order_by("pk"))


def work() -> None:
    """What workers do with the questions that wait, until none does."""
    now = timezone.now()
    while waiting := [key for kind, key in deliver.unfinished(now=now) if kind == "confirmation"]:
        assert [deliver.send_confirmation(key, now=now) for key in waiting] == [1] * len(waiting)


def confirmed() -> set[str]:
    return set(Subscription.objects.live().values_list("mailing_list__key", flat=True))


def test_each_list_is_asked_for_in_its_own_words(asked: list[Subscription]) -> None:
    assert [each.mailing_list.key for each in asked] == BOTH
    assert "“News”" in asked[0].statement
    assert "“Offers”" in asked[1].statement


def test_one_mail_asks_about_all_of_them(asked: list[Subscription]) -> None:
    work()
    assert len(mail.outbox) == 1


def test_what_is_asked_later_is_asked_in_a_mail_of_its_own(
    client: Client, offers: MailingList, clock: time_machine.Traveller
) -> None:
    for key in BOTH:
        client.post("/mail/join/", {"email": make.ANA, "mailing_list": key}, **make.HERE)
        clock.shift(1)
    work()
    assert len(mail.outbox) == 2


def test_a_question_that_left_is_written_down_for_all_it_asks(asked: list[Subscription]) -> None:
    assert audience.question_sent(asked[0], now=make.NOW) == 2
    assert not audience.waiting_for_question(make.NOW).exists()


def test_the_page_shows_all_the_words_whichever_of_them_the_link_names(
    client: Client, asked: list[Subscription]
) -> None:
    for each in asked:
        page = client.get(reader.confirm(each)).content.decode()
        assert "“News” by e-mail" in page
        assert "“Offers” by e-mail" in page


def test_one_button_agrees_to_all_of_them(client: Client, asked: list[Subscription]) -> None:
    client.post(reader.confirm(asked[0]), **make.HERE)
    assert confirmed() == {"news", "offers"}
    assert Decision.objects.count() == 2


def test_another_agrees_to_one_alone(client: Client, asked: list[Subscription]) -> None:
    answer = client.post(reader.confirm(asked[0]), {"only": "offers"}, **make.HERE)
    assert confirmed() == {"offers"}
    assert "You will receive “Offers”" in answer.content.decode()
    assert "You will receive “News”" not in answer.content.decode()


@pytest.mark.parametrize("only", ["policy-changes", "\0", "news,offers"])
def test_a_list_that_was_not_asked_for_is_not_confirmed(client: Client, asked: list[Subscription], only: str) -> None:
    assert client.post(reader.confirm(asked[0]), {"only": only}, **make.HERE).status_code == 422
    assert confirmed() == set()


def test_what_was_left_meanwhile_is_not_confirmed_by_the_same_press(
    client: Client, asked: list[Subscription], clock: time_machine.Traveller
) -> None:
    link: Any = reader.confirm(asked[0])
    client.post(link, **make.HERE)
    clock.shift(timedelta(minutes=1))
    client.post(reader.unsubscribe(asked[1]), **make.HERE)
    client.post(link, **make.HERE)
    assert confirmed() == {"news"}
