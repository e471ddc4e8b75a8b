"""The blocks of a text as HTML, as plain text, with pictures and with links."""

import gc
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.files.images import ImageFile
from PIL import Image as Painting
from wagtail.images import get_image_model
from wagtail.rich_text import RichText

from mailing import compose
from mailing.compose import body
from mailing.models import Campaign, MailingList, Text
from policies.models import PolicyPage
from tests import make
from tests.mailing.opened import opened, part, wire


@pytest.fixture
def picture(db: None) -> Iterator[Any]:
    """1600 by 900 pixels. Wagtail leaves the file of each rendition to the garbage collector, which warns."""
    file = BytesIO()
    Painting.new("RGB", (1600, 900)).save(file, "JPEG")
    image = get_image_model().objects.create(title="Quay", file=ImageFile(BytesIO(file.getvalue()), "quay.jpg"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield image
        gc.collect()


def blocks(*found: dict[str, Any]) -> Any:
    return Text.body.field.stream_block.to_python(list(found))  # type: ignore[attr-defined]


def shown(image: Any, alt: str = "The quay", *, decorative: bool = False) -> dict[str, Any]:
    return {"image": image.pk, "alt_text": alt, "decorative": decorative}


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h2>Prices</h2><p>From <i>May</i>.</p>", "Prices\n\nFrom May."),
        ("<p>One<br/>two</p>", "One\ntwo"),
        ("<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul>", "- one\n\n- two\n\n- three"),
        ("<p>a &lt; b &amp; c</p><hr/><p>d</p>", "a < b & c\n\nd"),
        ("<p><a>gone</a></p>", "gone"),
        ('<p><a href="https://b.example/">B</a></p>', "B (https://b.example/)"),
        ('<p><a href="https://b.example/">https://b.example/</a></p>', "https://b.example/"),
        ("", ""),
    ],
)
def test_rich_text_becomes_readable_text(html: str, text: str) -> None:
    assert body.from_html(html) == text


def test_all_blocks_as_plain_text(news: MailingList, picture: Any) -> None:
    text = make.campaign(news).texts.get()
    text.body = blocks(
        {"type": "heading", "value": "Boats"},
        {"type": "image", "value": shown(picture)},
        {"type": "image", "value": shown(picture, "", decorative=True)},
        {"type": "text", "value": '<p>See <a linktype="page" id="0">nowhere</a>.</p>'},
        {"type": "button", "value": {"label": "Book", "page": None, "url": "https://b.example/"}},
        {"type": "divider", "value": None},
        {"type": "columns", "value": [{"image": None, "text": f"<p>{side}</p>"} for side in ("Left", "Right")]},
    )
    assert body.plain(text, body.sections(text), {}, lambda url: url) == (
        "Boats\n\n[The quay]\n\nSee nowhere.\n\nBook:\nhttps://b.example/\n\n* * *\n\nLeft\n\nRight"
    )


def test_an_editors_own_plain_text_takes_its_place_and_gets_the_same_foot(news: MailingList) -> None:
    campaign = make.campaign(news)
    campaign.texts.update(plain="Spring, {{ name|you }}.\r\n  https://b.example/.\r\n")
    said = part(opened(wire(campaign)), "plain")
    assert said.startswith("Spring, you.\n  https://b.example/.\n\n--\nYou receive “News”")
    assert "/mail/unsubscribe/" in said


def test_pictures_are_twice_as_fine_as_they_are_shown(news: MailingList, picture: Any) -> None:
    text = make.campaign(news).texts.get()
    none = {"image": None, "alt_text": "", "decorative": False}
    halves = [{"image": each, "text": "<p>x</p>"} for each in (shown(picture), none)]
    text.body = blocks({"type": "image", "value": shown(picture)}, {"type": "columns", "value": halves})
    wide, columns = body.sections(text)
    small = columns.columns[0].picture
    assert wide.picture
    assert small
    assert [(each.width, each.height) for each in (wide.picture, small)] == [(536, 302), (252, 142)]
    assert {rendition.filter_spec: rendition.width for rendition in picture.renditions.all()} == {
        "width-1072": 1072,
        "width-504": 504,
    }
    assert wide.picture.url.startswith("http://testserver/media/")
    assert columns.columns[1].picture is None


def test_a_small_picture_is_not_blown_up(news: MailingList, picture: Any) -> None:
    file = BytesIO()
    Painting.new("RGB", (300, 100)).save(file, "PNG")
    small = get_image_model().objects.create(title="Small", file=ImageFile(BytesIO(file.getvalue()), "small.png"))
    text = make.campaign(news).texts.get()
    text.body = blocks({"type": "image", "value": shown(small)})
    [section] = body.sections(text)
    assert section.picture
    assert (section.picture.width, section.picture.height) == (300, 100)


@pytest.mark.parametrize("alt", ['The "old" quay', "Рассвет & \\u{64b}", "صباحًا <b>"])
def test_words_in_place_of_a_picture_arrive_as_they_are(news: MailingList, picture: Any, alt: str) -> None:
    campaign = make.campaign(news)
    text = campaign.texts.get()
    text.body = blocks({"type": "image", "value": shown(picture, alt)})
    text.save()
    html = part(opened(wire(campaign)), "html")
    image = body.BeautifulSoup(html, "html.parser").find("img", alt=True)
    assert image
    assert (image["alt"], image["width"], image["height"]) == (alt, "536", "302")


def test_a_link_to_a_page_of_the_site_leads_back_to_the_site(news: MailingList) -> None:
    policy = PolicyPage.objects.get()
    html = f'<p><a linktype="page" id="{policy.pk}">Policy</a> <a href="https://b.example/?a=1&amp;b">B</a></p>'
    message = opened(wire(make.campaign(news, html=html)))
    assert 'href="http://testserver/privacy/"' in part(message, "html")
    assert part(message, "plain").startswith("Policy (http://testserver/privacy/) B (https://b.example/?a=1&b)\n")


def test_spaces_between_words_are_kept(news: MailingList) -> None:
    html = "<p><b>One</b>\n<i>two</i> <b>three</b></p>"
    said = body.BeautifulSoup(part(opened(wire(make.campaign(news, html=html))), "html"), "html.parser").get_text()
    assert "One two three" in said


@pytest.mark.parametrize("address", ['https://b.example/"onclick=x', "https://b.example/'", "https://b.example/\\x"])
def test_an_address_never_ends_its_attribute(address: str) -> None:
    assert body.absolute(address) == address.replace('"', "%22").replace("'", "%27").replace("\\", "%5C")


def test_the_links_of_a_campaign_are_those_of_all_its_texts(news: MailingList) -> None:
    policy = PolicyPage.objects.get()
    campaign = make.campaign(
        news, html='<p><a href="https://a.example/">A</a> <a href="mailto:v@quay.example">V</a></p>'
    )
    button = {"label": "Go", "page": policy, "url": ""}
    columns = [{"image": None, "text": RichText(f'<p><a href="https://{side}.example/">x</a></p>')} for side in "bc"]
    blocks_ = [("button", button), ("columns", columns)]
    make.written(campaign, body=blocks_, language="ru", plain="См. https://d.example/x, (https://a.example/).")
    assert compose.links_of(Campaign.objects.get(pk=campaign.pk)) == [
        "https://a.example/",
        "http://testserver/privacy/",
        "https://b.example/",
        "https://c.example/",
        "https://d.example/x",
    ]


def test_the_first_heading_is_the_title_and_the_others_are_below_it(news: MailingList) -> None:
    campaign = make.campaign(news)
    text = campaign.texts.get()
    text.body = [("text", RichText("<p>x</p>")), ("heading", "One"), ("heading", "Two")]
    text.save()
    html = part(opened(wire(campaign)), "html")
    assert [html.count(f">{words}</{tag}>") for tag, words in (("h1", "One"), ("h2", "Two"))] == [1, 1]
