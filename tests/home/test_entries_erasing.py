"""Whoever asks what is stored about them finds what they published, in a copy too; erased, it is gone from the page."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from consent.models import Decision
from home import entries
from home.models import FormPage, PublicEntry
from mailing.models import Delivery
from records import holds
from records.subject_requests import erasing
from tests import make
from tests.records import asking, copied

WORDS = "The kingfisher was on time."
State = PublicEntry.State


@pytest.fixture
def form(db: None, clock: Any) -> FormPage:
    return make.reviews()


@pytest.fixture
def entry(form: FormPage) -> PublicEntry:
    make.entry(form, "Somebody else's.", email=make.BEN)
    return make.entry(form, WORDS, email=make.ANA)


def page(client: Client) -> str:
    return str(client.get("/said/").content.decode())


def test_a_copy_holds_the_entry_and_what_it_rests_on(entry: PublicEntry) -> None:
    copy = copied.of(make.ANA)
    [row] = copy.rows("home.PublicEntry")
    assert WORDS in json.dumps(row["content"])
    assert (row["email"], row["state"], row["consent"]) == (make.ANA, "shown", str(entry.decision_id))
    [decision] = copy.rows("consent.Decision")
    assert decision["statement"] == "Everybody may read this on the site."
    assert b"Somebody else's." not in copy.text


def test_the_list_of_my_data_names_it_and_the_erasure_takes_it_down(client: Client, entry: PublicEntry) -> None:
    assert WORDS in page(client)
    path, sha256 = asking.plan(client)
    shown = client.get(path).content.decode()
    assert "What visitors publish on the site: 1 entry" in shown
    client.post(path, {"plan": sha256}, **make.HERE)
    assert asking.erase() == [False]  # the mail with the receipt has not left
    Delivery.objects.filter(letter__about__startswith="records.").update(state=Delivery.State.SENT)
    assert asking.erase() == [True]
    assert WORDS not in page(client)
    assert "Somebody else&#x27;s." in page(client)
    assert not PublicEntry.objects.filter(email_index=entry.email_index).exists()
    assert Decision.objects.get(action="withdraw").consent_id == entry.decision.consent_id


def test_an_erasure_by_address_takes_it_down(client: Client, entry: PublicEntry) -> None:
    erasing.carry_out(make.ANA, now=timezone.now())
    assert PublicEntry.objects.count() == 1
    assert WORDS not in page(client)


@pytest.mark.parametrize(
    "held", [{"holding": "home.PublicEntry"}, {"email": make.ANA}, {}], ids=["the entries", "the person", "everything"]
)
def test_a_hold_keeps_the_row_and_not_its_publication(client: Client, entry: PublicEntry, held: dict[str, Any]) -> None:
    holds.place(reason="Case 12", by=make.vera(), now=make.NOW, **held)
    erasing.carry_out(make.ANA, now=timezone.now())
    assert PublicEntry.objects.get(pk=entry.pk).state == State.WITHDRAWN
    assert WORDS not in page(client)
    assert client.get(f"/entries/{entries.token(entry)}/").status_code == 410
    assert Decision.objects.filter(action="withdraw").count() == 1
    erasing.carry_out(make.ANA, now=timezone.now())  # asked again, nothing more ends
    assert Decision.objects.filter(action="withdraw").count() == 1


def test_once_the_hold_is_lifted_the_row_goes(entry: PublicEntry) -> None:
    vera = make.vera()
    hold = holds.place(reason="Case 12", by=vera, now=make.NOW, email=make.ANA)
    erasing.carry_out(make.ANA, now=timezone.now())
    holds.lift(hold, by=vera, now=make.NOW + timedelta(days=1))
    erasing.carry_out(make.ANA, now=make.NOW + timedelta(days=1))
    assert not PublicEntry.objects.filter(pk=entry.pk).exists()
