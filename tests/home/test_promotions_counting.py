"""Seen and followed are counted, one number a day: none is lost, and nobody could be found in them."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from home import promotions
from home.models import HomePage, Promotion, PromotionCount
from home.promotions import Result
from records import action_log, http
from tests import make
from tests.committed import together

URL = "/promotions/count/"
Act = PromotionCount.Act
MANY = 100


def post(said: Any, client: Client | None = None, **headers: str) -> Any:
    sender = {"HTTP_SEC_FETCH_SITE": "same-origin"} | headers
    body = said if isinstance(said, str) else json.dumps(said)
    return (client or Client()).post(URL, body, content_type="application/json", **sender)


def said(promotion: Promotion, act: str = "seen", *, targeted: bool = False) -> dict[str, Any]:
    return {"promotion": promotion.pk, "act": act, "targeted": targeted}


@pytest.fixture
def home(db: None) -> HomePage:
    return make.site()


def test_what_was_seen_and_followed_is_added_up(home: HomePage) -> None:
    made = make.promotion(home)
    for act, targeted in (("seen", False), ("seen", True), ("seen", False), ("followed", True)):
        answer = post(said(made, act, targeted=targeted))
        assert (answer.status_code, answer.content, dict(answer.cookies)) == (204, b"", {})
        assert "no-store" in answer["Cache-Control"]
    today = promotions.day_of(timezone.now())
    assert promotions.results(made) == {today: Result(seen=3, followed=1, targeted=1)}


def test_nothing_of_whoever_told_is_stored(home: HomePage) -> None:
    made = make.promotion(home)
    post(said(made), HTTP_USER_AGENT="Telltale/1", HTTP_REFERER="http://testserver/secret/", HTTP_COOKIE="a=b")
    columns = {field.name for field in PromotionCount._meta.get_fields()}
    assert columns == {"id", "promotion", "day", "act", "targeted", "number"}
    assert PromotionCount.objects.count() == 1


def test_it_is_not_noted_as_an_action_of_a_visitor(home: HomePage) -> None:
    assert action_log.is_left_out("promotion_count")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ({}, 400),
        ({"promotion": "1", "act": "seen", "targeted": False}, 400),
        ({"promotion": True, "act": "seen", "targeted": False}, 400),
        ({"promotion": -1, "act": "seen", "targeted": False}, 400),
        ({"promotion": 10**30, "act": "seen", "targeted": False}, 400),
        ({"promotion": 1, "act": "bought", "targeted": False}, 400),
        ({"promotion": 1, "act": ["seen"], "targeted": False}, 400),
        ({"promotion": 1, "act": "seen", "targeted": 1}, 400),
        ({"promotion": 987654, "act": "seen", "targeted": False}, 404),
        ({"promotion": 1, "act": "seen", "targeted": False, "more": "x" * 300}, 413),
    ],
)
def test_what_cannot_be_counted_is_refused_with_a_sentence(home: HomePage, body: Any, status: int) -> None:
    answer = post(body)
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")
    assert not PromotionCount.objects.exists()


def test_who_is_no_page_of_this_site_is_refused(home: HomePage) -> None:
    made = make.promotion(home)
    assert post(said(made), HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert Client().post(URL, json.dumps(said(made)), content_type="application/json").status_code == 403
    assert Client().get(URL).status_code == 405
    assert not PromotionCount.objects.exists()


@pytest.mark.parametrize("dates", [{"starts_at": timedelta(hours=1)}, {"ends_at": timedelta(hours=-1)}])
def test_only_what_is_on_is_counted(home: HomePage, dates: dict[str, timedelta]) -> None:
    made = make.promotion(home, **{name: timezone.now() + away for name, away in dates.items()})
    assert post(said(made)).status_code == 404
    assert not PromotionCount.objects.exists()


def test_who_tells_too_often_is_turned_away(home: HomePage) -> None:
    made = make.promotion(home)
    answers = [post(said(made)).status_code for _time in range(121)]
    assert answers[119:] == [204, 429]
    http.forget()


def test_results_are_of_the_days_asked_for(home: HomePage) -> None:
    made, other = make.promotion(home), make.promotion(home)
    for day in (1, 2, 3):
        for act, number in ((Act.SEEN, 10 * day), (Act.FOLLOWED, day)):
            PromotionCount.objects.create(promotion=made, day=date(2026, 3, day), act=act, number=number)
    PromotionCount.objects.create(promotion=other, day=date(2026, 3, 2), act=Act.SEEN, number=7)
    found = promotions.results(made, since=date(2026, 3, 2), until=date(2026, 3, 2))
    assert found == {date(2026, 3, 2): Result(seen=20, followed=2)}
    whole = sum(promotions.results(made).values(), Result())
    assert (whole, whole.rate) == (Result(60, 6, 0), 10.0)
    assert Result().rate is None


@pytest.fixture
def stored(committed: None) -> Promotion:
    return make.promotion(make.site())


def test_of_a_hundred_told_at_once_none_is_lost(stored: Promotion) -> None:
    def tell() -> bool:
        return promotions.count(promotion=stored.pk, act=Act.SEEN, targeted=False, now=timezone.now())

    assert all(together(*[tell] * (MANY // 2)))
    assert all(together(*[tell] * (MANY // 2)))
    assert PromotionCount.objects.get().number == MANY
