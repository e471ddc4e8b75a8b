"""Is a body erased for good, does its leaf stay, and is nothing erased that something rests on?"""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from consent.catalogue import Published
from consent.models import Decision, LedgerEntry, Redaction
from consent.proof import redact, seal, verify
from mailing.models import Subscription
from records import retention
from records.models import RetentionRun
from tests import make

YEARS = timedelta(days=3 * 365)
ERASURE = Redaction.Why.ERASURE


def test_the_body_goes_and_the_leaf_stays(published: Published) -> None:
    decision, other = make.decision(published, "analytics"), make.decision(published)
    seal.seal(now=make.NOW)
    assert redact.redact([decision.pk], why=ERASURE, now=make.NOW) == 1
    assert list(Decision.objects.values_list("pk", flat=True)) == [other.pk]
    row = Redaction.objects.get()
    assert (row.decision, bytes(row.decision_leaf), row.why) == (decision.pk, bytes(decision.leaf), "erasure")
    assert bytes(LedgerEntry.objects.get(decision=decision.pk).leaf) == bytes(decision.leaf)
    report = verify.verify()
    assert (report.first, report.redacted, report.unsealed) == ([], 1, 1)


def test_what_was_not_sealed_yet_can_be_erased_too(published: Published) -> None:
    redact.redact([make.decision(published).pk], why=ERASURE, now=make.NOW)
    assert seal.seal(now=make.NOW) == 1
    assert verify.verify().first == []


def test_what_a_subscription_rests_on_is_left(published: Published) -> None:
    make.subscriber(make.ANA, make.mailing_list())
    needed, free = Subscription.objects.get().decision_id, make.decision(published).pk
    assert redact.redact([needed, free], why=ERASURE, now=make.NOW) == 1
    assert list(Decision.objects.values_list("pk", flat=True)) == [needed]


def test_erasing_twice_erases_once(published: Published) -> None:
    pk = make.decision(published).pk
    assert [redact.redact([pk], why=ERASURE, now=make.NOW) for _ in range(2)] == [1, 0]


def test_the_table_holds_on_to_its_rows_otherwise(published: Published) -> None:
    made = [make.decision(published).pk for _ in range(2)]
    redact.redact(made[:1], why=ERASURE, now=make.NOW)
    with pytest.raises(DatabaseError, match="append-only: DELETE"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM consent_decision")  # in the transaction that has just erased another


def test_choices_go_when_their_period_is_over_and_leave_their_leaves(published: Published) -> None:
    old = make.decision(published, expires_at=make.NOW - YEARS)
    young = make.decision(published, expires_at=make.NOW - YEARS + timedelta(microseconds=1))
    lasting = make.decision(published, expires_at=None)
    seal.seal(now=make.NOW)
    retention.expire(now=make.NOW)
    assert set(Decision.objects.values_list("pk", flat=True)) == {young.pk, lasting.pk}
    assert Redaction.objects.get().decision == old.pk
    assert Redaction.objects.get().why == "retention"
    assert RetentionRun.objects.get(holding="consent.Decision").expired == 1
    assert verify.verify().first == []


def test_what_is_still_needed_keeps_nothing_else_from_going(
    published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    due = [make.decision(published, expires_at=make.NOW - YEARS - timedelta(days=day)) for day in range(9, 0, -1)]
    monkeypatch.setattr(redact, "_needed", lambda ids: {row.pk for row in due[:5]})
    retention.expire(now=make.NOW)
    assert set(Decision.objects.values_list("pk", flat=True)) == {row.pk for row in due[:5]}
    assert RetentionRun.objects.get(holding="consent.Decision").expired == 4
