"""How are instants said to editors and to visitors?"""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from policies import wording

AT = datetime(2026, 2, 28, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late", "seconds", "words"),
    [
        (0, True, "1 March 2026, 00:00 Europe/Berlin"),
        (7, True, "1 March 2026, 00:00:07 Europe/Berlin"),
        (0, False, "1 March 2026, 00:00 CET"),
        (7, False, "1 March 2026, 00:00 CET"),
    ],
)
@override_settings(TIME_ZONE="Europe/Berlin")
def test_seconds_and_the_name_of_the_zone_are_for_editors(late: int, seconds: bool, words: str) -> None:
    assert wording.instant(AT + timedelta(seconds=late), seconds=seconds) == words


@override_settings(TIME_ZONE="UTC")
def test_it_is_said_in_the_zone_of_whoever_looks() -> None:
    with timezone.override("America/New_York"):
        assert wording.instant(AT) == "28 February 2026, 18:00 America/New_York"


def test_a_thing_that_drifted_twice_is_named_once() -> None:
    named = wording.things(["data:dpv:Visitor", "data:dpv:Subscriber", "phone", "something else"])
    assert named == "data we hold, telephone, something else"
