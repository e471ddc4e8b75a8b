"""How long a choice counts is what the policy in force says: six months where none says anything."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from consent import told
from consent.models import Decision
from policies.models import PolicyPage
from records import terms
from records.models import TermSheet
from tests import make
from tests.consent.conftest import Post


def states(period: str, *, at: datetime = make.NOW, number: int = 1) -> TermSheet:
    said = [terms.Statement(terms.Kind.RETENTION, told.HOLDS, {"period": period, "then": "ask"})]
    policy, label = PolicyPage.objects.get().translation_key, f"Version {number}"
    return terms.write(policy=policy, number=number + 100, label=label, effective_from=at, statements=said)


def decided(post: Post) -> Decision:
    assert post().status_code == 201
    return Decision.objects.latest("seq")


def cookie_days(answer: Any) -> int:
    return int(answer.cookies["candor_consent"].value.split(".")[3], 16)


def test_without_a_term_it_is_half_a_year(post: Post) -> None:
    assert decided(post).expires_at == make.NOW + timedelta(days=182)


@pytest.mark.parametrize(("period", "days"), [("P6M", 181), ("P1Y", 365), ("P2W", 14), ("P90D", 90)])
def test_it_is_the_term_in_force(post: Post, period: str, days: int) -> None:
    states(period)
    expires_at = decided(post).expires_at
    assert expires_at
    assert (expires_at - make.NOW).days == days


def test_the_cookie_says_the_same_to_the_day(post: Post) -> None:
    states("P2W")
    until = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=cookie_days(post()))
    assert until.date() == (make.NOW + timedelta(days=14)).date()


def test_a_new_term_counts_for_what_is_decided_from_its_instant_on(post: Post, clock: time_machine.Traveller) -> None:
    states("P1Y")
    states("P2W", at=make.NOW + timedelta(days=1), number=2)
    before = decided(post)
    clock.shift(timedelta(days=1, seconds=10))
    told.forget()
    after = decided(post)
    assert before.expires_at
    assert after.expires_at
    assert (before.expires_at - before.decided_at).days == 365
    assert (after.expires_at - after.decided_at).days == 14
