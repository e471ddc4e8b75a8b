"""From what is told of a day nobody can reckon a group of one to four people, be it from one number or from two."""

from collections import defaultdict
from datetime import timedelta
from itertools import chain, combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from home import statistics
from home.models import Tally
from home.statistics.beside import told as in_fives
from records.models import Action
from tests.home.visits import DAY, LATER, NOON, crowd, months, saw, told, write
from tests.records.acting import log as log

pytestmark = pytest.mark.usefixtures("log")
ONCE = ("entry", "source", "campaign", "device", "browser", "system", "language")
VIEW = st.tuples(
    st.one_of(st.none(), st.integers(0, 17)), st.sampled_from(["/", "/a/", "/b/", "/c/"]), st.sampled_from("pqrs")
)
Seen = list[tuple[int | None, str, str]]


@pytest.fixture(autouse=True)
def _months(db: None) -> None:
    months(DAY)


def summed(views: Seen, *, final: bool = True) -> None:
    Action.objects.all()._raw_delete("default")
    Tally.objects.all()._raw_delete("default")
    each = enumerate(views)
    write(
        saw(who, path, NOON + timedelta(seconds=at), language=word, device=word * 2, source=f"https://{word}.example/")
        for at, (who, path, word) in each
    )
    statistics.tally(now=LATER if final else NOON + timedelta(hours=1))


def sets(numbers: list[int]) -> list[int]:
    """The sums of every choice of some of them."""
    choices = chain.from_iterable(combinations(numbers, many) for many in range(len(numbers) + 1))
    return [sum(each) for each in choices]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(VIEW, max_size=60))
def test_no_difference_of_sums_is_a_small_group(views: Seen) -> None:
    summed(views)
    whole = told("all").get("", (0, 0))[0]
    for of in ONCE:
        numbers = [visitors or 0 for visitors, _views in told(of).values()]
        assert all(number >= 5 for number in numbers), of
        assert whole is None or not numbers or sum(numbers) == whole, of
        assert not {*sets(numbers)} & {1, 2, 3, 4}, of
        assert not {(whole or 0) - each for each in sets(numbers)} & {1, 2, 3, 4} or not numbers, of


def seen_by(views: Seen) -> dict[str, set[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for who, path, _word in views:
        if who is not None:
            found[path].add(who)
    return found


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(VIEW, max_size=60))
def test_pages_of_few_readers_are_not_named_and_those_of_many_are_right(views: Seen) -> None:
    summed(views)
    readers, pages = seen_by(views), told("page")
    hidden = [path for path in {path for _who, path, _word in views} if path not in pages]
    assert all(len(readers[path]) >= 5 for path in pages if path != "*")
    assert all(abs(len(readers[path]) - (pages[path][0] or 0)) <= 2 for path in pages if path != "*")
    together = set().union(*(readers[path] for path in hidden))
    assert "*" not in pages or len(together) >= 5
    # What is not told at all is told by no difference: views are in steps of five, so none is left over for certain.
    assert "*" in pages or not hidden or len(together) < 5


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(VIEW, max_size=60))
def test_page_views_and_days_that_run_are_told_in_steps_of_five(views: Seen) -> None:
    summed(views, final=False)
    assert all(not (row.visitors or 0) % 5 and not (row.views or 0) % 5 for row in Tally.objects.all())
    summed(views)
    assert all(not (row.views or 0) % 5 for row in Tally.objects.all())
    assert all(not (row.visitors or 0) % 5 for row in Tally.objects.filter(of="page"))


def test_an_hour_in_which_one_visitor_came_cannot_be_told() -> None:
    crowd(20)
    statistics.tally(now=NOON)
    before = [told(of) for of in ("all", *ONCE, "page")]
    crowd(1, first=20)
    statistics.tally(now=NOON)
    assert [told(of) for of in ("all", *ONCE, "page")] == before


def test_whoever_alone_came_by_telephone_is_with_the_smallest_named_group() -> None:
    crowd(8)
    crowd(20, first=8, device="tablet")
    crowd(1, first=28, device="phone")
    statistics.tally(now=LATER)
    assert told("device") == {"tablet": (20, 20), "*": (9, 10)}


def test_of_a_day_of_four_visitors_nothing_is_told_but_that_they_were_few() -> None:
    crowd(4)
    statistics.tally(now=LATER)
    assert told("all") == {"": (None, None)}
    assert Tally.objects.count() == 2  # and the day after, on which nobody came yet


def test_views_of_browsers_that_say_gpc_are_never_told_by_themselves() -> None:
    crowd(6)
    crowd(7, first=6, language="de")
    write(saw(None, language="", device="", signal="gpc") for _each in range(3))
    statistics.tally(now=LATER)
    assert told("language") == {"de": (7, 5), "*": (6, 10)}
    assert told("all") == {"": (13, 15)}


def test_a_day_of_such_browsers_alone_tells_nothing() -> None:
    write(saw(None, signal="gpc") for _each in range(30))
    statistics.tally(now=LATER)
    assert told("all") == {"": (None, None)}
    assert not told("page")


@given(st.integers(0, 10_000))
def test_other_counts_are_in_steps_of_five(number: int) -> None:
    found = in_fives(number)
    assert found is None if 0 < number < 5 else found is not None and abs(found - number) <= 2 and not found % 5
