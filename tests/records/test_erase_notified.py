"""Whoever received somebody's data in the last three years is told of the erasure, and by that learns no name."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from mailing.models import Letter
from records import disclosures, post
from records.models import Recipient
from records.registry import Ground
from records.subject_requests import erasing
from tests import make
from tests.records import disclosing, life

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site() -> None:
    make.site()
    disclosing.listed(Ground.PURPOSE, at=make.NOW - timedelta(days=5 * 365))
    make.inquiry(make.ANA)


def handed(to: Recipient, now: datetime = make.NOW, email: str = make.ANA) -> None:
    row = disclosures.disclose(
        recipient=to,
        ground=Ground.PURPOSE,
        sets={"home.Inquiry": ["email"]},
        people=[email],
        means="file download",
        content=b"a file",
        asked_by=None,
        now=now,
    )
    row.file.close()


def erased() -> list[dict[str, Any]]:
    return list(erasing.carry_out(make.ANA, now=make.NOW)["recipients"])


def carrier() -> Recipient:
    return Recipient.objects.create(name="Swift Carriers", country="DE", email="data@swift.example")


def test_a_recipient_with_an_address_gets_a_letter_that_names_the_disclosure_alone() -> None:
    handed(carrier())
    handed(carrier_again := Recipient.objects.get(name="Swift Carriers"), make.NOW - timedelta(days=40))
    [told] = erased()
    assert (told["name"], told["told"]) == ("Swift Carriers", True)
    assert [each["number"] for each in told["disclosures"]] == [1, 2]
    [letter] = [each for each in Letter.objects.all() if each.email == carrier_again.email]
    assert "Disclosure 1 of 2026-03-01" in letter.text
    assert "Disclosure 2 of 2026-01-20" in letter.text
    assert life.traces([make.ANA, "Ben"], letter.text.lower().encode()) == []


def test_one_without_an_address_is_listed_for_the_privacy_officer() -> None:
    handed(make.recipient())
    [told] = erased()
    assert (told["name"], told["country"], told["email"], told["told"]) == ("Tally Works", "NL", "", False)
    assert not Letter.objects.exists()


@pytest.mark.parametrize(("days", "listed"), [(3 * 365 - 1, 1), (3 * 365, 0)])
def test_three_years_back_and_no_further(days: int, listed: int) -> None:
    handed(carrier(), make.NOW - timedelta(days=days))
    assert len(erased()) == listed


def test_who_received_somebody_else_is_not_told() -> None:
    handed(carrier(), email=make.BEN)
    assert erased() == []


def test_where_nothing_carries_mail_the_erasure_stands_and_the_list_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "_carriers", [])
    handed(carrier())
    assert [told["told"] for told in erased()] == [False]
