"""Rows are the queue: workers that die, sleep or meet lose nothing and repeat nothing, with the broker or without."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from cms.celery import app
from mailing import deliver, tasks
from mailing.deliver import claim, journal
from mailing.deliver import turn as turns
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


def test_rows_that_were_taken_and_never_begun_wait_again_once_the_lease_is_over(campaign: Campaign) -> None:
    taken = claim.claim(campaign.pk, owner="gone", provider="other", limit=9, now=make.NOW)
    assert len(taken) == 2
    assert deliver.recover(make.NOW + claim.LEASE) == 0
    assert deliver.recover(make.NOW + claim.LEASE + MINUTE) == 2
    assert states() == {make.ANA: "pending", make.BEN: "pending"}


def test_a_row_being_handed_over_is_never_taken_back_by_time_alone(campaign: Campaign) -> None:
    Delivery.objects.update(state=State.SENDING, owner="elsewhere", changed_at=make.NOW)
    assert deliver.recover(make.NOW + claim.LOST_AFTER) == 0
    assert deliver.recover(make.NOW + claim.LOST_AFTER + MINUTE) == 2
    assert states()[make.ANA] == "unknown: nothing is known of the machine that had it"


def test_not_even_after_a_day_where_its_owner_is_known_to_stand_still(campaign: Campaign, settings: Settings) -> None:
    with journal.slot(settings.MAIL_JOURNAL, 1) as slot:
        assert slot
        slot.begin()
        Delivery.objects.update(state=State.SENDING, owner=slot.owner, changed_at=make.NOW)
        assert deliver.recover(make.NOW + 3 * claim.LOST_AFTER) == 0


def test_rows_that_are_settled_are_not_taken_back(campaign: Campaign, post_office: PostOffice) -> None:
    turn(campaign)
    assert deliver.recover(make.NOW + timedelta(days=3)) == 0


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


def test_as_many_workers_are_asked_as_there_are_connections_for_the_rows(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr(turns, "BATCH", 1)
    settings.MAIL_CONNECTIONS = 3
    assert list(deliver.unfinished(now=make.NOW)) == [("campaign", campaign.pk)] * 2
    Campaign.objects.update(per_minute=60)
    assert list(deliver.unfinished(now=make.NOW)) == [("campaign", campaign.pk)]


def test_a_machine_opens_no_more_connections_than_it_may(
    campaign: Campaign, post_office: PostOffice, settings: Settings
) -> None:
    settings.MAIL_CONNECTIONS = 1
    with journal.slot(settings.MAIL_JOURNAL, 1) as slot:
        assert slot
        assert turn(campaign) == 0
    assert turn(campaign) == 2


def test_a_campaigns_pace_is_kept(news: MailingList, post_office: PostOffice) -> None:
    for number in range(8):
        make.subscriber(f"reader-{number}@mail.example", news)
    campaign = make.queued(make.campaign(news, per_minute=60))
    deliver.send(campaign.pk, seconds=2.5)
    assert 2 <= len(post_office.letters) <= 4  # one a second
    assert sorted(set(states().values())) == ["pending", "sent"]


def test_three_workers_at_once_send_each_row_once(
    committed: None, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    make.site()
    readers = [f"reader-{number:02}@mail.example" for number in range(40)]
    campaign = queued(make.mailing_list(), *readers)
    monkeypatch.setattr(turns, "BATCH", 3)
    monkeypatch.setattr(turns, "CHUNK", 2)

    def work() -> int:
        return sum(iter(lambda: turn(campaign), 0))

    assert sum(together(work, work, work)) == 40
    assert post_office.addresses == readers
    assert is_sent(campaign)


def test_a_worker_that_stood_still_keeps_its_row_and_sends_nothing_twice(
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
        deliver.recover(timezone.now() + timedelta(days=9))
        assert turn(campaign) == 0
        assert row(make.ANA).state == State.SENDING
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


def test_a_mail_server_that_is_away_is_a_line_in_the_log(
    campaign: Campaign, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert tasks.deliver(campaign.pk) == 0
    assert "mail waits" in caplog.text


@pytest.fixture
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hints go to a port where nothing listens."""
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    monkeypatch.setitem(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app, "_pool", None)  # connections made meanwhile are nobody's afterwards


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
        assert client.post(f"/cms/mailing/campaigns/send/{campaign.pk}/", {"now": "now"}).status_code == 302
    assert "the broker is away" in caplog.text
    assert list(deliver.unfinished(now=timezone.now())) == [("start", campaign.pk)]
