"""Rows are the queue: workers that die, sleep or meet lose nothing and repeat nothing, with the broker or without."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from cms.celery import app
from mailing import deliver, tasks
from mailing.models import Campaign, Delivery, MailingList, Subscription
from tests import make
from tests.committed import together
from tests.mailing.conftest import PostOffice, is_sent, queued, row, states, turn

MINUTE = timedelta(minutes=1)
State = Delivery.State


@pytest.fixture
def campaign(news: MailingList, clock: time_machine.Traveller) -> Campaign:
    """Queued to Ana and Ben."""
    return queued(news)


def test_rows_of_a_worker_that_is_gone_are_taken_back(campaign: Campaign) -> None:
    Delivery.objects.update(state=State.CLAIMED, changed_at=make.NOW)
    Delivery.objects.filter(pk=row(make.ANA).pk).update(state=State.SENDING)
    assert deliver.take_back(now=make.NOW + 10 * MINUTE) == 0
    assert deliver.take_back(now=make.NOW + 11 * MINUTE) == 2
    assert states() == {
        make.ANA: "unknown: the worker ended while the message was handed over",
        make.BEN: "pending",
    }


def test_rows_that_are_settled_are_not_taken_back(campaign: Campaign, post_office: PostOffice) -> None:
    turn(campaign)
    assert deliver.take_back(now=make.NOW + timedelta(days=1)) == 0


def test_a_worker_finds_what_is_unfinished_and_nothing_else(campaign: Campaign, post_office: PostOffice) -> None:
    waiting = make.request(make.CLEO, campaign.mailing_list)
    assert list(deliver.unfinished(now=make.NOW)) == [("confirmation", waiting.pk), ("campaign", campaign.pk)]
    deliver.send_confirmation(waiting.pk, now=make.NOW)
    turn(campaign)
    assert list(deliver.unfinished(now=make.NOW)) == []


def test_a_campaign_whose_last_worker_was_killed_is_ended_by_the_next_look(campaign: Campaign) -> None:
    Delivery.objects.update(state=State.SENT)
    assert list(deliver.unfinished(now=make.NOW)) == []
    assert is_sent(campaign)


def test_two_workers_at_once_send_each_row_once(
    committed: None, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.site()
    readers = [f"reader-{number:02}@mail.example" for number in range(30)]
    campaign = queued(make.mailing_list(), *readers)
    monkeypatch.setattr(deliver, "BATCH", 3)

    def work() -> int:
        return sum(iter(lambda: turn(campaign), 0))

    assert sum(together(work, work, work)) == 30
    assert post_office.addresses == readers
    assert is_sent(campaign)


def test_a_worker_that_slept_finds_its_rows_gone_and_sends_nothing_twice(
    committed: None, post_office: PostOffice
) -> None:
    """Its first message waits at the server's counter while others believe it dead and go on without it."""
    make.site()
    campaign = queued(make.mailing_list())

    def sleepy() -> int:
        try:
            return turn(campaign)
        finally:
            connections.close_all()

    post_office.slow.set()
    with ThreadPoolExecutor(1) as pool:
        sleeper = pool.submit(sleepy)
        while not post_office.letters:
            assert not sleeper.done()
        post_office.slow.clear()
        deliver.take_back(now=timezone.now() + 11 * MINUTE)
        assert states()[make.ANA].startswith("unknown")
        turn(campaign)
        post_office.opened.set()
        assert sleeper.result(timeout=20) == 2
    assert post_office.addresses == [make.ANA, make.BEN]
    assert states() == {make.ANA: "sent", make.BEN: "sent"}


def test_the_tasks_do_a_campaign_from_the_first_hint_to_the_end(campaign: Campaign, post_office: PostOffice) -> None:
    assert tasks.pump() == 1
    assert [tasks.deliver(campaign.pk), tasks.deliver(campaign.pk)] == [2, 0]
    assert tasks.pump() == 0
    assert is_sent(campaign)


def test_the_task_sends_a_question_once(news: MailingList, post_office: PostOffice) -> None:
    subscription = make.request(make.ANA, news, timezone.now())
    assert tasks.pump() == 1
    assert [tasks.send_confirmation(subscription.pk), tasks.send_confirmation(subscription.pk)] == [1, 0]


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hints go to a port where nothing listens."""
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    monkeypatch.setitem(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")


@pytest.mark.usefixtures("no_broker")
def test_without_the_broker_the_page_still_answers_and_the_row_waits(
    client: Client,
    news: MailingList,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/mail/join/", {"email": make.ANA, "mailing_list": "news"}, **make.HERE)
    assert answer.status_code == 303
    assert "the broker is away" in caplog.text
    assert make.ANA not in caplog.text
    assert list(deliver.unfinished(now=timezone.now())) == [("confirmation", Subscription.objects.get().pk)]


@pytest.mark.usefixtures("no_broker")
def test_without_the_broker_the_editor_sends_and_the_campaign_waits(
    client: Client,
    news: MailingList,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    make.subscriber(make.ANA, news)
    campaign = make.campaign(news)
    client.force_login(make.vera())
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"/cms/mailing/campaigns/send/{campaign.pk}/").status_code == 302
    assert "the broker is away" in caplog.text
    assert list(deliver.unfinished(now=timezone.now())) == [("campaign", campaign.pk)]
