"""Do readers get the right text on both sides of every instant, with every worker stopped?"""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from time_machine import Traveller

from home.models import HomePage
from policies import chain, effective, freeze
from policies.models import PolicyPage
from tests import make
from tests.policies import languages, reading

DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
SOON, LATER = make.NOW + 10 * DAY, make.NOW + 20 * DAY
AROUND = [-MICROSECOND, timedelta(0), MICROSECOND]


def served(client: Client) -> str:
    answer = client.get("/privacy/")
    return reading.text_of(answer).removeprefix("Privacy policy 1 ") if answer.status_code == 200 else ""


def over_time(client: Client, clock: Traveller, instants: list[datetime]) -> list[list[str]]:
    """What `/` says just before, at and just after each instant, no task run."""
    texts = []
    for instant in instants:
        texts.append([])
        for step in AROUND:
            clock.move_to(instant + step)
            texts[-1].append(served(client))
    return texts


def test_the_text_switches_at_the_very_microsecond(home: HomePage, clock: Traveller, client: Client) -> None:
    make.revise(make.policy(home, "Old."), "New.", at=SOON)
    assert over_time(client, clock, [SOON]) == [["Old.", "New.", "New."]]


def test_a_first_version_appears_at_the_very_microsecond(home: HomePage, clock: Traveller, client: Client) -> None:
    page = make.revise(make.policy(home, live=False), "First.", at=SOON)
    assert over_time(client, clock, [SOON]) == [["", "First.", "First."]]
    assert not PolicyPage.objects.get(pk=page.pk).live


def test_an_instant_may_have_microseconds(home: HomePage, clock: Traveller, client: Client) -> None:
    odd = SOON + timedelta(microseconds=123457)
    make.revise(make.policy(home, "Old."), "New.", at=odd)
    assert over_time(client, clock, [odd]) == [["Old.", "New.", "New."]]


def test_an_end_comes_at_the_very_microsecond(home: HomePage, clock: Traveller, client: Client) -> None:
    page = make.policy(home, "Old.")
    freeze.end(page=page, effective_from=SOON, now=make.NOW, note="We closed.")
    ended = [bool(version and version.ends) for version in (effective.in_force(page, SOON + step) for step in AROUND)]
    assert ended == [False, True, True]
    clock.move_to(SOON)
    assert "Old." not in client.get("/privacy/").text
    assert "Old." in client.get("/privacy/v/1/").text


def test_two_announced_a_fix_between_and_one_cancelled_each_have_their_own_period(
    home: HomePage, clock: Traveller, client: Client
) -> None:
    page = make.revise(make.policy(home, "Old."), "Of soon.", at=SOON)
    page = make.revise(page, "Of later.", at=LATER)
    page = make.revise(page, "Of never.", at=LATER + DAY)
    clock.move_to(make.NOW + DAY)
    page = make.revise(page, "Fixed.")
    freeze.cancel(revision=page.versions.get(number=4).revision, now=make.NOW + DAY, reason="A mistake.")
    assert over_time(client, clock, [make.NOW + DAY, SOON, LATER, LATER + DAY]) == [
        ["Old.", "Fixed.", "Fixed."],
        ["Fixed.", "Of soon.", "Of soon."],
        ["Of soon.", "Of later.", "Of later."],
        ["Of later.", "Of later.", "Of later."],
    ]
    assert page.versions.standing().count() == 4
    assert list(chain.faults()) == []


def test_a_text_announced_twice_survives_the_withdrawal_of_its_first_date(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    page = make.revise(page, "New.", at=LATER)
    freeze.withdraw(version=page.versions.get(number=2), now=make.NOW, reason="Too early.")
    at = [effective.in_force(page, moment) for moment in (SOON, LATER - MICROSECOND, LATER)]
    assert [version.text.strip() for version in at if version] == ["1 Old.", "1 Old.", "1 New."]


def test_moving_the_text_to_another_date_does_not_take_back_the_end(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    freeze.end(page=page, effective_from=LATER, now=make.NOW, note="We close.")
    revision = page.versions.get(number=2).revision
    revision.approved_go_live_at = SOON + DAY
    revision.save(update_fields=["approved_go_live_at"])
    last = effective.in_force(page, LATER)
    assert last
    assert last.ends


def test_cancelling_the_text_before_it_does_not_take_back_the_end(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    freeze.end(page=page, effective_from=LATER, now=make.NOW, note="We close.")
    freeze.cancel(revision=page.versions.get(number=2).revision, now=make.NOW, reason="A mistake.")
    assert [version.number for version in effective.upcoming(page, make.NOW)] == [3]


def test_a_policy_that_ended_is_taken_up_again_with_the_same_text(home: HomePage, clock: Traveller) -> None:
    page = make.policy(home, "Old.")
    freeze.end(page=page, effective_from=make.NOW, now=make.NOW, note="We closed.")
    clock.shift(DAY)
    page.get_latest_revision().publish()
    assert [version.ends for version in page.versions.order_by("number")] == [False, True, False]


@pytest.mark.parametrize("seconds", [0.999999, 1, 1.5, 59, 299.999999, 300, 301, 86400])
@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_cache_in_any_language_keeps_a_text_past_the_next_instant(
    home: HomePage, seconds: float, language: str
) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    languages.translate(page, "Новое.").save_revision().publish()
    shown = PolicyPage.objects.get(translation_key=page.key, locale__language_code=language)
    kept = effective.seconds_to_cache(shown, SOON - timedelta(seconds=seconds))
    assert kept == min(300, int(seconds))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_cached_reading_is_wrong_while_it_lasts(home: HomePage, clock: Traveller, language: str) -> None:
    """Of translations made early, late and again: what is read at `at` is what is read until the cache lets go."""
    page = make.policy(home, "Old.")
    page = make.revise(page, "New.", at=SOON)
    languages.translate(page, "Новое.").save_revision().publish()
    clock.move_to(SOON - timedelta(seconds=200))
    languages.translate(page, "Новое!").save_revision().publish()
    clock.move_to(SOON + timedelta(seconds=100))
    shown = PolicyPage.objects.get(translation_key=page.key, locale__language_code=language)

    def text(at: datetime) -> str:
        version = effective.in_force(shown, at)
        assert version
        return effective.reading(shown, version, at).shown.text

    for second in range(-400, 100, 7):
        at = SOON + timedelta(seconds=second)
        assert text(at) == text(at + timedelta(seconds=effective.seconds_to_cache(shown, at)) - MICROSECOND)
