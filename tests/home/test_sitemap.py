"""What programs find: every public page once in each language, what a page's own address is, and what others show of
it."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction, Site

from home.models import Appearance, HomePage, StandardPage
from tests import make
from tests.policies import languages

pytestmark = [
    pytest.mark.django_db,
    # Wagtail's, of pictures kept in memory.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
HERE = "http://testserver"
MAP = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture
def home() -> HomePage:
    return make.site()


def listed(client: Client) -> dict[str, dict[str, str]]:
    """Addresses, each with its translations."""
    answer = client.get("/sitemap.xml")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/xml"
    found = {}
    for url in ElementTree.fromstring(answer.content).findall("map:url", MAP):  # noqa: S314 - our own answer
        others = {link.attrib["hreflang"]: link.attrib["href"] for link in url.findall("x:link", MAP)}
        found[str(url.findtext("map:loc", "", MAP))] = others
    return found


def child(home: HomePage, slug: str, **values: Any) -> StandardPage:
    page = StandardPage(**{"title": slug.capitalize(), "slug": slug, "body": "<p>Words.</p>"} | values)
    home.add_child(instance=page)
    return page


def test_the_sitemap_has_what_anybody_may_read(home: HomePage, client: Client) -> None:
    make.article(make.articles(home))
    child(home, "draft", live=False)
    PageViewRestriction.objects.create(page=child(home, "closed"), restriction_type="password", password="ahoy")
    assert set(listed(client)) == {f"{HERE}{path}" for path in ("/", "/news/", "/news/open/")}


def test_each_language_stands_beside_the_others(home: HomePage, client: Client) -> None:
    russian = home.copy_for_translation(languages.russian())
    russian.save_revision().publish()
    child(home, "about")
    both = {"en": f"{HERE}/", "ru": f"{HERE}/ru/"}
    assert listed(client) == {f"{HERE}/": both, f"{HERE}/ru/": both, f"{HERE}/about/": {}}


def test_the_sitemap_costs_no_query_more_for_a_page_more(
    home: HomePage, client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        child(home, f"page{number}")
    with django_assert_max_num_queries(16):
        client.get("/sitemap.xml")


def test_robots_forbids_nothing_and_names_the_sitemap(home: HomePage, client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer.text == f"User-agent: *\nDisallow:\n\nSitemap: {HERE}/sitemap.xml\n"
    assert answer["Content-Type"].startswith("text/plain")
    for address in ("/robots.txt", "/sitemap.xml"):
        assert not client.get(address).cookies
        assert client.post(address).status_code == 405


def said(client: Client, address: str) -> dict[str, str]:
    head = BeautifulSoup(client.get(address).text, "html.parser").head
    assert head
    found = {str(tag.get("property") or tag.get("name")): str(tag.get("content")) for tag in head("meta")}
    canonical = head.select_one("link[rel=canonical]")
    return found | ({"canonical": str(canonical["href"])} if canonical else {})


def test_a_page_says_its_own_address_whatever_it_was_asked_with(home: HomePage, client: Client) -> None:
    child(home, "about", introduction="Who we are.")
    head = said(client, "/about/?utm_source=elsewhere")
    assert head["canonical"] == head["og:url"] == f"{HERE}/about/"
    assert (head["og:title"], head["description"], head["og:type"]) == ("About", "Who we are.", "website")


def test_what_a_page_says_of_itself_comes_before_its_introduction(home: HomePage, client: Client) -> None:
    child(home, "about", introduction="Who we are.", search_description="For search.", seo_title="Us")
    page = client.get("/about/").text
    assert page.count('name="description"') == 1
    assert said(client, "/about/")["description"] == "For search."
    assert said(client, "/about/")["og:title"] == "Us"


def test_a_shared_page_shows_its_picture_or_else_the_sites(home: HomePage, client: Client) -> None:
    picture = Image.objects.create(title="Crane", description="A crane", file=get_test_image_file(size=(1600, 1200)))
    Appearance.objects.create(site=Site.objects.get(), share_image=picture)
    article = make.article(make.articles(home))
    head = said(client, "/news/open/")
    assert head["og:type"] == "article"
    assert re.fullmatch(rf"{HERE}/media/images/.+fill-1200x630.+\.jpg", head["og:image"])
    assert (head["og:image:width"], head["og:image:height"]) == ("1200", "630")
    assert head["og:image:alt"] == "A crane"
    own = Image.objects.create(title="Gate", file=get_test_image_file(filename="gate.png", size=(1600, 1200)))
    article.picture = own
    article.save()
    assert "gate" in said(client, "/news/open/")["og:image"]


def test_a_page_in_two_languages_names_itself_too(home: HomePage, client: Client) -> None:
    home.copy_for_translation(languages.russian()).save_revision().publish()
    page = client.get("/ru/").text
    assert f'hreflang="en" href="{HERE}/"' in page
    assert f'hreflang="ru" href="{HERE}/ru/"' in page
    assert f'<link rel="canonical" href="{HERE}/ru/">' in page


@pytest.mark.parametrize("address", ["/my-data/", "/mail/join/", "/consent/", "/privacy/v/1/", "/nothing/"])
def test_what_is_no_page_of_the_tree_claims_no_address(home: HomePage, client: Client, address: str) -> None:
    make.policy(home)
    assert f'<link rel="canonical" href="{HERE}/"' not in client.get(address).text
    assert "og:url" not in client.get(address).text
