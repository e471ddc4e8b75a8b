"""Whoever types an address learns nothing about it and starts nothing."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from consent.models import Decision
from mailing import campaigns, deliver
from mailing.models import MailingList, Subscriber, Subscription
from tests import make
from tests.committed import together

MINUTES = timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def join(client: Client, news: MailingList) -> Any:
    """Signs up through the page, then does what a worker does with what waits."""

    def send(email: str = make.ANA, mailing_list: Any = "news", **more: Any) -> Any:
        form = {"email": email, "mailing_list": mailing_list} | more
        answer = client.post("/mail/join/", form, **make.HERE)
        now = timezone.now()
        for _kind, key in list(deliver.unfinished(now=now)):
            deliver.send_confirmation(key, now=now)
        return answer

    return send


@pytest.mark.parametrize("address", ["/mail/join/", "/mail/preferences/"])
def test_an_office_behind_one_address_reads_the_form_and_can_still_send_it(
    client: Client, news: MailingList, address: str
) -> None:
    assert {client.get(address).status_code for _reader in range(120)} == {200}
    assert client.get(address).status_code == 429
    form = {"email": make.ANA, "mailing_list": "news"}
    assert [client.post(address, form, **make.HERE).status_code for _sender in range(21)] == [*[303] * 20, 429]


def test_joining_stores_a_request_and_no_consent(join: Any) -> None:
    answer = join()
    assert (answer.status_code, answer["Location"]) == (303, "/mail/join/?asked")
    subscription = Subscription.objects.get()
    assert subscription.subscriber.email == make.ANA
    assert "Quay Ltd may send me “News” by e-mail: What happens here." in subscription.statement
    assert (subscription.decision, subscription.confirmed_at) == (None, None)
    assert not Decision.objects.exists()


def test_a_request_says_in_which_language_and_on_which_page(client: Client, news: MailingList) -> None:
    page = {"HTTP_REFERER": "http://testserver/ru/mail/join/"}
    client.post("/ru/mail/join/", {"email": make.ANA, "mailing_list": "news"}, **make.HERE, **page)
    subscription = Subscription.objects.get()
    assert (subscription.locale, subscription.subscriber.locale) == ("ru", "ru")
    assert (subscription.source, subscription.source_note) == ("form", "/ru/mail/join/")


@pytest.mark.parametrize("page", ["http://[", "http://evil.example/mail/join/", "http://testserver/%00", "\x00"])
def test_a_page_that_is_none_of_ours_is_not_written_down(client: Client, news: MailingList, page: str) -> None:
    form = {"email": make.ANA, "mailing_list": "news"}
    assert client.post("/mail/join/", form, **make.HERE, HTTP_REFERER=page).status_code == 303
    assert Subscription.objects.get().source_note == ""


def test_the_page_says_what_happens_next(client: Client, join: Any) -> None:
    assert "Look into your mailbox" in client.get("/mail/join/?asked").content.decode()


def test_no_list_is_ticked_before_somebody_ticks_it(client: Client, news: MailingList) -> None:
    for address in ("/mail/join/", "/mail/join/?list=news", "/mail/join/?mailing_list=news"):
        page = client.get(address).content.decode()
        assert 'value="news"' in page
        assert "checked" not in page


def test_a_tick_is_kept_while_something_else_is_mended(join: Any) -> None:
    assert re.search(r'value="news"[^>]* checked', join("ana").content.decode())


def test_the_answer_is_the_same_whatever_is_known_of_an_address(join: Any, news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    make.request(make.BEN, news)
    answers = [join(email) for email in (make.ANA, make.BEN, make.CLEO)]
    seen = {(answer.status_code, answer["Location"], answer.content, str(answer.cookies)) for answer in answers}
    assert len(seen) == 1


@pytest.mark.parametrize(
    "email", ["", "ana", "ana at mail.example", "ana@mail.example\nBcc: x@y.example", "a\0@b.example"]
)
def test_an_address_that_is_none_is_marked_and_kept_for_correction(client: Client, join: Any, email: str) -> None:
    answer = join(email)
    page = answer.content.decode()
    assert answer.status_code == 422
    [field] = re.findall(r'<input type="email"[^>]*>', page)
    assert 'aria-invalid="true"' in field
    [marked] = re.findall(r'aria-describedby="([^"]+)"', field)
    assert re.search(rf'<span class="error" id="{marked}">[^<]+\.</span>', page)
    assert not Subscriber.objects.exists()


def test_a_form_with_nothing_in_it_is_refused(client: Client, news: MailingList) -> None:
    assert client.post("/mail/join/", {}, **make.HERE).status_code == 422


@pytest.mark.parametrize("mailing_list", ["", "offers", "\0", ["news", "offers"]])
def test_a_list_there_is_not_is_refused(join: Any, mailing_list: Any) -> None:
    answer = join(mailing_list=mailing_list)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"mailing_list"}
    assert not Subscriber.objects.exists()


def test_another_site_cannot_sign_anyone_up(client: Client, news: MailingList) -> None:
    form = {"email": make.ANA, "mailing_list": "news"}
    assert client.post("/mail/join/", form, headers={"Origin": "http://evil.example"}).status_code == 403
    assert not Subscriber.objects.exists()


def test_where_there_is_no_list_nothing_is_asked(client: Client, db: None) -> None:
    make.site()
    assert "There is no newsletter" in client.get("/mail/join/").content.decode()


def test_an_address_is_one_person_however_it_is_capitalised(join: Any) -> None:
    join("Ana@Mail.example")
    join("ANA@MAIL.EXAMPLE")
    assert Subscriber.objects.get().email == "Ana@Mail.example"


def test_a_name_is_kept_where_the_address_is_new(join: Any) -> None:
    join(name="  Ana Lund ")
    join(name="Somebody Else")
    assert Subscriber.objects.get().name == "Ana Lund"


@pytest.mark.parametrize("name", ["<b>Ana</b>", "see http://win.example/", "a\nb", "ana@mail.example", "a\u2028b"])
def test_a_name_carries_no_address_and_no_markup(join: Any, name: str) -> None:
    answer = join(name=name)
    assert (answer.status_code, answer.context["form"].errors.keys()) == (422, {"name"})
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(("minutes", "mails"), [(0, 1), (9, 1), (11, 2)])
def test_asking_again_sends_one_mail_in_ten_minutes(
    join: Any, clock: time_machine.Traveller, minutes: int, mails: int
) -> None:
    join()
    clock.shift(minutes * MINUTES)
    join()
    assert len(mail.outbox) == mails


def test_nothing_but_the_question_is_sent_before_it_is_answered(join: Any, news: MailingList) -> None:
    join()
    with pytest.raises(campaigns.CannotSend):
        campaigns.schedule(campaign=make.campaign(news), send_at=make.NOW, now=make.NOW)
    assert [message.subject for message in mail.outbox] == ["Please confirm: News"]


def test_the_same_new_address_typed_twice_at_once_is_one_person(committed: None) -> None:
    news = make.mailing_list()
    together(*(lambda name=name: make.request(name, news) for name in ("ana@b.example", "ANA@b.example") * 3))  # type: ignore[misc]
    assert Subscriber.objects.count() == Subscription.objects.count() == 1
