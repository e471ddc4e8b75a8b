"""Whoever types an address learns nothing about it and starts nothing; its owner decides in the mailbox."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from consent.models import Decision
from consent.told import Told
from mailing import audience, campaigns, deliver, tokens
from mailing.models import MailingList, Subscriber, Subscription
from tests import make
from tests.committed import together

MINUTES = timedelta(minutes=1)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def join(client: Client, news: MailingList) -> Any:
    """Signs up through the page, then does what a worker does with what waits."""

    def send(email: str = make.ANA, mailing_list: str = "news") -> Any:
        answer = client.post("/mail/join/", {"email": email, "mailing_list": mailing_list}, **make.HERE)
        now = timezone.now()
        for _kind, key in list(deliver.unfinished(now=now)):
            deliver.send_confirmation(key, now=now)
        return answer

    return send


def link(act: str, subscription: Subscription) -> str:
    return f"/mail/{act}/{tokens.make(subscription, f'mailing.{act}')}/"


def ask(client: Client, subscription: Subscription, act: str = "confirm") -> Any:
    return client.post(link(act, subscription), **make.HERE)


def test_joining_stores_a_request_and_no_consent(join: Any) -> None:
    answer = join()
    assert (answer.status_code, answer["Location"]) == (303, "/mail/join/?asked")
    subscription = Subscription.objects.get()
    assert subscription.subscriber.email == make.ANA
    assert "Quay Ltd may send me “News” by e-mail: What happens here." in subscription.statement
    assert (subscription.decision, subscription.confirmed_at) == (None, None)
    assert not Decision.objects.exists()


def test_the_page_says_what_happens_next(client: Client, join: Any) -> None:
    assert "Look into your mailbox" in client.get("/mail/join/?asked").content.decode()


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
    assert 'aria-invalid="true"' in page
    [marked] = re.findall(r'aria-describedby="([^"]+)"', page)
    assert re.search(rf'<span class="error" id="{marked}">[^<]+\.</span>', page)
    assert not Subscriber.objects.exists()


def test_a_form_with_nothing_in_it_is_refused(client: Client, news: MailingList) -> None:
    assert client.post("/mail/join/", {}, **make.HERE).status_code == 422


@pytest.mark.parametrize("mailing_list", ["", "offers", "\0"])
def test_a_list_there_is_not_is_refused(join: Any, mailing_list: str) -> None:
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
        campaigns.queue(campaign=make.campaign(news), now=make.NOW)
    assert [message.subject for message in mail.outbox] == ["Please confirm: News"]


def test_opening_the_link_confirms_nothing(client: Client, news: MailingList) -> None:
    subscription = make.request(make.ANA, news)
    page = client.get(link("confirm", subscription)).content.decode()
    assert "You may write to me." in page
    assert make.ANA not in page
    assert not Decision.objects.exists()


def test_pressing_the_button_is_the_consent(client: Client, news: MailingList) -> None:
    subscription = make.request(make.ANA, news)
    answer = ask(client, subscription)
    assert "You are on the list" in answer.content.decode()
    subscription.refresh_from_db()
    decision = Decision.objects.get()
    assert (subscription.decision, subscription.confirmed_at) == (decision, make.NOW)
    assert (decision.choices, decision.source) == ({"mail:news": True}, "mail")
    assert decision.statement == "You may write to me."
    assert decision.policy_version.number == 1
    assert (decision.decided_at, decision.expires_at, decision.snapshot) == (make.NOW, None, None)


def test_pressing_it_again_changes_nothing(client: Client, news: MailingList) -> None:
    subscription = make.request(make.ANA, news)
    assert [ask(client, subscription).status_code for _ in range(2)] == [200, 200]
    assert Decision.objects.count() == 1


def test_a_link_older_than_seven_days_is_too_old(
    client: Client, news: MailingList, clock: time_machine.Traveller
) -> None:
    address = link("confirm", make.request(make.ANA, news))
    clock.shift(timedelta(days=7, seconds=1))
    for answer in (client.get(address), client.post(address, **make.HERE)):
        assert answer.status_code == 410
        assert "too old" in answer.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize("token", ["1", "1~abc", "1~abc~def", "%00", "ümlaut", "~~~~"])
def test_a_link_that_is_not_ours_is_not_found(client: Client, news: MailingList, token: str) -> None:
    for act in ("confirm", "unsubscribe"):
        answer = client.get(f"/mail/{act}/{token}/")
        assert answer.status_code == 404
        assert "Copy it whole from the mail." in answer.content.decode()


def test_one_changed_letter_is_not_ours(client: Client, news: MailingList) -> None:
    token = tokens.make(make.request(make.ANA, news), tokens.CONFIRM)
    for place in range(len(token)):
        other = "x" if token[place] != "x" else "y"
        with pytest.raises(tokens.BadToken):
            tokens.read(token[:place] + other + token[place + 1 :], tokens.CONFIRM)


def test_a_link_for_one_act_does_not_do_the_other(client: Client, news: MailingList) -> None:
    subscription = make.request(make.ANA, news)
    token = tokens.make(subscription, tokens.UNSUBSCRIBE)
    assert client.post(f"/mail/confirm/{token}/", **make.HERE).status_code == 404
    assert not Decision.objects.exists()


def test_a_link_to_a_deleted_address_says_so(client: Client, news: MailingList) -> None:
    subscription = make.subscriber(make.ANA, news)
    addresses = [link("confirm", subscription), link("unsubscribe", subscription)]
    subscription.subscriber.delete()
    for address in addresses:
        answer = client.post(address, **make.HERE)
        assert (answer.status_code, "is deleted" in answer.content.decode()) == (410, True)


def test_who_left_is_brought_back_by_no_old_link(client: Client, news: MailingList) -> None:
    subscription = make.subscriber(make.ANA, news)
    ask(client, subscription, "unsubscribe")
    assert client.get(link("confirm", subscription)).status_code == 410
    assert ask(client, subscription).status_code == 410
    assert not Subscription.objects.live().exists()


def test_who_left_comes_back_by_asking_and_confirming_anew(
    client: Client, join: Any, news: MailingList, clock: time_machine.Traveller
) -> None:
    subscription = make.subscriber(make.ANA, news)
    clock.shift(MINUTES)
    ask(client, subscription, "unsubscribe")
    clock.shift(MINUTES)
    join(make.ANA)
    assert not Subscription.objects.live().exists()
    ask(client, subscription)
    chosen = [row.choices["mail:news"] for row in Decision.objects.order_by("id")]
    assert chosen == [True, False, True]
    assert Decision.objects.values("consent_id").distinct().count() == 1
    assert Subscription.objects.live().get().decision == Decision.objects.order_by("id").last()


def test_confirming_while_somebody_leaves_is_refused_by_the_row_itself(news: MailingList) -> None:
    subscription = make.subscriber(make.ANA, news)
    audience.leave(subscription=subscription, told=Told(), now=make.NOW)
    with pytest.raises(audience.NotAsked):
        audience.confirm(subscription=subscription, told=Told(), now=make.NOW)


def test_a_second_list_is_a_second_consent(client: Client, news: MailingList) -> None:
    offers = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    for to in (news, offers):
        make.subscriber(make.ANA, to)
    assert Subscriber.objects.count() == 1
    assert {name for row in Decision.objects.all() for name in row.choices} == {"mail:news", "mail:offers"}


def test_the_same_new_address_typed_twice_at_once_is_one_person(committed: None) -> None:
    news = make.mailing_list()
    together(*(lambda name=name: make.request(name, news) for name in ("ana@b.example", "ANA@b.example") * 3))  # type: ignore[misc]
    assert Subscriber.objects.count() == Subscription.objects.count() == 1


def test_pressing_the_button_twice_at_once_is_one_decision(committed: None) -> None:
    subscription = make.request(make.ANA, make.mailing_list())
    confirm = lambda: audience.confirm(subscription=subscription, told=Told(), now=make.NOW)  # noqa: E731
    first, second = together(confirm, confirm)
    assert first == second
    assert Decision.objects.count() == 1
