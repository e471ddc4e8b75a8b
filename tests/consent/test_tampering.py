"""Is each of 200 tamperings found, and its row the first that is named?"""

import random
from datetime import timedelta

import pytest
from django.db import transaction

from consent import catalogue
from consent.catalogue import Published
from consent.models import LedgerEntry, Redaction, Seal
from consent.proof import headers, redact, seal, verify
from consent.proof.anchors import Anchored
from policies.models import PolicyPage
from tests import make
from tests.consent import tampering
from tests.consent.tampering import Ledger, sql

SEED, TURNS, UNDER_ONE = 20260301, 200, 8


@pytest.fixture
def ledger(published: Published, policy: PolicyPage) -> Ledger:
    """Forty decisions, about a third erased, under seven seals; behind them three that are not sealed yet."""
    told = make.Told(policy.versions.get())
    made = [
        make.decision(published, *(["analytics"] * (turn % 2)), now=make.NOW + timedelta(seconds=turn), told=told).pk
        for turn in range(40)
    ]
    seal.seal(now=make.NOW, most=UNDER_ONE)
    catalogue.add_group(key="ads", name="Ads", description="")
    later = make.publish()
    redacted = made[2::3]
    erased = dict(sql("SELECT id, d::text FROM consent_decision d WHERE id = ANY(%s)", redacted))
    redact.redact(redacted, why=Redaction.Why.ERASURE, now=make.NOW)
    seal.seal(now=make.NOW, most=UNDER_ONE)
    return Ledger(
        sealed=[pk for pk in made if pk not in redacted],
        unsealed=[make.decision(later).pk for _ in range(3)],
        redacted=redacted,
        erased=erased,
        positions=list(LedgerEntry.objects.order_by("position").values_list("position", flat=True)),
        seals=list(Seal.objects.order_by("number").values_list("number", flat=True)),
    )


def test_two_hundred_tamperings_are_found_and_their_rows_named(ledger: Ledger) -> None:
    anchored = [Anchored(row.number, headers.digest(headers.of(row))) for row in Seal.objects.all()]
    assert verify.verify(anchored=anchored).faults == 0
    dice = random.Random(SEED)
    missed = []
    for turn in range(TURNS):
        act = tampering.ACTS[turn % len(tampering.ACTS)]
        with transaction.atomic():
            sql("SET LOCAL session_replication_role = replica")  # no trigger and no foreign key is in the way
            names = act(ledger, dice)
            report = verify.verify(anchored=anchored)
            transaction.set_rollback(True)
        if report.is_sound or report.first[0].row not in names:
            missed.append((turn, act.__name__, names, report.first))
    assert missed == []
    assert verify.verify(anchored=anchored).faults == 0, "each was undone"
