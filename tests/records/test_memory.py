"""What a process remembers it asks again after some seconds, and it remembers no more than it needs."""

import pytest

from records import memory
from records.memory import Fresh


class Source:
    """Answers with how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.known: list[int | None] = []

    def __call__(self, known: int | None) -> int:
        self.asked += 1
        self.known.append(known)
        return self.asked


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(memory, "time", clock)
    return clock


def test_it_asks_once_and_again_when_the_answer_is_old(seconds: Clock) -> None:
    fresh: Fresh[str, int] = Fresh()
    source = Source()
    assert [fresh.get("a", source) for _ in range(3)] == [1, 1, 1]
    seconds.now += memory.FRESH_FOR
    assert fresh.get("a", source) == 1
    seconds.now += 0.001
    assert fresh.get("a", source) == 2
    assert source.known == [None, 1]


def test_each_key_has_an_answer_of_its_own(seconds: Clock) -> None:
    fresh: Fresh[str, int] = Fresh()
    source = Source()
    assert (fresh.get("a", source), fresh.get("b", source), fresh.get("a", source)) == (1, 2, 1)


def test_a_question_that_fails_leaves_the_earlier_answer_to_be_asked_again(seconds: Clock) -> None:
    fresh: Fresh[str, int] = Fresh()
    source = Source()
    fresh.get("a", source)
    seconds.now += memory.FRESH_FOR + 1

    def away(known: int | None) -> int:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        fresh.get("a", away)
    assert fresh.get("a", source) == 2


def test_forgetting_asks_anew(seconds: Clock) -> None:
    fresh: Fresh[str, int] = Fresh()
    source = Source()
    fresh.get("a", source)
    fresh.forget()
    assert fresh.get("a", source) == 2
    assert source.known == [None, None]


def test_keys_that_somebody_makes_up_do_not_fill_the_memory(seconds: Clock) -> None:
    fresh: Fresh[str, int] = Fresh()
    source = Source()
    for number in range(10 * memory._MOST):
        fresh.get(f"host-{number}", source)
    assert len(fresh._known) <= memory._MOST


def test_what_holds_no_more_is_asked_again_though_it_is_fresh(seconds: Clock) -> None:
    fresh: Fresh[str, int] = Fresh()
    source, held = Source(), []

    def still(answer: int) -> bool:
        held.append(answer)
        return answer > 1

    assert [fresh.get("a", source, still=still) for _ in range(4)] == [1, 2, 2, 2]
    assert held == [1, 2, 2]  # of nothing, and of what was just read, nobody asks
    seconds.now += memory.FRESH_FOR + 1
    assert fresh.get("a", source, still=still) == 3
    assert held == [1, 2, 2]
