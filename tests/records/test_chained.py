"""One record, one hash; and whoever writes next waits for its turn."""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest

from records import chained, retention
from records.models import RetentionRun
from records.registry import kept
from tests import make
from tests.committed import together

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_link_is_a_known_number() -> None:
    """Another program checks the chain with a JSON of sorted keys without spaces, and SHA-256."""
    written = f'{{"a":1,"at":"2026-03-01T12:00:00.000000+00:00","previous":"{chained.GENESIS}"}}'
    assert chained.link(chained.GENESIS, {"at": AT, "a": 1}) == hashlib.sha256(written.encode()).hexdigest()


@pytest.mark.parametrize(
    "other",
    [{"at": AT + timedelta(microseconds=1)}, {"at": None}, {"at": AT, "more": None}, {}, {"AT": AT}],
)
def test_whatever_differs_gives_another(other: dict[str, object]) -> None:
    assert chained.link(chained.GENESIS, other) != chained.link(chained.GENESIS, {"at": AT})


def test_one_instant_in_two_zones_is_one() -> None:
    there = AT.astimezone(timezone(timedelta(hours=5)))
    assert chained.link("", {"at": there}) == chained.link("", {"at": AT})


def test_it_takes_numbers_of_a_row_and_bytes() -> None:
    key = uuid.uuid4()
    assert chained.link("", {"key": key, "bytes": b"\x01"}) == chained.link("", {"key": str(key), "bytes": "01"})
    assert chained.link("", {"in": [{"key": key}]}) == chained.link("", {"in": ({"key": str(key)},)})


def test_the_hash_before_counts() -> None:
    assert chained.link("a", {}) != chained.link("b", {})


def test_a_record_does_not_say_what_was_before() -> None:
    with pytest.raises(ValueError, match="previous"):
        chained.link("", {"previous": "x"})


def test_runs_at_one_moment_make_one_chain(committed: None) -> None:
    together(*[lambda: len(retention.expire(now=make.NOW))] * 3)
    assert RetentionRun.objects.count() == 3 * len(kept())
    assert retention.verify() is None


@pytest.mark.django_db
def test_a_record_is_there_or_not() -> None:
    retention.expire(now=make.NOW)
    assert retention.verify() is None
