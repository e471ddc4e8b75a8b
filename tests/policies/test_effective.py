"""Which text is in force at an instant, with no task run, and until when may a cache keep it?"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings
from time_machine import Traveller
from wagtail.models import Site

from home.models import HomePage
from policies import effective, freeze
from policies.models import PolicyPage
from records import instants
from tests import make

SOON, LATER = make.NOW + timedelta(days=10), make.NOW + timedelta(days=20)
MICROSECOND = timedelta(microseconds=1)


def words(page: PolicyPage, at: datetime) -> str | None:
    version = effective.in_force(page, at)
    return version.text.strip() if version else None


@pytest.mark.parametrize(
    ("moment", "text"), [(SOON - MICROSECOND, "1 Old."), (SOON, "1 New."), (SOON + MICROSECOND, "1 New.")]
)
def test_the_text_switches_at_the_very_instant(home: HomePage, moment: datetime, text: str) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    assert words(page, moment) == text


def test_nothing_is_in_force_before_the_first_version(home: HomePage) -> None:
    page = make.policy(home)
    assert words(page, make.NOW - MICROSECOND) is None


@pytest.mark.parametrize(
    ("moment", "text"),
    [(make.NOW, "1 Old."), (SOON - MICROSECOND, "1 Old."), (SOON, "1 Of soon."), (LATER, "1 Of later.")],
)
@pytest.mark.parametrize("soon_first", [True, False])
def test_two_pending_versions_take_force_in_turn(home: HomePage, moment: datetime, text: str, soon_first: bool) -> None:
    announced = [("Of soon.", SOON), ("Of later.", LATER)]
    page = make.policy(home, "Old.")
    for said, at in announced if soon_first else reversed(announced):
        page = make.revise(page, said, at=at)
    assert words(page, moment) == text


def test_of_two_versions_for_one_instant_the_later_frozen_counts(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    page = make.revise(page, "Newer.", at=SOON)
    assert words(page, SOON) == "1 Newer."


def test_an_urgent_fix_stands_until_the_announced_version(home: HomePage, clock: Traveller) -> None:
    page = make.revise(make.policy(home, "Old."), "Announced.", at=SOON)
    clock.shift(timedelta(days=1))
    page = make.revise(page, "Fixed.")
    assert [words(page, at) for at in (make.NOW, SOON - MICROSECOND, SOON)] == ["1 Old.", "1 Fixed.", "1 Announced."]


def test_a_withdrawn_version_never_takes_force(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    freeze.cancel(revision=page.versions.get(number=2).revision, now=make.NOW, reason="A mistake.")
    assert words(page, LATER) == "1 Old."
    assert effective.upcoming(page, make.NOW) == []


@pytest.mark.parametrize("moment", [make.NOW, SOON - MICROSECOND, SOON, LATER - MICROSECOND, LATER])
def test_one_query_says_what_is_in_force_and_what_comes(
    home: HomePage, django_assert_num_queries: Any, moment: datetime
) -> None:
    page = make.revise(make.policy(home, "Old."), "Of later.", at=LATER)
    page = make.revise(page, "Of soon.", at=SOON)
    page = make.revise(page, "Of soon, again.", at=SOON)
    page = make.revise(page, "Taken back.", at=SOON + timedelta(days=1))
    freeze.withdraw(version=page.versions.get(number=5), now=make.NOW, reason="A mistake.")
    effective.forget()
    for _reading in range(2):  # of the rows, then whether there are others by now
        with django_assert_num_queries(1):
            found, coming = effective.now_and_next(page, moment)
        assert found == effective.in_force(page, moment)
        assert coming == effective.upcoming(page, moment)


def test_nothing_is_announced_before_the_first_version(home: HomePage) -> None:
    page = make.revise(make.policy(home, live=False), "First.", at=SOON)
    assert effective.now_and_next(page, make.NOW) == (None, [])
    assert effective.now_and_next(page, SOON) == (page.versions.get(), [])


def test_what_is_remembered_is_what_stands(home: HomePage) -> None:
    """Whatever order the clock and the editors take: remembered rows say what the database would."""
    page = make.revise(make.policy(home, "Old."), "Of soon.", at=SOON)
    page = make.revise(page, "Of later.", at=LATER)
    steps: list[Callable[[], Any]] = [
        lambda: None,
        lambda: make.revise(page, "At once."),
        lambda: freeze.withdraw(version=page.versions.get(number=2), now=make.NOW, reason="A mistake."),
        lambda: make.revise(page, "Of soon, again.", at=SOON),
    ]
    for step in steps:
        step()
        for moment in (make.NOW, LATER, SOON, SOON - MICROSECOND, LATER - MICROSECOND, make.NOW):
            found, coming = effective.now_and_next(page, moment)
            assert (found, coming) == (effective.in_force(page, moment), effective.upcoming(page, moment)), moment


def test_what_is_announced_comes_in_the_order_of_force(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "Of later.", at=LATER)
    page = make.revise(page, "Of soon.", at=SOON)
    assert [version.effective_from for version in effective.upcoming(page, make.NOW)] == [SOON, LATER]
    assert [version.effective_from for version in effective.upcoming(page, SOON)] == [LATER]


@pytest.mark.parametrize(
    ("before", "seconds"),
    [
        (timedelta(days=1), 300),
        (timedelta(seconds=299.9), 299),
        (timedelta(seconds=1), 1),
        (timedelta(seconds=0.999999), 0),
        (timedelta(0), 300),
    ],
)
def test_no_cache_keeps_a_text_past_the_next_instant(home: HomePage, before: timedelta, seconds: int) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    assert effective.seconds_to_cache(page, SOON - before) == seconds


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("UTC", datetime(2026, 3, 29, 0, 0, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 28, 23, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 29, 4, 0, tzinfo=UTC)),
    ],
)
def test_a_day_ends_in_the_time_zone_of_the_site(zone: str, end: datetime) -> None:
    with override_settings(TIME_ZONE=zone):
        assert instants.end_of(date(2026, 3, 28)) == end - MICROSECOND


def test_a_draft_that_was_never_published_is_not_the_policy_of_the_site(home: HomePage) -> None:
    make.policy(home, live=False).save_revision()
    site = Site.objects.get(is_default_site=True)
    assert effective.policy_of(site) is None
    assert effective.version_shown(site, make.NOW) is None


def test_the_policy_of_the_site_does_not_wait_for_the_task(home: HomePage) -> None:
    page = make.revise(make.policy(home, live=False), "First.", at=SOON)
    site = Site.objects.get(is_default_site=True)
    assert not page.live
    assert effective.version_shown(site, SOON) == page.versions.get()
