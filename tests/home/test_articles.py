"""News: a list by date and topic, articles that lead on to each other, and a feed."""

from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from home import articles, pictures
from home.models import ArticleIndexPage, ArticlePage, HomePage
from tests import make

pytestmark = [
    pytest.mark.django_db,
    # Wagtail's, of pictures kept in memory.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
ATOM = "{http://www.w3.org/2005/Atom}"
FIRST = date(2026, 1, 1)


@pytest.fixture
def index() -> ArticleIndexPage:
    return make.articles(make.site())


def written(index: ArticleIndexPage, number: int, **values: Any) -> ArticlePage:
    day = FIRST + timedelta(days=number)
    return make.article(index, **{"title": f"News {number}", "slug": f"n{number}", "date": day} | values)


def titles(answer: Any) -> list[str]:
    return [article.title for article in answer.context["articles"]]


def test_the_newest_stands_first_and_drafts_do_not(index: ArticleIndexPage, client: Client) -> None:
    for number in (1, 3, 2):
        written(index, number)
    written(index, 4, live=False)
    assert titles(client.get("/news/")) == ["News 3", "News 2", "News 1"]


def test_a_list_goes_on_over_pages_without_scripts(index: ArticleIndexPage, client: Client) -> None:
    for number in range(articles.A_PAGE + 2):
        written(index, number)
    first, second = client.get("/news/"), client.get("/news/?page=2")
    assert len(titles(first)) == articles.A_PAGE
    assert titles(second) == ["News 1", "News 0"]
    assert 'rel="next" href="?page=2"' in first.text
    assert 'rel="prev" href="?page=1"' in second.text
    assert '<link rel="canonical" href="http://testserver/news/?page=2">' in second.text


@pytest.mark.parametrize("query", ["page=2", "page=0", "page=x", "topic=nothing", "topic="])
def test_what_a_list_does_not_have_is_not_found(index: ArticleIndexPage, client: Client, query: str) -> None:
    written(index, 1)
    assert client.get(f"/news/?{query}").status_code == 404


def test_a_topic_shows_its_own_articles(index: ArticleIndexPage, client: Client) -> None:
    written(index, 1, topics=["Tides"])
    written(index, 2, topics=["Tides", "Wind"])
    written(index, 3)
    written(index, 4, topics=["Fog"], live=False)
    assert titles(client.get("/news/?topic=tides")) == ["News 2", "News 1"]
    assert [topic.name for topic in client.get("/news/").context["topics"]] == ["Tides", "Wind"]


def test_a_topic_in_another_alphabet_has_an_address(index: ArticleIndexPage, client: Client) -> None:
    written(index, 1, topics=["Причал"])
    page = client.get("/news/").text
    link = page.partition("?topic=")[2].partition('"')[0]
    assert titles(client.get(f"/news/?topic={link}")) == ["News 1"]


def test_an_empty_list_says_so(index: ArticleIndexPage, client: Client) -> None:
    assert "Nothing has been written here yet." in client.get("/news/").text


def test_an_article_leads_to_the_next_and_the_one_before(index: ArticleIndexPage, client: Client) -> None:
    one, two, three = (written(index, number) for number in (1, 2, 3))
    same_day = written(index, 2, title="Later that day", slug="later")
    assert [each and each.slug for each in articles.beside(two)[:2]] == [one.slug, same_day.slug]
    assert [each and each.slug for each in articles.beside(three)[:2]] == [same_day.slug, None]
    page = client.get("/news/n2/").text
    assert 'rel="prev" href="/news/n1/"' in page
    assert 'rel="next" href="/news/later/"' in page


def test_an_article_says_where_it_stands(index: ArticleIndexPage, client: Client) -> None:
    written(index, 1)
    trail = client.get("/news/n1/").text.partition('class="trail"')[2].partition("</nav>")[0]
    assert '<a href="/">Home</a>' in trail
    assert '<a href="/news/">News</a>' in trail
    assert '<span aria-current="page">News 1</span>' in trail
    assert 'class="trail"' not in client.get("/news/").text


def test_a_feed_has_the_newest_first(index: ArticleIndexPage, client: Client) -> None:
    written(index, 1, introduction="The first.")
    written(index, 2)
    answer = client.get("/news/feed/")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert "max-age" in answer["Cache-Control"]
    entries = ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")  # noqa: S314 - our own answer
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["News 2", "News 1"]
    assert entries[1].findtext(f"{ATOM}summary") == "The first."
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    assert 'type="application/atom+xml"' in client.get("/news/").text


def test_the_home_page_shows_the_newest(index: ArticleIndexPage, client: Client) -> None:
    for number in range(5):
        written(index, number)
    page = client.get("/").text
    assert page.index("News 4") < page.index("News 3") < page.index("News 2")
    assert "News 1" not in page


def test_pages_set_nothing_and_are_the_same_for_everybody(index: ArticleIndexPage, client: Client) -> None:
    written(index, 1)
    for address in ("/news/", "/news/n1/", "/news/feed/"):
        one, other = client.get(address), Client().get(address)
        assert not one.cookies
        assert one.content == other.content


def test_a_list_costs_no_query_more_for_an_article_more(
    index: ArticleIndexPage, client: Client, django_assert_max_num_queries: Any
) -> None:
    picture = Image.objects.create(title="Quay", file=get_test_image_file(size=(1200, 800)))
    written(index, 1, picture=picture)
    client.get("/news/")
    for number in range(2, 12):
        written(index, number, picture=picture)
    client.get("/news/")
    with django_assert_max_num_queries(20):
        client.get("/news/")


def test_pictures_are_drawn_before_a_visitor_comes(index: ArticleIndexPage, client: Client) -> None:
    picture = Image.objects.create(title="Quay", file=get_test_image_file(size=(1200, 800)))
    page = written(index, 1, picture=picture)
    assert pictures.prepare(page.pk) == 10
    drawn = picture.renditions.count()
    shown = client.get("/news/n1/").text
    assert 'fetchpriority="high"' in shown
    assert 'type="image/avif"' in shown
    client.get("/news/")
    assert picture.renditions.exclude(filter_spec__startswith="fill-1200x630").count() == drawn
    assert pictures.prepare(HomePage.objects.get().pk) == 0
