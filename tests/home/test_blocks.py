"""What pages are built from: each block as visitors get it, and what an editor is told before it is published."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page
from wagtail.rich_text import RichText

from home import blocks
from home.models import HomePage, StandardPage
from tests import make

pytestmark = [
    pytest.mark.django_db,
    # Wagtail's, of pictures kept in memory.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def home() -> HomePage:
    return make.site()


def shown(home: HomePage, *sections: tuple[str, Any]) -> BeautifulSoup:
    page = StandardPage(title="Tides", slug="tides", body="<p>Words.</p>", sections=list(sections))
    home.add_child(instance=page)
    answer = Client().get("/tides/")
    assert answer.status_code == 200
    assert " style=" not in answer.text
    return BeautifulSoup(answer.text, "html.parser").select("article section")[0]


def one(within: Tag, selector: str) -> Tag:
    found = within.select(selector)
    assert len(found) == 1, (selector, found)
    return found[0]


def image(**values: Any) -> Image:
    return Image.objects.create(title="Quay", file=get_test_image_file(size=(2000, 1000)), **values)


def test_a_picture_comes_in_several_widths_and_with_its_words(home: HomePage) -> None:
    picture = image(description="Two cranes")
    picture.contextual_alt_text, picture.decorative = "Two cranes at dusk", False
    section = shown(home, ("picture", {"picture": picture, "caption": "At dusk.", "width": "wide"}))
    tag, source = one(section, "img"), one(section, "source")
    assert (tag["alt"], tag["loading"], tag["width"], tag["height"]) == ("Two cranes at dusk", "lazy", "480", "240")
    assert source["type"] == "image/avif"
    assert [part.split()[1] for part in str(tag["srcset"]).split(", ")] == ["480w", "960w", "1600w"]
    assert one(section, "figure.wide figcaption").get_text() == "At dusk."


def test_a_picture_that_only_decorates_says_nothing(home: HomePage) -> None:
    picture = image()
    picture.contextual_alt_text, picture.decorative = "", True
    section = shown(home, ("picture", {"picture": picture, "caption": "", "width": "text"}))
    assert one(section, "img")["alt"] == ""
    assert section.select("figcaption") == []


def test_a_quote_names_who_said_it(home: HomePage) -> None:
    section = shown(home, ("quote", {"text": "One <b>tide</b>\n\nat a time.", "who": "Nell", "role": "crane"}))
    assert [each.get_text() for each in section.select("blockquote p")] == ["One <b>tide</b>", "at a time."]
    assert one(section, "figcaption").get_text(" ") == "Nell crane"


def test_a_call_out_is_told_by_more_than_its_colour(home: HomePage) -> None:
    value = {"title": "Mind the gap", "text": RichText("<p>It is wide.</p>"), "kind": "important"}
    callout = one(shown(home, ("callout", value)), ".callout-important[role=note]")
    assert callout.get_text(" ", strip=True) == "Mind the gap It is wide."


def test_cards_lead_where_they_say(home: HomePage) -> None:
    contact = Page.objects.get(pk=make.contact(home).pk)
    cards = [
        {"title": "Here", "text": "A page.", "picture": image(), "page": contact, "url": ""},
        {"title": "There", "text": "", "picture": None, "page": None, "url": "https://quay.example/"},
        {"title": "Nowhere", "text": "Only words.", "picture": None, "page": None, "url": ""},
    ]
    section = shown(home, ("cards", {"title": "What we do", "cards": cards}))
    assert [(link.get_text(), link["href"]) for link in section("a")] == [
        ("Here", "/contact/"),
        ("There", "https://quay.example/"),
    ]
    assert [title.get_text() for title in section("h3")] == ["Here", "There", "Nowhere"]
    assert one(section, "img")["alt"] == ""


def test_a_card_of_a_page_that_is_gone_leads_nowhere(home: HomePage) -> None:
    draft = StandardPage(title="Later", slug="later", body="", live=False)
    home.add_child(instance=draft)
    card = {"title": "Later", "text": "", "picture": None, "page": Page.objects.get(pk=draft.pk), "url": ""}
    assert shown(home, ("cards", {"title": "Soon", "cards": [card]}))("a") == []


def test_questions_fold_without_scripts(home: HomePage) -> None:
    questions = [{"question": "When?", "answer": RichText("<p>Now.</p>")}]
    section = shown(home, ("questions", {"title": "", "questions": questions}))
    details = one(section, "details:not([open])")
    assert one(details, "summary").get_text() == "When?"
    assert "Now." in details.get_text()


def test_a_download_says_what_and_how_large(home: HomePage) -> None:
    rates = Document.objects.create(title="Rates", file=ContentFile(b"r" * 2048, name="rates.txt"), file_size=2048)
    section = shown(home, ("download", {"document": rates, "label": ""}))
    assert " ".join(section.get_text().split()) == "Rates TXT, 2.0\xa0KB".replace("\xa0", " ")
    assert str(one(section, "a")["href"]).startswith("/documents/")


def test_a_button_leads_to_a_page(home: HomePage) -> None:
    contact = Page.objects.get(pk=make.contact(home).pk)
    section = shown(home, ("button", {"label": "Write to us", "page": contact, "url": ""}))
    link = one(section, "a.button")
    assert (link.get_text(), link["href"]) == ("Write to us", "/contact/")


@pytest.mark.parametrize(
    ("page", "url", "said"),
    [
        (False, "", "Say where it leads to: a page of this site, or an address."),
        (True, "https://quay.example/", "It can lead to one place only: a page, or an address."),
    ],
)
def test_a_button_leads_to_one_place(home: HomePage, page: bool, url: str, said: str) -> None:
    target = Page.objects.get(pk=home.pk) if page else None
    block = blocks.ButtonBlock()
    with pytest.raises(ValidationError) as refused:
        block.clean(block.to_python({"label": "Go", "page": target and target.pk, "url": url}))
    assert said in str(refused.value.as_json_data())  # type: ignore[attr-defined]


def test_the_home_page_takes_sections_a_picture_and_a_button(home: HomePage, client: Client) -> None:
    contact = make.contact(home)
    home.picture, home.link_page, home.link_label = image(), Page.objects.get(pk=contact.pk), "Write to us"
    home.sections = [("quote", {"text": "Good.", "who": "", "role": ""})]
    home.save()
    page = BeautifulSoup(client.get("/").text, "html.parser")
    assert one(page, ".hero img[fetchpriority=high]:not([loading])")
    assert one(page, ".hero a.button")["href"] == "/contact/"
    assert one(page, ".quote")


def test_a_button_of_the_home_page_to_a_draft_is_not_shown(home: HomePage, client: Client) -> None:
    draft = StandardPage(title="Later", slug="later", body="", live=False)
    home.add_child(instance=draft)
    home.link_page, home.link_label = Page.objects.get(pk=draft.pk), "Later"
    home.save()
    assert ">Later</a>" not in client.get("/").text
