"""A cache that is away is an empty cache."""

import os
from typing import Any

import pytest

from cms import cache as forgiving
from cms.cache import ForgivingCache
from cms.demo.processes import free_port


@pytest.fixture
def away() -> ForgivingCache:
    return ForgivingCache(f"redis://127.0.0.1:{free_port(0)}/0", {})


@pytest.fixture
def here() -> ForgivingCache:
    return ForgivingCache(os.environ["REDIS_URL"], {})


@pytest.mark.parametrize(
    ("method", "arguments", "empty"),
    [
        ("get", ("key", "default"), "default"),
        ("get_many", (["key"],), {}),
        ("add", ("key", 1), False),
        ("has_key", ("key",), False),
        ("touch", ("key",), False),
        ("delete", ("key",), False),
        ("set", ("key", 1), None),
        ("set_many", ({"key": 1},), []),
        ("delete_many", (["key"],), None),
        ("clear", (), False),
    ],
)
def test_it_answers_as_if_empty(away: ForgivingCache, method: str, arguments: tuple[Any, ...], empty: object) -> None:
    assert getattr(away, method)(*arguments) == empty


def test_it_counts_nothing(away: ForgivingCache) -> None:
    with pytest.raises(ValueError, match="'key' not found"):
        away.incr("key")


def test_it_keeps_what_it_is_given_while_the_server_is_here(here: ForgivingCache) -> None:
    here.set("key", 1)
    assert here.incr("key") == 2
    assert here.get_many(["key", "other"]) == {"key": 2}


def test_a_server_that_did_not_answer_is_left_alone_for_a_while(
    away: ForgivingCache, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        away.get("key")
    assert caplog.messages == ["the cache does not answer (ConnectionError): going on without it"]


def test_a_server_that_did_not_answer_is_asked_again(
    away: ForgivingCache, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgiving, "PAUSE", 0)
    for _ in range(3):
        away.get("key")
    assert len(caplog.messages) == 3


def test_one_server_away_says_nothing_of_another(away: ForgivingCache, here: ForgivingCache) -> None:
    here.set("key", 1)
    away.get("key")
    assert here.get("key") == 1
