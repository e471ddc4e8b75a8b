"""What became of a campaign, counted from its rows."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from pytest_django import DjangoAssertNumQueries

from mailing import progress
from mailing.models import Campaign, Delivery, Link, LinkFollowed, MailingList, Return, Subscription
from tests import make
from tests.mailing.rows import rows

State = Delivery.State
MINUTE = timedelta(minutes=1)


@pytest.fixture
def spring(news: MailingList) -> Campaign:
    return make.campaign(news, state=Campaign.State.SENDING)


def test_rows_are_counted_by_state_and_no_state_is_named_that_nothing_is_in(spring: Campaign) -> None:
    rows(spring, 3)
    rows(spring, 2, state="pending")
    rows(make.campaign(spring.mailing_list, "Other"), 5)
    assert progress.by_state(spring) == {State.PENDING: 2, State.SENT: 3}


def test_states_stand_in_the_order_of_a_messages_life(spring: Campaign) -> None:
    for state in ("unknown", "sent", "held"):
        rows(spring, state=state)
    assert list(progress.by_state(spring)) == [State.HELD, State.SENT, State.UNKNOWN]


def test_a_minute_counts_what_was_accepted_in_it_by_provider(spring: Campaign) -> None:
    rows(spring, 2, sent_at=make.NOW + timedelta(seconds=59), provider="gmail")
    rows(spring, 1, sent_at=make.NOW + timedelta(seconds=59), provider="yahoo")
    rows(spring, 4, sent_at=make.NOW + MINUTE, provider="gmail", state="bounced")
    rows(spring, 1, state="failed")
    assert progress.by_minute(spring) == [
        (make.NOW, {"gmail": 2, "yahoo": 1}),
        (make.NOW + MINUTE, {"gmail": 4}),
    ]


def test_the_rate_is_of_the_last_two_minutes_and_the_end_follows_from_it(spring: Campaign) -> None:
    rows(spring, 50, sent_at=make.NOW - 10 * MINUTE)
    rows(spring, 20, sent_at=make.NOW - MINUTE)
    rows(spring, 30, state="pending")
    pace = progress.pace(spring, now=make.NOW)
    assert (pace.per_minute, pace.left) == (10, 30)
    assert pace.ends_at == make.NOW + 3 * MINUTE


def test_a_campaign_that_just_began_is_not_slower_for_that(spring: Campaign) -> None:
    rows(spring, 10, sent_at=make.NOW - timedelta(seconds=30))
    assert progress.pace(spring, now=make.NOW).per_minute == 20


def test_no_end_is_guessed_where_nothing_moves(spring: Campaign) -> None:
    rows(spring, 5, state="pending")
    assert progress.pace(spring, now=make.NOW).ends_at is None


def test_the_end_is_no_earlier_than_the_last_hour_that_rows_wait_for(spring: Campaign) -> None:
    rows(spring, 100, sent_at=make.NOW - MINUTE)
    rows(spring, 1, state="pending", not_before=make.NOW + 300 * MINUTE)
    assert progress.pace(spring, now=make.NOW).ends_at == make.NOW + 300 * MINUTE


def test_held_rows_wait_for_a_choice_and_for_no_worker(spring: Campaign) -> None:
    rows(spring, 5, state="held")
    summary = progress.summary(spring, now=make.NOW)
    assert (summary.pace.left, summary.total, summary.done) == (0, 5, 0)


def test_the_oldest_that_waits_is_the_one_that_should_have_left_first(spring: Campaign) -> None:
    rows(spring, state="pending", not_before=make.NOW - 5 * MINUTE)
    rows(spring, state="deferred", not_before=make.NOW - 3 * MINUTE)
    rows(spring, state="sent", not_before=make.NOW - 9 * MINUTE)
    assert progress.pace(spring, now=make.NOW).oldest_at == make.NOW - 5 * MINUTE


def test_what_waits_for_its_hour_is_not_old(spring: Campaign) -> None:
    rows(spring, state="pending", not_before=make.NOW + MINUTE)
    assert progress.pace(spring, now=make.NOW).oldest_at is None


def test_versions_stand_side_by_side(spring: Campaign) -> None:
    a = rows(spring, 3, version="a")
    rows(spring, 1, version="a", state="bounced")
    rows(spring, 2, version="b", state="complained")
    rows(spring, 1, version="b", state="failed")
    Subscription.objects.filter(pk=a[0].subscription_id).update(left_at=make.NOW + MINUTE)
    first, second = progress.by_version(spring, now=make.NOW)
    assert (first.version, first.addressed, first.sent, first.bounced, first.left) == ("a", 4, 4, 1, 1)
    assert (second.version, second.addressed, second.sent, second.complained, second.left) == ("b", 3, 2, 2, 0)


def test_who_left_before_the_message_or_a_week_later_did_not_leave_for_it(spring: Campaign) -> None:
    made = rows(spring, 2, version="a")
    for row, left in zip(made, (-MINUTE, timedelta(days=7)), strict=True):
        Subscription.objects.filter(pk=row.subscription_id).update(left_at=make.NOW + left)
    assert [version.left for version in progress.by_version(spring, now=make.NOW)] == [0]


def test_a_followed_link_counts_once_a_message_and_only_where_it_may_be_counted(spring: Campaign) -> None:
    tracked, plain = rows(spring, version="a", tracked=True)[0], rows(spring, version="a")[0]
    link = Link.objects.create(campaign=spring, url="https://quay.example/boats")
    for row in (tracked, tracked, plain):
        LinkFollowed.objects.create(delivery=row, link=link, followed_at=make.NOW)
    [version] = progress.by_version(spring, now=make.NOW)
    assert (version.sent, version.tracked, version.followed) == (2, 1, 1)


def test_links_are_counted_by_message(spring: Campaign) -> None:
    row = rows(spring, tracked=True)[0]
    links = [Link.objects.create(campaign=spring, url=f"https://quay.example/{name}") for name in ("a", "b")]
    for _twice in range(2):
        LinkFollowed.objects.create(delivery=row, link=links[1], followed_at=make.NOW)
    assert [(link.url[-1], link.messages) for link in progress.links(spring, now=make.NOW)] == [("b", 1), ("a", 0)]


def test_a_campaign_with_one_version_has_none_to_compare(spring: Campaign) -> None:
    rows(spring)
    assert progress.by_version(spring, now=make.NOW) == []


def test_answers_are_grouped_by_code_and_status_whatever_their_words(spring: Campaign) -> None:
    rows(spring, 1, state="failed", smtp_code=550, smtp_text="5.1.1 no such mailbox here")
    rows(spring, 2, state="failed", smtp_code=550, smtp_text="5.1.1 unknown")
    rows(spring, 1, state="deferred", smtp_code=451, smtp_text="try again")
    rows(spring, 9, smtp_code=250, smtp_text="2.0.0 OK")
    found = [(answer.code, answer.status, answer.count) for answer in progress.answers(spring)]
    assert found == [(550, "5.1.1", 3), (451, "", 1)]


def test_what_came_back_counts_messages_and_not_reports(spring: Campaign) -> None:
    row = rows(spring, state="bounced")[0]
    for identity in ("one", "two"):
        Return.objects.create(
            delivery=row, kind="hard", source="mailbox", status="5.1.1", identity=identity, received_at=make.NOW
        )
    assert [(back.kind, back.status, back.count) for back in progress.returned(spring)] == [("hard", "5.1.1", 1)]


def test_a_second_look_within_two_seconds_asks_the_database_nothing(
    spring: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows(spring)
    with django_assert_num_queries(1):
        progress.summary(spring, now=make.NOW)
        progress.summary(spring, now=make.NOW)
    rows(spring)
    cache.clear()
    assert progress.summary(spring, now=make.NOW).total == 2
