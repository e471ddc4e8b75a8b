"""A hold that is placed while a run deletes: what it covers is either gone before it stands, or stays."""

from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import transaction

from home.models import Inquiry
from records import holds, retention
from records.models import Hold
from records.retention import expiring
from tests import make
from tests.committed import together

OLD = make.NOW - timedelta(days=800)


def test_a_hold_waits_for_the_batch_under_way_and_the_next_heeds_it(
    committed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiring, "BATCH", 2)
    vera = make.vera()
    for _ in range(6):
        make.inquiry(now=OLD)
    reading, whole = Event(), expiring._delete

    def slow(rule: retention.Rule, batch: Any, *, plain: bool) -> int:
        if rule.key == "home.Inquiry":
            reading.set()
        return whole(rule, batch, plain=plain)

    def place() -> int:
        assert reading.wait(timeout=10)
        holds.place(reason="Case 7", by=vera, now=make.NOW, holding="home.Inquiry")
        return Inquiry.objects.count()

    monkeypatch.setattr(expiring, "_delete", slow)
    at_that_moment, _rows = together(place, lambda: len(retention.expire(now=make.NOW)))
    assert Inquiry.objects.count() == at_that_moment, "not one row has gone since the hold stands"


@pytest.mark.django_db
def test_a_hold_is_not_placed_when_its_transaction_fails() -> None:
    vera = make.vera()
    with transaction.atomic():
        holds.place(reason="Case 7", by=vera, now=make.NOW)
        transaction.set_rollback(True)
    assert not Hold.objects.exists()
