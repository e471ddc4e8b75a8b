"""A site's own look: colours that can be read, a logo in the header, and the clock that its pages tell the time by."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Site

from cms import clock
from home import appearance, colours
from home.models import Appearance
from mailing.compose import letterhead
from mailing.models import Letter
from policies import wording
from tests import make
from tests.house import tree

pytestmark = [
    pytest.mark.django_db,
    # Wagtail's, of pictures kept in memory.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
CSS = tree.ROOT / "cms" / "static" / "cms" / "site.css"
STRANGE = "Pacific/Kiritimati"


def look(**values: Any) -> Appearance:
    row = Appearance(site=Site.objects.get(is_default_site=True), **values)
    row.full_clean()
    row.save()
    return row


def test_colours_are_compared_with_the_papers_of_the_style_sheet() -> None:
    css = CSS.read_text(encoding="utf-8")
    for name, pair in {
        "paper": (colours.PAPER, colours.PAPER_DARK),
        "raised": (colours.RAISED, colours.RAISED_DARK),
        "accent": (colours.ACCENT, colours.ACCENT_DARK),
        "on-accent": (colours.WHITE, colours.BLACK),
    }.items():
        assert f"--{name}: light-dark({pair[0]}, {pair[1]});" in css


def test_contrast_is_that_of_wcag() -> None:
    assert colours.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert colours.least(colours.ACCENT, colours.DAY) > colours.READABLE
    assert colours.least(colours.ACCENT_DARK, colours.NIGHT) > colours.READABLE


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#808080", "#0f5560", "#ffd200", "#d00000"])
def test_words_on_any_colour_can_be_read(colour: str) -> None:
    assert colours.contrast(colours.on(colour), colour) >= colours.READABLE - 0.1


@pytest.mark.parametrize(
    ("field", "colour", "said"),
    [
        ("accent", "#88c0c8", "On the site's light paper its contrast is"),
        ("accent_dark", "#12304a", "On the site's dark paper its contrast is"),
        ("accent", "teal", "Write a colour as # and six hexadecimal digits"),
        ("time_zone", "Mars/Olympus", "No such time zone."),
    ],
)
def test_what_could_not_be_read_is_refused_with_a_sentence(field: str, colour: str, said: str) -> None:
    make.site()
    with pytest.raises(ValidationError) as refused:
        look(**{field: colour})
    assert said in refused.value.message_dict[field][0]


def test_a_colour_reaches_pages_without_an_inline_style(client: Client) -> None:
    make.site()
    look(accent="#7a1f3d", accent_dark="#f0a6bd")
    page = client.get("/").text
    address = re.search(r'href="(/appearance/[^"]+\.css)"', page)
    assert address
    assert " style=" not in page
    sheet = client.get(address[1])
    assert sheet["Content-Type"].startswith("text/css")
    assert "--accent: light-dark(#7a1f3d, #f0a6bd)" in sheet.text
    assert "immutable" in sheet["Cache-Control"]
    assert not sheet.cookies


def test_a_sheet_asks_the_database_nothing(client: Client, django_assert_num_queries: Any) -> None:
    name = appearance.name_of_sheet("#7a1f3d", "#f0a6bd")
    client.get(f"/appearance/{name}.css")  # by which clock to answer is remembered
    with django_assert_num_queries(0):
        assert client.get(f"/appearance/{name}.css").status_code == 200


@pytest.mark.parametrize("name", ["x", "7a1f3d-f0a6bd", "7a1f3d-f0a6bd.00000000000g", "zzzzzz-f0a6bd.000000000000"])
def test_what_is_no_sheet_is_not_found(client: Client, name: str) -> None:
    assert client.get(f"/appearance/{name}.css").status_code == 404


def test_a_sheet_that_says_something_else_now_is_kept_for_a_minute_only(client: Client) -> None:
    answer = client.get("/appearance/7a1f3d-f0a6bd.000000000000.css")
    assert answer["Cache-Control"] == "public, max-age=60"


def test_a_site_without_colours_of_its_own_loads_no_second_sheet(client: Client) -> None:
    make.site()
    assert "/appearance/" not in client.get("/").text


def test_a_logo_stands_in_the_header_with_its_size_and_a_name(client: Client) -> None:
    make.site()
    look(logo=Image.objects.create(title="Anchor", file=get_test_image_file(size=(960, 192))))
    header = client.get("/").text.partition("site-header")[2].partition("</header>")[0]
    assert 'width="240" height="48" alt="Quay Ltd"' in header


def test_without_a_logo_the_name_stands_there(client: Client) -> None:
    make.site()
    assert ">Quay Ltd</a>" in client.get("/").text


def test_a_page_asks_for_the_look_once_in_a_few_seconds(client: Client, django_assert_num_queries: Any) -> None:
    make.site()
    look(logo=Image.objects.create(title="Anchor", file=get_test_image_file()))
    site = Site.objects.get()
    appearance.of(site)
    with django_assert_num_queries(0):
        appearance.of(site)


def test_pages_tell_the_time_of_the_site(client: Client) -> None:
    home = make.site()
    make.policy(home)
    look(time_zone=STRANGE)
    page = client.get("/privacy/").text
    assert "+14:00" in page
    assert timezone.get_current_timezone_name() != STRANGE


def test_where_no_zone_is_set_the_operators_counts(client: Client) -> None:
    make.policy(make.site())
    assert "+00:00" in client.get("/privacy/").text


def test_workers_tell_the_time_of_the_site() -> None:
    make.site()
    look(time_zone=STRANGE)
    noon = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    try:
        clock.set_for_task()
        assert wording.instant(noon).startswith("2 March 2026, 02:00")
        Appearance.objects.all().delete()
        appearance.forget()
        clock.set_for_task()
        assert wording.instant(noon).startswith("1 March 2026, 12:00")
    finally:
        timezone.deactivate()


def test_the_settings_screen_says_what_is_wrong(client: Client) -> None:
    make.site()
    client.force_login(make.vera())
    address = f"/cms/settings/home/appearance/{Site.objects.get().pk}/"
    values = {"logo": "", "share_image": "", "accent": "#88c0c8", "accent_dark": "", "time_zone": ""}
    answer = client.post(address, values)
    assert "links need 4.5 to 1. Choose a darker one." in answer.text
    assert client.post(address, values | {"accent": "#0f5560"}).status_code == 302
    assert Appearance.objects.get().accent == "#0f5560"


def mail(name: str = "letter", **said: Any) -> str:
    """The HTML of a letter, or of another mail."""
    letter = {"title": "Yes", "letter": Letter(subject="Yes", text="No")}
    return letterhead.html(name, {**letterhead.letterhead(), **letter, **said})


def test_mail_is_written_under_the_logo_of_the_site() -> None:
    make.site()
    name, plain = "Quay Ltd", mail()
    assert f">{name}</a>" in plain
    assert "<img" not in plain
    look(logo=Image.objects.create(title="Mark", file=get_test_image_file(size=(600, 120))))
    dressed, there = mail(), re.escape(f"{settings.SITE_URL}/media/images/")
    assert re.search(rf'<img src="{there}[^"]+" width="240" height="48" alt="{name}"', dressed)
    assert f">{name}</a>" not in dressed


@pytest.mark.parametrize(("accent", "on"), [("#7a1f3d", colours.WHITE), ("", "#ffffff")])
def test_buttons_in_mail_have_the_colour_of_the_site(accent: str, on: str) -> None:
    make.site()
    look(accent=accent)
    [button] = BeautifulSoup(mail("confirmation", confirm_url="https://quay.example/yes/"), "html.parser").select(
        'a[href="https://quay.example/yes/"][style*=background]'
    )
    assert f"background:{accent or '#12545c'};color:{on}" in str(button["style"]).replace(" ", "")


def test_a_drawing_that_mailboxes_do_not_show_stays_out_of_mail() -> None:
    make.site()
    drawn = ContentFile(b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="12"/>', name="mark.svg")
    look(logo=Image.objects.create(title="Mark", file=drawn, width=60, height=12))
    assert "<img" not in mail()
