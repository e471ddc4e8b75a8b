"""Which promotions does a page offer: by place, language and dates, the same bytes for everybody, at no cost?"""

import html
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from home import promotions
from home.models import ArticleIndexPage, ArticlePage, HomePage, Promotion, StandardPage
from home.models.promotions import Slot, State
from home.templatetags import promotions_tags
from tests import make

pytestmark = pytest.mark.django_db
NOW, DAY = make.NOW, timedelta(days=1)
# Wagtail leaves the file open in which it makes a rendition.
makes_a_rendition = pytest.mark.filterwarnings("ignore:Exception ignored in. .function SpooledTemporaryFile")
OFFERED = re.compile(r'data-promotion="(\d+)"')


@pytest.fixture
def home() -> HomePage:
    promotions.forget()
    return make.site()


def page(parent: Any, slug: str = "services") -> StandardPage:
    made = StandardPage(title=slug.capitalize(), slug=slug, body="<p>Words.</p>")
    parent.add_child(instance=made)
    return made


def article(home: HomePage, *topics: str) -> ArticlePage:
    index = ArticleIndexPage(title="News", slug="news")
    home.add_child(instance=index)
    made = ArticlePage(title="Cold", slug="cold", date=NOW.date())
    index.add_child(instance=made)
    made.topics.set(topics)
    made.save()
    return made


def offered(page: Any, slot: str = "end", language: str = "en", now: Any = NOW) -> list[int]:
    promotions.forget()
    return [each.pk for each in promotions.candidates(slot, page=page, language=language, now=now)]


def served(client: Client, url: str) -> str:
    promotions.forget()
    return str(client.get(url).content.decode())


def rules(*said: tuple[str, Any]) -> list[tuple[str, Any]]:
    return list(said)


def test_it_keeps_to_its_place_and_its_language(home: HomePage) -> None:
    made = make.promotion(home)
    make.promotion(home, slot=Slot.HOME)
    assert offered(home) == [made.pk]
    assert offered(home, language="ru") == []
    assert offered(home, slot="top") == []


def test_it_keeps_to_a_page_and_those_below_it(home: HomePage) -> None:
    services, about = page(home), page(home, "about")
    made = make.promotion(home, rules=rules(("section", services)))
    assert offered(services) == [made.pk]
    assert offered(page(services, "storage")) == [made.pk]
    assert offered(about) == offered(home) == []


def test_whose_page_is_gone_is_shown_nowhere(home: HomePage) -> None:
    services = page(home)
    make.promotion(home, rules=rules(("section", services)))
    services.delete()
    assert offered(home) == []


@pytest.mark.parametrize(
    ("starts", "ends", "is_offered", "state"),
    [
        (None, None, True, State.ON),
        (-DAY, DAY, True, State.ON),
        (timedelta(), None, True, State.ON),
        (timedelta(seconds=90), None, True, State.WAITING),  # caches may keep the page until then
        (DAY, None, False, State.WAITING),
        (None, timedelta(), False, State.OVER),
        (-2 * DAY, -DAY, False, State.OVER),
        (None, timedelta(seconds=1), True, State.ON),
    ],
)
def test_it_is_on_from_one_instant_to_another(
    home: HomePage, starts: timedelta | None, ends: timedelta | None, is_offered: bool, state: State
) -> None:
    dates = {"starts_at": None if starts is None else NOW + starts, "ends_at": None if ends is None else NOW + ends}
    made = make.promotion(home, **dates)
    assert bool(offered(home)) == is_offered
    assert made.state(NOW) == state
    assert [each for each in State if Promotion.objects.in_state(each, NOW).exists()] == [state]


def test_what_leads_nowhere_is_not_offered(home: HomePage) -> None:
    services = page(home)
    make.promotion(home, link_page=services)
    services.unpublish()
    assert offered(home) == []


def test_the_heaviest_of_whom_nothing_is_asked_comes_first_and_six_others_along(home: HomePage) -> None:
    many = [make.promotion(home, weight=weight) for weight in range(1, 10)]
    personal = make.promotion(home, weight=100, rules=rules(("returning", None)))
    assert offered(home) == [many[8].pk, personal.pk, *[each.pk for each in many[7:2:-1]]]


def test_what_a_browser_judges_goes_along(home: HomePage) -> None:
    services = page(home)
    every = rules(
        ("section", home),
        ("source", "News.example"),
        ("returning", None),
        ("topic", {"topic": "reefers", "times": 2}),
        ("read", {"page": services, "times": 3}),
    )
    make.promotion(home, rules=every, cap=4, by_place=True)
    [found] = promotions.candidates("end", page=services, language="en", now=NOW)
    assert found.rules == {
        "source": "news.example",
        "returning": True,
        "read": [("t:reefers", 2), (f"s:{services.pk}", 3)],
        "cap": 4,
        "place": True,
    }


def test_a_page_tells_only_what_some_promotion_asks_about(home: HomePage) -> None:
    services, cold = page(home), article(home, "reefers", "prices")
    assert promotions.reading(cold, language="en", now=NOW).names == ()
    make.promotion(home, rules=rules(("topic", {"topic": "reefers", "times": 1}), ("source", "news.example")))
    make.promotion(home, rules=rules(("read", {"page": services, "times": 1})))
    promotions.forget()
    assert promotions.reading(cold, language="en", now=NOW) == promotions.Reading(("t:reefers",), ("news.example",))
    assert promotions.reading(services, language="en", now=NOW).names == (f"s:{services.pk}",)
    assert promotions.reading(None, language="en", now=NOW).names == ()


def test_without_a_promotion_a_page_has_nothing_of_it(home: HomePage, client: Client) -> None:
    page(home)
    assert "promotion" not in served(client, "/services/")
    make.promotion(home, language="ru")
    assert "promotion" not in served(client, "/services/")


def test_a_page_shows_one_and_keeps_the_others_ready(home: HomePage, client: Client) -> None:
    page(home)
    seen = make.promotion(home, title="<b>Bold</b> & cold")
    ready = make.promotion(home, title="For those who came back", rules=rules(("returning", None)))
    text = served(client, "/services/")
    assert OFFERED.findall(text) == [str(seen.pk), str(ready.pk)]
    outside = re.sub(r"<template.*?</template>", "", text, flags=re.DOTALL)
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; cold" in outside
    assert "For those who came back" in text
    assert "For those who came back" not in outside
    assert json.loads(html.unescape(re.findall(r'data-rules="([^"]*)"', text)[1])) == {"returning": True}


def test_where_all_ask_about_the_visitor_the_room_is_kept_and_empty(home: HomePage, client: Client) -> None:
    page(home)
    make.promotion(home, cap=1)
    text = re.sub(r"<template.*?</template>", "", served(client, "/services/"), flags=re.DOTALL)
    assert '<section class="promotion promotion-end"' in text
    assert "promotion-card" not in text


def test_the_page_is_the_same_bytes_for_everybody(home: HomePage, client: Client) -> None:
    page(home)
    make.promotion(home, rules=rules(("source", "news.example")))
    make.promotion(home)
    first = client.get("/services/")
    other = Client(headers={"referer": "https://news.example/", "cookie": "candor_consent=2.x"}).get("/services/")
    assert first.content == other.content
    assert not first.cookies
    assert "private" not in first.get("Cache-Control", "")


def test_a_policy_is_read_without_promotions(home: HomePage, client: Client) -> None:
    make.policy(home)
    make.promotion(home, slot=Slot.TOP)
    assert OFFERED.findall(served(client, "/privacy/")) == []
    assert len(OFFERED.findall(served(client, "/"))) == 1


@makes_a_rendition
def test_the_picture_is_this_sites_own_rendition(home: HomePage, client: Client) -> None:
    page(home)
    image = Image.objects.create(title="Quay", description="A crane at dusk", file=get_test_image_file())
    make.promotion(home, image=image)
    [tag] = re.findall("<img[^>]*>", served(client, "/services/"))
    assert re.fullmatch(
        r'<img src="/media/images/[^"]+fill-480x320[^"]*" alt="A crane at dusk" width="480" height="320" '
        r'loading="lazy" decoding="async">',
        tag,
    )


@makes_a_rendition
def test_a_picture_whose_file_is_gone_leaves_the_words(home: HomePage) -> None:
    image = Image.objects.create(title="Quay", description="A crane", file=get_test_image_file())
    image.file.storage.delete(image.file.name)
    make.promotion(home, image=image)
    [found] = promotions.candidates("end", page=home, language="en", now=NOW)
    assert found.picture is None


@makes_a_rendition
def test_a_page_asks_four_questions_once_and_then_none(
    home: HomePage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    services = page(home)
    image = Image.objects.create(title="Quay", description="A crane", file=get_test_image_file())
    image.get_rendition(promotions.on_pages.PICTURE)
    assert home.url  # Wagtail remembers where its sites are
    for _number in range(5):
        make.promotion(home, image=image, rules=rules(("read", {"page": services, "times": 1})))
    with django_assert_num_queries(4):  # promotions, their pictures, the renditions of these, the pages of rules
        promotions_tags.promotions_head({"page": services})
    with django_assert_num_queries(0):
        promotions_tags.promotions_head({"page": services})
        promotions_tags.promotion({"page": services}, "end")
        promotions_tags.promotion({"page": services}, "top")


def test_an_article_is_asked_for_its_topics_only_if_a_promotion_asks(
    home: HomePage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cold = article(home, "reefers")
    make.promotion(home, rules=rules(("topic", {"topic": "reefers", "times": 1})))
    assert promotions.is_used("en", timezone.now())
    with django_assert_max_num_queries(1):
        found = ArticlePage.objects.get(pk=cold.pk)
    with django_assert_max_num_queries(2):
        assert promotions.reading(found, language="en", now=timezone.now()).names == ("t:reefers",)
