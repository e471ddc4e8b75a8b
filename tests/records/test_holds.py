"""What a legal hold covers stays past its period; once it is lifted or ends, the next run takes it."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db.models import Q

from home.models import Inquiry
from records import cipher, holds, retention
from records.models import Hold, RetentionRun
from records.registry import Subject, declared, holding, holdings
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OLD = make.NOW - 800 * DAY
INQUIRY = "home.Inquiry"


@pytest.fixture
def place(db: None) -> Any:
    vera = make.vera()

    def place(**what: Any) -> Hold:
        return holds.place(**{"reason": "Case 7", "by": vera, "now": make.NOW, "holding": INQUIRY} | what)

    place.by = vera  # type: ignore[attr-defined]
    return place


def left(now: Any = make.NOW) -> int:
    retention.expire(now=now)
    return Inquiry.objects.count()


def run() -> RetentionRun:
    return RetentionRun.objects.filter(holding=INQUIRY).latest("pk")


def test_held_rows_stay_and_are_counted(place: Any) -> None:
    make.inquiry(now=OLD)
    place()
    assert left() == 1
    assert (run().expired, run().held) == (0, 1)


def test_a_hold_over_every_data_set_holds_this_one_too(place: Any) -> None:
    make.inquiry(now=OLD)
    place(holding="")
    assert left() == 1


def test_a_hold_over_another_data_set_holds_nothing_here(place: Any) -> None:
    make.inquiry(now=OLD)
    place(holding="mailing.Letter")
    assert left() == 0
    assert run().held == 0


@pytest.mark.parametrize(
    ("interval", "stay"),
    [
        ({"rows_from": OLD, "rows_to": OLD + DAY}, {2, 3}),
        ({"rows_from": OLD}, {2, 3, 4}),
        ({"rows_to": OLD}, {1, 2}),
        ({}, {1, 2, 3, 4}),
    ],
)
def test_an_interval_has_both_its_ends_in_it(place: Any, interval: dict[str, Any], stay: set[int]) -> None:
    days = {1: OLD - DAY, 2: OLD, 3: OLD + DAY, 4: OLD + 2 * DAY}
    keys = {make.inquiry(now=at).pk: number for number, at in days.items()}
    place(**interval)
    retention.expire(now=make.NOW)
    assert {keys[key] for key in Inquiry.objects.values_list("pk", flat=True)} == stay


def test_of_one_person_only_their_rows_stay(place: Any) -> None:
    make.inquiry(make.ANA, OLD)
    make.inquiry(make.BEN, OLD)
    place(email=" Ana@Mail.example ")
    assert left() == 1
    assert Inquiry.objects.get().email == make.ANA


def test_of_the_person_nothing_but_a_keyed_hash_is_stored(place: Any) -> None:
    hold = place(email=make.ANA)
    assert bytes(Hold.objects.get().subject) == cipher.blind("email", make.ANA)
    assert not [value for value in vars(hold).values() if "ana" in str(value)]


@pytest.mark.parametrize("email", ["", make.BEN])
def test_two_holds_add_up(place: Any, email: str) -> None:
    make.inquiry(make.ANA, OLD)
    make.inquiry(make.BEN, OLD)
    place(email=make.ANA)
    place(email=email)
    assert left() == 2


def test_a_lifted_hold_lets_its_rows_go_at_the_next_run(place: Any) -> None:
    make.inquiry(now=OLD)
    hold = place()
    assert left() == 1
    lifted = holds.lift(hold, by=place.by, now=make.NOW)
    assert (lifted.lifted_at, lifted.lifted_by) == (make.NOW, place.by)
    assert left() == 0
    assert (run().expired, run().held) == (1, 0)


@pytest.mark.parametrize(("late", "stay"), [(timedelta(microseconds=-1), 1), (timedelta(0), 0)])
def test_a_hold_ends_at_its_instant(place: Any, late: timedelta, stay: int) -> None:
    make.inquiry(now=OLD)
    place(until=make.NOW + DAY)
    assert left(make.NOW + DAY + late) == stay


def test_a_hold_that_is_placed_while_a_run_is_under_way_counts(place: Any) -> None:
    """The run's instant is that of its beginning."""
    make.inquiry(now=OLD)
    place(now=make.NOW + timedelta(seconds=5))
    assert left(make.NOW) == 1


def test_what_is_held_is_gone_for_whoever_reads_through_the_site(place: Any) -> None:
    make.inquiry(now=OLD)
    place()
    assert not retention.unexpired(Inquiry.objects.all(), make.NOW).exists()


def test_a_look_ahead_tells_held_rows_from_those_that_will_go(place: Any) -> None:
    make.inquiry(now=OLD)
    make.inquiry(now=OLD - 30 * DAY)
    place(rows_from=OLD)
    [seen] = [found for found in retention.preview(now=make.NOW) if found.holding == INQUIRY]
    assert (seen.rows, seen.held) == (1, 1)


def test_a_row_without_an_instant_is_covered_whatever_the_interval(place: Any) -> None:
    """Of a request that is not answered yet nobody knows when its period begins: an erasure has to leave it."""
    place(holding="records.SubjectRequest", rows_from=OLD, rows_to=OLD)
    covered = str(holds.covering(holding("records.SubjectRequest"), make.NOW))
    assert "('ended_at__isnull', True)" in covered


def test_the_command_says_what_is_held(place: Any) -> None:
    make.inquiry(now=OLD)
    place()
    said = io.StringIO()
    call_command("expire", "--dry-run", stdout=said)
    assert "Inquiries from forms: 0 due, 1 held (kept" in said.getvalue()


def test_who_can_be_found_by_an_address_can_be_held_by_its_hash() -> None:
    """But in files whose lines alone hold addresses, on a list of other hashes, and by the address of an account."""
    unsearchable = {"mailing.AudienceImport", "mailing.Suppression"}
    blind = {entry.label for entry in holdings() if "email" in entry.find_by and "subject" not in entry.find_by}
    staff = {entry.label for entry in holdings() if set(entry.subjects) == {Subject.STAFF}}
    assert blind - staff == unsearchable


def test_nothing_is_covered_where_nothing_is_held() -> None:
    for entry in holdings():
        assert holds.covering(entry, make.NOW) == Q(pk__in=[])


@pytest.mark.parametrize("label", sorted(entry.label for entry in holdings()))
def test_every_data_set_can_be_held_for_a_time_and_for_a_person(place: Any, label: str) -> None:
    place(holding="", email=make.ANA, rows_from=OLD, rows_to=OLD + DAY)
    place(holding=label, rows_from=OLD)
    model = declared()[label].model
    assert model._base_manager.filter(holds.covering(declared()[label], make.NOW)).count() >= 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"holding": "home.Nothing"}, "holding"),
        ({"holding": "sessions.Session", "email": make.ANA}, "holding"),
        ({"rows_from": OLD, "rows_to": OLD - DAY}, "rows_to"),
        ({"until": make.NOW}, "until"),
    ],
)
def test_what_cannot_be_meant_is_refused(place: Any, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        place(**wrong)
    assert set(refused.value.message_dict) == {field}
    assert not Hold.objects.exists()


def test_another_end_may_be_given_and_an_ended_hold_stays_ended(place: Any) -> None:
    hold = place(until=make.NOW + DAY)
    later = holds.extend(hold, until=make.NOW + 9 * DAY, reason="Case 7, appeal", now=make.NOW)
    assert (later.until, later.reason) == (make.NOW + 9 * DAY, "Case 7, appeal")
    for act in (
        lambda: holds.extend(hold, until=None, reason="More", now=make.NOW + 9 * DAY),
        lambda: holds.lift(hold, by=place.by, now=make.NOW + 9 * DAY),
    ):
        with pytest.raises(ValidationError, match="its end has come"):
            act()


def test_a_hold_that_ended_three_years_ago_goes_itself(place: Any) -> None:
    place(until=make.NOW + DAY)
    holds.lift(place(reason="Case 8"), by=place.by, now=make.NOW)
    place(reason="Case 9")
    retention.expire(now=make.NOW + 1097 * DAY)
    assert [hold.reason for hold in Hold.objects.all()] == ["Case 9"]
