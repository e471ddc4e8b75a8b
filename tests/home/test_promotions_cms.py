"""Promotions at the desk: what is refused with which sentence, what the list and the counts show, and how one ends."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import nested_form_data, streamfield

from home.models import ArticleIndexPage, ArticlePage, HomePage, Promotion, PromotionCount
from home.promotions import Result
from home.viewsets.promotions import chart
from tests import make

pytestmark = pytest.mark.django_db
Act = PromotionCount.Act
FORM = {
    "title": "Cold boxes",
    "text": "Ten degrees below.",
    "label": "See them",
    "link_url": "https://elsewhere.example/",
    "slot": "end",
    "language": "en",
    "weight": "10",
    "rules": streamfield([]),
    **dict.fromkeys(("link_page", "image", "starts_at", "ends_at", "cap"), ""),
}


@pytest.fixture
def home() -> HomePage:
    return make.site()


@pytest.fixture
def desk(client: Client, home: HomePage) -> Client:
    client.force_login(make.vera())
    return client


def send(desk: Client, **fields: Any) -> Any:
    return desk.post(reverse("promotions:add"), nested_form_data(FORM | fields))


def counted(promotion: Promotion, day: date, seen: int, followed: int, *, targeted: bool = False) -> None:
    for act, number in ((Act.SEEN, seen), (Act.FOLLOWED, followed)):
        PromotionCount.objects.create(promotion=promotion, day=day, act=act, number=number, targeted=targeted)


def test_it_is_written_and_the_log_says_so(desk: Client) -> None:
    assert send(desk, rules=streamfield([("source", "news.example"), ("returning", "")])).status_code == 302
    made = Promotion.objects.get()
    assert [block.block_type for block in made.rules] == ["source", "returning"]
    assert [entry.action for entry in ModelLogEntry.objects.filter(object_id=made.pk)] == ["wagtail.create"]


def test_the_editor_says_which_rules_need_consent(desk: Client) -> None:
    page = desk.get(reverse("promotions:add")).content.decode()
    assert "only if they allow" in page
    assert "without consent: show by place alone" in page.lower()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"link_url": ""}, "Say where it leads to"),
        ({"link_url": "javascript:alert(1)"}, "Enter a valid URL"),
        ({"link_url": "ftp://elsewhere.example/"}, "Enter a valid URL"),
        ({"starts_at": "2026-03-02 00:00:00", "ends_at": "2026-03-01 00:00:00"}, "It ends before it starts"),
        ({"by_place": "on"}, "Nothing here waits for consent"),
        ({"weight": "0"}, "greater than or equal to 1"),
        ({"cap": "0"}, "greater than or equal to 1"),
        ({"rules": streamfield([("source", "https://news.example/a?b")])}, "Write a name alone"),
        ({"rules": streamfield([("returning", ""), ("returning", "")])}, "maximum number of items is 1"),
        ({"rules": streamfield([("topic", {"topic": "nobody writes", "times": "1"})])}, "not one of the available"),
    ],
)
def test_what_is_wrong_is_said(desk: Client, fields: dict[str, Any], sentence: str) -> None:
    answer = send(desk, **fields)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Promotion.objects.exists()


def test_a_picture_needs_a_description(home: HomePage) -> None:
    image = Image.objects.create(title="Quay", file=get_test_image_file())
    made = Promotion(title="Cold", label="See", link_page=home, image=image)
    with pytest.raises(ValidationError, match="no description"):
        made.full_clean()
    image.description = "A crane at dusk"
    made.full_clean()


def test_topics_are_chosen_from_those_of_articles(desk: Client, home: HomePage) -> None:
    index = ArticleIndexPage(title="News", slug="news")
    home.add_child(instance=index)
    article = ArticlePage(title="Cold", slug="cold", date=date(2026, 3, 1))
    index.add_child(instance=article)
    article.topics.add("reefers")
    article.save()
    assert send(desk, rules=streamfield([("topic", {"topic": "reefers", "times": "2"})])).status_code == 302
    assert Promotion.objects.get().rules.raw_data[0]["value"] == {"topic": "reefers", "times": 2}


def test_the_list_shows_state_and_rate_and_is_narrowed_down(desk: Client, home: HomePage) -> None:
    now, day = timezone.now(), timedelta(days=1)
    running = make.promotion(home, title="Running")
    make.promotion(home, title="Coming", starts_at=now + day)
    make.promotion(home, title="Gone", ends_at=now - day)
    counted(running, now.date(), 200, 5)
    counted(running, now.date() - day, 100, 1)
    page = desk.get(reverse("promotions:list")).content.decode()
    assert all(
        word in page for word in ("Running", "Coming", "Gone", "300", "2.0\N{NO-BREAK SPACE}%", "waiting", "over")
    )
    for state, title in (("on", "Running"), ("waiting", "Coming"), ("over", "Gone")):
        rows = desk.get(reverse("promotions:list"), {"state": state}).context["object_list"]
        assert [row.title for row in rows] == [title]


def test_an_empty_list_says_what_to_do(desk: Client) -> None:
    assert "Add the first promotion" in desk.get(reverse("promotions:list")).content.decode()


def test_the_counts_of_each_day_are_a_table_and_a_chart(desk: Client, home: HomePage) -> None:
    made = make.promotion(home, rules=[("section", home), ("returning", None)])
    today = timezone.localdate()
    counted(made, today, 1200, 30)
    counted(made, today, 300, 0, targeted=True)
    counted(made, today - timedelta(days=40), 10, 10)
    url = reverse("promotions:inspect", args=[made.pk])
    page = desk.get(url).content.decode()
    assert 'role="img"' in page
    assert "2.0\N{NO-BREAK SPACE}%" in page
    assert "On “Home” and the pages below it." in page
    assert "Without consent: not shown." in page
    [(day, row)] = desk.get(url).context["rows"]
    assert (day, row) == (today, (1500, 300, 30, "2.0\N{NO-BREAK SPACE}%"))
    assert len(desk.get(url, {"days": "90"}).context["rows"]) == 2
    assert desk.get(url, {"days": "x"}).context["days"] == 30


def test_a_chart_has_a_bar_for_every_day() -> None:
    first, last = date(2026, 3, 1), date(2026, 3, 10)
    drawn = chart.chart({date(2026, 3, 2): Result(1000, 1)}, since=first, until=last)
    assert len(drawn.bars) == 10
    assert drawn.bars[1].seen[1] == chart.HEIGHT
    assert drawn.bars[1].followed[1] == 1  # what was counted at all can be seen
    assert drawn.bars[0].seen[1] == 0
    assert chart.chart({}, since=first, until=last).most == 0
    assert len(drawn.ticks) <= chart.TICKS


def test_it_is_seen_in_both_schemes_before_it_is_saved(desk: Client, home: HomePage) -> None:
    made = make.promotion(home)
    url = reverse("promotions:preview_on_edit", args=[made.pk])
    desk.post(url, nested_form_data(FORM | {"title": "Colder boxes"}))
    page = desk.get(url, {"mode": ""}).content.decode()
    assert page.count("Colder boxes") == 3
    assert "promotion-preview-dark" in page
    assert "home/promotions" in page
    assert "data-count" not in page


def test_a_copy_is_a_new_one(desk: Client, home: HomePage) -> None:
    made = make.promotion(home, weight=7)
    url = reverse("promotions:copy", args=[made.pk])
    assert "Cold boxes" in desk.get(url).content.decode()
    assert desk.post(url, nested_form_data(FORM | {"title": "Second"})).status_code == 302
    assert set(Promotion.objects.values_list("title", flat=True)) == {"Cold boxes", "Second"}


def test_it_is_ended_at_once_and_logged(desk: Client, home: HomePage) -> None:
    made = make.promotion(home)
    url = reverse("promotions:stop", args=[made.pk])
    assert "End it now" in desk.get(url).content.decode()
    assert desk.post(url).status_code == 302
    made.refresh_from_db()
    assert made.state(timezone.now()) == "over"
    assert ModelLogEntry.objects.filter(action="home.end_promotion", object_id=made.pk).exists()
    assert desk.get(url).status_code == 302  # there is nothing left to end


def test_who_may_not_change_it_does_not_end_it(client: Client, home: HomePage) -> None:
    client.force_login(make.vera(is_superuser=False))
    made = make.promotion(home)
    assert client.post(reverse("promotions:stop", args=[made.pk])).status_code == 302
    made.refresh_from_db()
    assert made.ends_at is None
