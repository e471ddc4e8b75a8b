"""Does mail move at all? The queue over all campaigns, and the screen that says what to do."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from mailing import deliver, progress, suppression
from mailing.models import Campaign, MailingList, Slowdown
from tests import make
from tests.desk import signed_in
from tests.mailing.rows import letter, rows, saw_pump

QUEUE = "/cms/mailing/queue/"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def spring(clock: time_machine.Traveller, news: MailingList) -> Campaign:
    return make.campaign(news, state=Campaign.State.SENDING)


@pytest.fixture
def operator(spring: Campaign) -> Client:
    return signed_in("view_delivery")


def shown(client: Client) -> str:
    cache.delete("candor:mail:queue")
    return " ".join(client.get(QUEUE).content.decode().split())


def test_what_is_due_and_what_is_for_later_are_told_apart(spring: Campaign) -> None:
    rows(spring, 2, state="pending")
    rows(spring, 3, state="deferred", not_before=make.NOW + MINUTE)
    rows(spring, 9, state="held")
    letter(not_before=make.NOW - 5 * MINUTE)
    health = progress.health(now=make.NOW)
    assert (health.due, health.later, health.letters, health.waiting) == (3, 3, 1, 6)
    assert health.oldest_at == make.NOW - 5 * MINUTE


def test_a_slowdown_is_named_with_what_waits_for_it_until_it_is_over(spring: Campaign) -> None:
    Slowdown.objects.create(target="gmail", level=2, until=make.NOW + MINUTE)
    Slowdown.objects.create(target="slow.example", level=1, until=make.NOW + 2 * MINUTE)
    Slowdown.objects.create(target="over.example", level=1, until=make.NOW)
    rows(spring, 4, state="pending", provider="gmail", domain="gmail.com")
    rows(spring, 1, state="deferred", domain="slow.example")
    health = progress.health(now=make.NOW)
    assert [(slow.target, slow.waiting) for slow in health.slow] == [("slow.example", 1), ("gmail", 4)]
    assert health.deferred == [("other", "slow.example", 1)]


def test_what_workers_hold_is_counted_with_its_age(spring: Campaign) -> None:
    rows(spring, 2, state="claimed", lease_until=make.NOW - MINUTE, changed_at=make.NOW - 3 * MINUTE)
    rows(spring, 1, state="sending", lease_until=make.NOW + MINUTE)
    health = progress.health(now=make.NOW)
    assert (health.claimed.count, health.claimed.overdue) == (2, 2)
    assert health.claimed.oldest_at == make.NOW - 3 * MINUTE
    assert (health.sending.count, health.sending.overdue) == (1, 0)


def test_unknown_rows_are_named_by_their_campaign(spring: Campaign) -> None:
    rows(spring, 2, state="unknown")
    letter(state="unknown")
    health = progress.health(now=make.NOW)
    assert [(doubt.campaign, doubt.title, doubt.count) for doubt in health.doubts] == [
        (None, "", 1),
        (spring.pk, "Spring", 2),
    ]
    assert health.unknown == 3


def test_a_worker_that_looks_is_seen_and_one_that_never_did_is_not(news: MailingList) -> None:
    assert progress.pump_seen() is None
    list(deliver.unfinished(now=make.NOW))
    assert progress.pump_seen() == make.NOW


def test_campaigns_in_flight_say_how_far_they_are(spring: Campaign) -> None:
    rows(spring, 3)
    rows(spring, 1, state="skipped")
    rows(spring, 2, state="deferred")
    make.campaign(spring.mailing_list, "Done", state=Campaign.State.SENT)
    assert [(campaign.title, done, of) for campaign, done, of in progress.in_flight()] == [("Spring", 4, 6)]


def test_the_screen_asks_for_a_worker_where_none_was_seen(operator: Client) -> None:
    assert "Start the worker and beat" in shown(operator)
    saw_pump(make.NOW - timedelta(seconds=7))
    page = shown(operator)
    assert "they looked at the queue 7 seconds ago" in page
    assert "Start the worker" not in page


def test_a_worker_that_was_seen_too_long_ago_is_missed(operator: Client) -> None:
    saw_pump(make.NOW - timedelta(minutes=10))
    assert "last seen 10 minutes ago" in shown(operator).replace("\xa0", " ")


def test_the_screen_says_what_is_unknown_and_leads_there(operator: Client, spring: Campaign) -> None:
    rows(spring, 2, state="unknown")
    page = shown(operator)
    assert "decide whether to send them again" in page
    assert f'href="/cms/mailing/campaigns/inspect/{spring.pk}/#unknown"' in page


def test_the_screen_names_what_is_slow_and_why_a_campaign_stands(operator: Client, spring: Campaign) -> None:
    Slowdown.objects.create(target="gmail", level=2, until=make.NOW + 5 * MINUTE)
    Campaign.objects.update(state=Campaign.State.PAUSED, paused_by=Campaign.Paused.COMPLAINTS)
    page = shown(operator).replace("\xa0", " ")
    assert '<th scope="row">Gmail</th> <td>5 minutes</td>' in page
    assert "Spring (too many people reported it as spam)" in page


def test_the_screen_says_what_is_set(operator: Client, settings: Settings, tmp_path: Path) -> None:
    settings.MAIL_RATES, settings.MAIL_JOURNAL = {"all": 50.0, "gmail": 0.5}, tmp_path / "journal"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.MAIL_CONNECTIONS = "mail.quay.example", 587, 3
    suppression.suppress([make.ANA], scope=suppression.Scope.ALL, reason=suppression.Reason.EDITOR, now=make.NOW)
    page = shown(operator)
    assert "all together: 50, Gmail: 0.5" in page
    assert "mail.quay.example:587, at most 3 connections" in page
    assert "1 that get no mail at all, 0 that get no mail of lists" in page
    assert "a worker makes it when it first sends" in page


def test_a_journal_that_cannot_be_written_is_told(operator: Client, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    settings.MAIL_JOURNAL = file / "journal"
    assert "Set MAIL_JOURNAL to a folder of its own" in shown(operator)


def test_who_may_not_see_deliveries_sees_no_queue(spring: Campaign) -> None:
    stranger = signed_in("view_campaign")
    assert stranger.get(QUEUE).status_code == 302
    assert QUEUE not in stranger.get("/cms/").content.decode()


def test_the_dashboard_says_what_is_on_its_way_and_what_stands(spring: Campaign) -> None:
    rows(spring, 1)
    rows(spring, 3, state="pending", not_before=make.NOW - 10 * MINUTE)
    rows(spring, 1, state="unknown")
    page = signed_in("view_delivery", "view_campaign").get("/cms/").content.decode().replace("\xa0", " ")
    assert "Spring: 2 of 5 done." in page
    assert "Of 1 message nobody knows whether it left." in page
    assert "Mail has been due for 10 minutes. Is a worker running?" in page


def test_a_dashboard_has_one_calm_line_about_mail_while_all_is_well(news: MailingList) -> None:
    page = signed_in("view_delivery", "view_campaign").get("/cms/").content.decode()
    assert "No campaign is on its way, and no mail is stuck." in page
    assert "Write a campaign" not in page, "without the right to"
