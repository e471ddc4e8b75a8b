"""Who may place, change and lift legal holds, and what the screen says before it lets rows go."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import NoReverseMatch, reverse
from wagtail.models import ModelLogEntry

from home.models import Inquiry
from records import cipher, holds, retention
from records.models import Hold
from tests import make
from tests.desk import signed_in, told

DAY = timedelta(days=1)
OLD = make.NOW - 800 * DAY
INDEX = "/cms/holds/"


@pytest.fixture
def officer(db: None, clock: Any) -> Client:
    make.site()
    return signed_in("add_hold", "change_hold", "view_hold")


def hold(**what: Any) -> Hold:
    by = User.objects.get(username="vera")
    return holds.place(**{"reason": "Case 7", "by": by, "now": make.NOW, "holding": "home.Inquiry"} | what)


def test_one_is_placed_for_a_person_whose_address_is_not_kept(officer: Client) -> None:
    said = {"holding": "home.Inquiry", "email": make.ANA, "reason": "Case 7", "until": "2026-06-01 12:00"}
    answer = officer.post(f"{INDEX}place/", said, follow=True)
    placed = Hold.objects.get()
    assert (placed.holding, placed.reason, str(placed.placed_by)) == ("home.Inquiry", "Case 7", "vera")
    assert bytes(placed.subject) == cipher.blind("email", make.ANA)
    assert "nothing it covers is deleted from now on" in told(answer)
    assert make.ANA not in answer.content.decode()
    assert "one person’s" in answer.content.decode()


def test_one_is_placed_for_everybody_and_all_time(officer: Client) -> None:
    officer.post(f"{INDEX}place/", {"reason": "An audit"})
    placed = Hold.objects.get()
    assert (placed.holding, placed.subject, placed.rows_from, placed.until) == ("", None, None, None)
    assert "Every data set" in officer.get(INDEX).content.decode()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"holding": "home.Nothing"}, "holding"),
        ({"holding": "sessions.Session", "email": make.ANA}, "holding"),
        ({"email": "not an address"}, "email"),
        ({"rows_from": "2026-02-01 00:00", "rows_to": "2026-01-01 00:00"}, "rows_to"),
        ({"rows_from": "yesterday"}, "rows_from"),
        ({"until": "2026-02-01 00:00"}, "until"),
        ({"until": "99999-02-01 00:00"}, "until"),
    ],
)
def test_what_cannot_be_meant_is_refused_beside_its_field(officer: Client, said: dict[str, str], field: str) -> None:
    answer = officer.post(f"{INDEX}place/", {"reason": "Case 7"} | said)
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {field}
    assert not Hold.objects.exists()


def test_another_end_is_given(officer: Client) -> None:
    placed = hold()
    officer.post(f"{INDEX}edit/{placed.pk}/", {"reason": "Case 7, appeal", "until": "2026-09-01 00:00"})
    placed.refresh_from_db()
    assert (placed.reason, placed.until.month) == ("Case 7, appeal", 9)


def test_before_one_is_lifted_the_screen_says_what_goes_with_it(officer: Client) -> None:
    make.inquiry(now=OLD)
    make.inquiry(now=OLD)
    make.inquiry(now=make.NOW)
    placed = hold()
    asked = officer.get(f"{INDEX}lift/{placed.pk}/").content.decode()
    assert "2 rows are kept by this hold alone" in asked
    assert Hold.objects.standing(make.NOW).exists(), "looking lifts nothing"
    officer.post(f"{INDEX}lift/{placed.pk}/")
    retention.expire(now=make.NOW)
    assert Inquiry.objects.count() == 1


def test_what_another_hold_covers_too_does_not_go(officer: Client) -> None:
    make.inquiry(now=OLD)
    placed = hold()
    hold(holding="", reason="Case 8")
    assert "Nothing goes when it is lifted" in officer.get(f"{INDEX}lift/{placed.pk}/").content.decode()


@pytest.mark.parametrize("act", ["edit", "lift"])
def test_one_that_is_over_stays_as_it_is(officer: Client, act: str, clock: Any) -> None:
    placed = hold(until=make.NOW + DAY)
    clock.move_to(make.NOW + DAY)
    assert officer.post(f"{INDEX}{act}/{placed.pk}/", {"reason": "More"}).status_code == 404
    page = officer.get(INDEX).content.decode()
    assert "ended on 2026-03-02" in page
    assert f"/{act}/" not in page


def test_each_act_is_logged_without_a_name(officer: Client) -> None:
    officer.post(f"{INDEX}place/", {"reason": "Case 7", "email": make.ANA})
    placed = Hold.objects.get()
    officer.post(f"{INDEX}edit/{placed.pk}/", {"reason": "Case 7"})
    officer.post(f"{INDEX}lift/{placed.pk}/")
    entries = ModelLogEntry.objects.for_instance(placed).order_by("pk")
    assert [entry.action for entry in entries] == [f"records.hold.{act}" for act in ("place", "change", "lift")]
    assert {(entry.label, str(entry.data)) for entry in entries} == {(f"Legal hold #{placed.pk}", "{}")}


def test_nobody_deletes_one() -> None:
    for name in ("holds:delete", "hold:delete"):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=[1])


@pytest.mark.parametrize(
    ("rights", "place", "change", "look"),
    [
        ((), 302, 302, 302),
        (("view_hold",), 302, 302, 200),
        (("add_hold",), 200, 302, 302),
        (("change_hold",), 302, 200, 302),
    ],
)
def test_each_right_opens_its_own_screens(
    db: None, clock: Any, rights: tuple[str, ...], place: int, change: int, look: int
) -> None:
    make.site()
    client = signed_in(*rights)
    placed = hold()
    seen = [
        client.get(f"{INDEX}{end}").status_code for end in ("place/", f"edit/{placed.pk}/", f"lift/{placed.pk}/", "")
    ]
    assert seen == [place, change, change, look]


def test_who_may_only_look_sees_no_buttons(db: None, clock: Any) -> None:
    make.site()
    client = signed_in("view_hold")
    placed = hold()
    page = client.get(INDEX).content.decode()
    assert str(placed) in page
    assert "/place/" not in page
    assert "/lift/" not in page


def test_with_nothing_held_the_screen_says_what_it_is_for(officer: Client) -> None:
    assert "Nothing is held. A legal hold keeps rows" in officer.get(INDEX).content.decode()


def test_one_whose_three_years_are_over_is_gone_from_the_list(officer: Client, clock: Any) -> None:
    placed = hold(until=make.NOW + DAY)
    for late, there in ((-timedelta(microseconds=1), True), (timedelta(0), False)):
        clock.move_to(make.NOW + 1096 * DAY + late)
        officer.force_login(placed.placed_by)
        assert (str(placed) in officer.get(INDEX).content.decode()) is there
