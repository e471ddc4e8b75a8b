"""Is every settled row under one seal, in order, however many write and seal at the same moment?"""

import hashlib
import threading
import time
import uuid
from typing import Any

import pytest
from django.db import Error, connection, transaction

from consent.catalogue import Published
from consent.models import LedgerEntry, Redaction, Seal
from consent.proof import headers, inclusion, keys, redact, seal, settled, verify
from consent.tasks import seal as task
from tests import make
from tests.committed import together

STRANGER = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")  # of RFC 8032, 7.1


def test_rows_are_sealed_in_the_order_they_came(published: Published) -> None:
    made = [make.decision(published) for _ in range(5)]
    assert seal.seal(now=make.NOW, most=2) == 5
    redact.redact([made[0].pk], why=Redaction.Why.ERASURE, now=make.NOW)
    make.decision(published)
    assert task() == 2
    entries = LedgerEntry.objects.order_by("position").values_list("position", "seal", "kind", "decision")
    assert [row[:2] for row in entries] == [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3), (6, 4), (7, 4)]
    assert [row[2] for row in entries] == ["decision"] * 5 + ["redaction", "decision"]
    assert [row[3] for row in entries][:6] == [row.pk for row in made] + [made[0].pk]
    assert [(row.first, row.last) for row in Seal.objects.order_by("number")] == [(1, 2), (3, 4), (5, 5), (6, 7)]


def test_where_nothing_is_new_there_is_no_seal(published: Published) -> None:
    assert seal.seal(now=make.NOW) == 0
    make.decision(published)
    seal.seal(now=make.NOW)
    assert seal.seal(now=make.NOW) == 0
    assert Seal.objects.count() == 1


def test_each_seal_names_the_one_before_by_the_hash_of_its_line(published: Published) -> None:
    for _ in range(2):
        make.decision(published)
        seal.seal(now=make.NOW)
    first, second = (headers.of(row) for row in Seal.objects.order_by("number"))
    assert first["previous"] == "00" * 32
    assert second["previous"] == hashlib.sha256(headers.line(first)).hexdigest() == headers.digest(first)


def test_anybody_with_the_public_key_can_check_a_seal(published: Published) -> None:
    make.decision(published)
    seal.seal(now=make.NOW)
    header = headers.of(Seal.objects.get())
    public = keys.public(header["key_id"])
    assert headers.is_signed_by(header, public)
    assert not headers.is_signed_by(header | {"last": 2}, public)
    assert not headers.is_signed_by(
        header, bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    )


def test_a_decision_shows_its_place_once_it_is_sealed(published: Published) -> None:
    made = [make.decision(published).pk for _ in range(7)]
    assert inclusion.of(made[4]) is None
    seal.seal(now=make.NOW)
    redact.redact([made[4]], why=Redaction.Why.ERASURE, now=make.NOW)
    for place, pk in enumerate(made):
        shown = inclusion.of(pk)
        assert shown
        assert (shown.index, shown.size, shown.seal["number"]) == (place, 7, 1)
        assert inclusion.check(shown.entry, shown.index, shown.size, shown.path, shown.root)
        assert shown.root.hex() == shown.seal["root"]
        assert headers.is_signed_by(shown.seal, shown.public_key or b"")
        assert not inclusion.check(shown.entry, (place + 1) % 7, shown.size, shown.path, shown.root)
    assert inclusion.of(uuid.uuid4()) is None


@pytest.fixture
def elsewhere(committed: None) -> Published:
    make.site()
    return make.catalogue_of_one()


def test_an_earlier_number_that_is_committed_later_is_waited_for(elsewhere: Published) -> None:
    drawn, sealed = threading.Event(), []

    def slow() -> None:
        with transaction.atomic():
            make.decision(elsewhere)
            drawn.set()
            time.sleep(0.4)

    def quick() -> None:
        drawn.wait(10)
        make.decision(elsewhere)
        sealed.append(seal.seal(now=make.NOW))

    together(slow, quick)
    assert sealed == [2]
    assert (verify.verify().first, Seal.objects.count()) == ([], 1)


def test_who_writes_for_too_long_puts_sealing_off_and_loses_nothing(
    elsewhere: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settled, "PATIENCE", 0.05)
    drawn, go_on, sealed = threading.Event(), threading.Event(), []

    def slow() -> None:
        with transaction.atomic():
            make.decision(elsewhere)
            drawn.set()
            go_on.wait(10)

    def quick() -> None:
        drawn.wait(10)
        make.decision(elsewhere)
        sealed.append(seal.seal(now=make.NOW))
        go_on.set()

    together(slow, quick)
    assert sealed == [0]
    assert seal.seal(now=make.NOW) == 2


def test_a_number_that_is_never_used_keeps_nobody_waiting(elsewhere: Published) -> None:
    with transaction.atomic():
        make.decision(elsewhere)
        transaction.set_rollback(True)
    make.decision(elsewhere)
    assert seal.seal(now=make.NOW) == 1
    assert verify.verify().first == []


def test_of_two_sealers_one_does_the_work(elsewhere: Published) -> None:
    for _ in range(40):
        make.decision(elsewhere)
    assert sum(together(*[lambda: seal.seal(now=make.NOW, most=3)] * 4)) == 40
    assert verify.verify().first == []


def test_another_sealer_at_work_is_left_to_it(elsewhere: Published) -> None:
    make.decision(elsewhere)

    def hold() -> int:
        with transaction.atomic():
            assert seal._alone()
            return together(lambda: seal.seal(now=make.NOW))[0]

    assert hold() == 0
    assert seal.seal(now=make.NOW) == 1


def test_a_sealer_that_is_killed_leaves_whole_seals_behind(
    elsewhere: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(9):
        make.decision(elsewhere)
    write, written = seal._write, []

    def dies_at_the_third(*args: Any, **values: Any) -> None:
        written.append(1)
        if len(written) == 3:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        write(*args, **values)

    monkeypatch.setattr(seal, "_write", dies_at_the_third)
    with pytest.raises(Error):
        seal.seal(now=make.NOW, most=2)
    connection.close()
    assert (Seal.objects.count(), LedgerEntry.objects.count()) == (2, 4)
    assert seal.seal(now=make.NOW, most=2) == 5
    assert (verify.verify().first, Seal.objects.count()) == ([], 5)
