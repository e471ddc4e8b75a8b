"""The privacy officer sees how the proof stands, starts the sealer or the check, and is told what is wrong."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cookie_consent.models import CookieGroup
from django.test import Client, override_settings
from django.urls import reverse

from cms.celery import app
from consent import tasks
from consent.catalogue import Published
from consent.models import Anchor, LedgerEntry, Seal, Verification
from consent.proof import redact
from consent.proof.status import ledger_status
from tests import desk, make
from tests.consent.numbers import listed

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def officer(published: Published) -> Client:
    return desk.signed_in("view_decision")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What a worker was asked for."""
    asked: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(tasks.seal, "delay", lambda **how: asked.append(("seal", how)))
    monkeypatch.setattr(tasks.verify, "delay", lambda **how: asked.append(("verify", how)))
    return asked


def sealed(number: int, *, first: int, last: int, up_to: int, **fields: Any) -> Seal:
    values = {"root": b"", "previous": b"", "signature": b"", "sealed_at": make.NOW, "key_id": "2026"}
    return Seal.objects.create(number=number, first=first, last=last, up_to=up_to, **values | fields)


def checked(**fields: Any) -> Verification:
    values = {"ran_at": make.NOW, "seconds": 1.0, "entries": 2, "seals": 1, "redacted": 0, "unsealed": 0, "faults": 0}
    return Verification.objects.create(**values | fields)


def screen(cms: Client) -> dict[str, str]:
    page = cms.get(reverse("consent_ledger:index")).content.decode()
    return {row[0]: row[1] for row in listed(page)}


def home(cms: Client) -> str:
    return cms.get("/cms/").content.decode()


def test_an_empty_ledger_is_in_order(officer: Client) -> None:
    status = ledger_status(make.NOW)
    assert (status.entries, status.waiting, status.lag) == (0, 0, None)
    assert (status.late, status.altered, status.unchecked) == (False, False, False)
    assert screen(officer)["Last seal"] == "Nothing is sealed yet."
    assert "To do:" not in home(officer)


def test_what_waits_is_counted_and_its_age_is_the_lag(officer: Client, published: Published) -> None:
    first = make.decision(published, now=make.NOW - 3 * HOUR)
    second = make.decision(published, now=make.NOW - 2 * HOUR)
    make.decision(published, now=make.NOW - HOUR)
    sealed(1, first=1, last=1, up_to=first.seq)
    redact.redact([second.pk], why=redact.Why.ERASURE, now=make.NOW)
    status = ledger_status(make.NOW)
    assert (status.entries, status.waiting, status.lag, status.redacted) == (1, 2, HOUR, 1)
    assert not status.late
    assert screen(officer)["Not sealed yet"] == "2; the oldest has waited for 3600 seconds"
    assert ledger_status(make.NOW + timedelta(seconds=1)).late


def test_the_screen_says_how_far_each_place_is(officer: Client) -> None:
    one, two = sealed(1, first=1, last=4, up_to=9), sealed(2, first=5, last=6, up_to=11)
    Anchor.objects.create(seal=one, place="mail", anchored_at=make.NOW)
    for seal in (one, two):
        Anchor.objects.create(seal=seal, place="file", anchored_at=make.NOW)
    rows = screen(officer)
    assert rows["Last seal"] == "Number 2, made on 1 March 2026, 12:00 UTC"
    assert rows["Entries sealed"] == "6"
    assert rows["Written down outside the database"] == (
        "file: up to seal 2, on 1 March 2026, 12:00 UTC mail: up to seal 1, on 1 March 2026, 12:00 UTC (1 seal behind)"
    )


def test_the_last_check_is_told_with_what_it_found(officer: Client) -> None:
    checked(ran_at=make.NOW - DAY, faults=2, first_fault="Decision 7: its choices were changed.")
    checked()
    assert screen(officer)["Last check"] == "1 March 2026, 12:00 UTC: no fault 2 entries checked"


@override_settings(CONSENT_PROOF_KEYS={"2027": "ab" * 32})
def test_keys_are_named_and_never_shown(officer: Client) -> None:
    sealed(1, first=1, last=1, up_to=1, key_id="2025")
    page = officer.get(reverse("consent_ledger:index")).content.decode()
    assert "The last seal was made with the key 2025, which is not configured any more" in page
    assert "<code>2027</code> (makes what is new)" in page
    assert "abab" not in page


def test_numbers_for_a_monitor(officer: Client, published: Published) -> None:
    make.decision(published, now=make.NOW - HOUR)
    assert officer.get(reverse("consent_ledger:index"), {"export": "json"}).json() == {
        "entries": 0,
        "seals": 0,
        "unsealed": 1,
        "lag_seconds": 3600.0,
        "redacted": 0,
        "faults": None,
        "unchecked_seconds": None,
    }


@pytest.mark.parametrize(("act", "task"), [("seal", ("seal", {})), ("verify", ("verify", {"anyway": True}))])
def test_a_button_asks_a_worker(
    officer: Client, sent: list[tuple[str, dict[str, Any]]], act: str, task: tuple[str, dict[str, Any]]
) -> None:
    answer = officer.post(reverse("consent_ledger:index"), {"act": act})
    assert sent == [task]
    assert "A worker is" in desk.told(answer)


def test_a_check_that_somebody_asks_for_is_not_put_off(published: Published) -> None:
    make.decision(published, "analytics")
    assert tasks.verify() == 0
    assert tasks.verify() is None
    assert tasks.verify(anyway=True) == 0
    assert Verification.objects.count() == 2
    assert not LedgerEntry.objects.exists()


def test_a_broker_that_is_away_is_told(officer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.amqp, "_producer_pool", None)
    monkeypatch.setitem(app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    answer = officer.post(reverse("consent_ledger:index"), {"act": "seal"})
    assert "the broker is away" in desk.told(answer)


def test_the_first_page_says_that_decisions_wait(officer: Client, published: Published) -> None:
    make.decision(published, now=make.NOW - 3 * HOUR)
    assert "Decisions have waited for their seal for 3\xa0hours." in home(officer)


def test_the_first_page_says_that_the_ledger_was_altered(officer: Client) -> None:
    checked(faults=1, first_fault="Decision 7: its choices were changed.")
    assert "Decision 7: its choices were changed." in home(officer)


def test_the_first_page_says_that_nobody_checks(officer: Client, clock: time_machine.Traveller) -> None:
    sealed(1, first=1, last=1, up_to=1)
    assert "has not been checked" not in home(officer)
    clock.shift(2 * DAY + HOUR)
    assert "has not been checked for two days" in home(officer)


def test_the_first_page_says_what_is_not_published(published: Published) -> None:
    publisher = desk.signed_in("view_snapshot")
    assert "are not published yet" not in home(publisher)
    CookieGroup.objects.filter(varname="analytics").update(name="Counting")
    assert "are not published yet" in home(publisher)
    assert reverse("consent_published:index") in home(publisher)


def test_who_may_not_read_decisions_sees_none_of_it(published: Published) -> None:
    make.decision(published, now=make.NOW - 3 * HOUR)
    stranger = desk.signed_in("add_mailinglist")
    assert "waited for their seal" not in home(stranger)
    assert reverse("consent_ledger:index") not in home(stranger)
    assert stranger.get(reverse("consent_ledger:index")).status_code == 302
    assert "do not have permission" in desk.told(stranger.post(reverse("consent_ledger:index"), {"act": "seal"}))
