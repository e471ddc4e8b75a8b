"""After an erasure nothing of the person is left in the database, and everything of everybody else."""

import json
from datetime import timedelta
from typing import Any

import pytest
import redis
from django.conf import settings as configured

from consent.models import Decision
from consent.proof import checked, seal
from home.models import Inquiry
from mailing import suppression
from mailing.models import AudienceImport, Delivery, Letter, Subscriber, Subscription
from records.models import Erasure, SubjectKey, SubjectRequest
from records.subject_requests import erasing, plan
from tests import make
from tests.records import life

pytestmark = pytest.mark.django_db


def erase(email: str = make.ANA, **how: Any) -> dict[str, Any]:
    return erasing.carry_out(email, **{"now": make.NOW} | how)


def sets(receipt: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["holding"]: each for each in receipt["sets"]}


def test_a_search_of_the_whole_database_finds_nothing_of_her() -> None:
    life.lived(make.ANA, make.BEN)
    life.imported(make.ANA, make.BEN)
    erase()
    text = life.dump()
    assert life.traces(life.marks(make.ANA), text) == []
    assert life.traces(life.marks(make.BEN), text) == life.marks(make.BEN)


def test_nothing_of_her_stands_in_valkey_either() -> None:
    """Caches hold counts and pages for everybody, and the broker numbers of rows."""
    life.lived(make.ANA)
    erase()
    valkey = redis.Redis.from_url(configured.REDIS_URL)
    stored = b"\n".join(bytes(key) + b" " + (valkey.dump(key) or b"") for key in valkey.scan_iter()).lower()
    valkey.close()
    assert life.traces(life.marks(make.ANA), stored) == []


def test_every_row_of_everybody_else_is_as_it_was() -> None:
    life.lived(make.ANA, make.BEN)
    before = plan.of(make.BEN, now=make.NOW)
    erase()
    after = plan.of(make.BEN, now=make.NOW)
    assert after.sha256 == before.sha256
    assert len(before.changing) > 5


def test_the_receipt_counts_rows_and_columns_and_names_nobody() -> None:
    life.lived(make.ANA)
    receipt = erase()
    said = sets(receipt)
    assert said["home.Inquiry"] == {
        "holding": "home.Inquiry",
        "act": "delete",
        "rows": 1,
        "columns": {"name": 1, "email": 1, "phone": 1, "message": 1},
        "kept": 0,
        "why": "",
    }
    assert said["mailing.Delivery"]["rows"] == 2
    assert said["mailing.Subscription"]["rows"] == said["mailing.Subscriber"]["rows"] == 1
    assert receipt["key"] == {"gone": True, "why": ""}
    assert life.traces(life.marks(make.ANA), json.dumps(receipt).lower().encode()) == []
    assert "left" not in receipt


def test_what_is_kept_is_kept_for_a_reason() -> None:
    life.lived(make.ANA)
    said = sets(erase())
    for label in ("consent.Decision", "records.DisclosedSubject", "records.SubjectRequest"):
        assert said[label]["kept"] >= 1
        assert said[label]["why"]
    row = SubjectRequest.objects.get()
    assert (row.email, row.words) == ("", "")
    assert row.subject, "its keyed hash says that somebody asked"


def test_the_consents_end_and_the_ledger_still_verifies() -> None:
    life.lived(make.ANA)
    erase()
    assert [each.action for each in Decision.objects.order_by("seq")] == ["give", "withdraw"]
    seal.seal(now=make.NOW)
    assert checked.check(against="", now=make.NOW).is_sound


def test_a_hash_stays_so_that_no_import_brings_her_back() -> None:
    life.lived(make.ANA)
    erase()
    assert [(row.scope, row.reason) for row in suppression.of(make.ANA)] == [("lists", "erasure")]


def test_the_key_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    life.lived(make.ANA)
    monkeypatch.setattr(erasing, "carry", lambda *_args, **_how: None)
    erase()
    assert not SubjectKey.objects.filter(subject=plan.people.subject_of(make.ANA)).exists()
    assert Inquiry.objects.get().message == "(erased)"
    assert Letter.objects.filter(about__startswith="home.").get().text == "(erased)"


def test_what_is_due_to_be_deleted_goes_as_well() -> None:
    make.inquiry(make.ANA, make.NOW - timedelta(days=366))
    assert sets(erase())["home.Inquiry"]["rows"] == 1
    assert not Inquiry.objects.exists()


def test_her_lines_leave_a_file_that_waits_and_the_others_keep_their_numbers() -> None:
    make.subscriber(make.ANA, make.mailing_list())
    job = life.imported(make.ANA, make.BEN)
    erase()
    content = bytes(AudienceImport.objects.get(pk=job.pk).content).decode("utf-8-sig")
    assert content.split("\r\n")[1:] == ["", "ben@mail.example,fair,2026-01-02,Ben Wharf"]


def test_an_unknown_address_leaves_no_trace() -> None:
    receipt = erase(make.CLEO)
    assert receipt["sets"] == []
    assert not Erasure.objects.exists()
    assert not SubjectKey.objects.exists()
    assert suppression.of(make.CLEO) == []


def test_twice_erases_once() -> None:
    life.lived(make.ANA)
    erase()
    erase()
    assert Erasure.objects.count() == 1


def test_who_comes_back_is_a_new_person() -> None:
    make.inquiry(make.ANA)
    erase()
    make.inquiry(make.ANA, make.NOW + timedelta(days=1))
    assert Inquiry.objects.get().message == "Hello"
    assert SubjectKey.objects.count() == 1
    erase(now=make.NOW + timedelta(days=2))
    assert not Inquiry.objects.exists()
    assert Erasure.objects.count() == 2


def test_a_mail_that_waits_to_be_sent_is_never_sent() -> None:
    news = make.mailing_list()
    make.purpose()
    make.subscriber(make.ANA, news)
    make.queued(make.campaign(news))
    assert Delivery.objects.filter(state="pending").count() == 1
    erase()
    assert not Delivery.objects.exists()
    assert not Subscription.objects.exists()
    assert not Subscriber.objects.exists()


def test_an_account_of_the_cms_stays_with_its_reason() -> None:
    make.vera()
    said = sets(erase("vera@mail.example"))
    assert said["auth.User"]["kept"] == 1
    assert "an administrator deletes that" in said["auth.User"]["why"]
