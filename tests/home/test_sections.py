"""A page's sections: what comes from others is shown as a placeholder, and refused where nobody declared it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from wagtail.embeds.embeds import get_embed_hash
from wagtail.embeds.models import Embed
from wagtail.models import Locale
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from consent import catalogue
from home.models import HomePage, StandardPage
from records.registry import coverage
from tests import make

TUBE, STRANGER = "https://www.tube.example", "https://stranger.example"
VIDEO = f"{TUBE}/watch?v=1"
UNDECLARED = f"“{STRANGER}” is not declared."

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> HomePage:
    found = make.site()
    make.catalogue_of_one()
    catalogue.add_group(key="media", name="Media", description="")
    fields = {"name": "Tube", "vendor": make.recipient("Tube Ltd"), "description": "", "frame_origins": [TUBE]}
    catalogue.add_service(group="media", key="tube", **fields)
    make.publish()
    # As Wagtail's finder would have found it.
    player = f'<iframe width="640" height="360" src="{TUBE}/embed/1" title="A ship"></iframe>'
    Embed.objects.create(url=VIDEO, hash=get_embed_hash(VIDEO), type="video", html=player, width=640, height=360)
    return found


def shown(home: HomePage, client: Client, sections: list[tuple[str, Any]], body: str = "<p>Words.</p>") -> str:
    page = StandardPage(title="Tides", slug="tides", body=body, sections=sections, live=False)
    home.add_child(instance=page)
    page.save_revision().publish()
    return str(client.get("/tides/").content.decode())


PLACEHOLDER = '<candor-embed data-consent-gate="media" data-service="tube"'


def is_placeholder(page: str, *, size: str, title: str) -> None:
    assert page.count(PLACEHOLDER) == page.count("<iframe") == 1
    assert f"<svg {size}" in page
    assert f'aria-label="{title}"' in page
    assert page.index("<template><iframe") > page.index(PLACEHOLDER)


def test_an_embed_in_rich_text_waits(home: HomePage, client: Client) -> None:
    page = shown(home, client, [], f'<p>See:</p><embed embedtype="media" url="{VIDEO}"/>')
    is_placeholder(page, size='width="640" height="360"', title="A ship")


def test_an_embed_block_waits(home: HomePage, client: Client) -> None:
    page = shown(home, client, [("embed", VIDEO)])
    is_placeholder(page, size='width="640" height="360"', title="A ship")
    assert " style=" not in page


def test_a_map_waits(home: HomePage, client: Client) -> None:
    address = {"title": "The way to us", "address": f"{TUBE}/map?a=1&b=2", "height": "300"}
    is_placeholder(shown(home, client, [("map", address)]), size='width="800" height="300"', title="The way to us")


def test_pasted_html_waits_and_text_does_not(home: HomePage, client: Client) -> None:
    frame = f'<p><iframe src="{TUBE}/embed/1"></iframe></p>'
    page = shown(home, client, [("text", "<h2>Here</h2>"), ("html", frame)])
    is_placeholder(page, size='width="560" height="315"', title="Tube")
    assert "<h2>Here</h2>" in page


def test_a_page_is_the_same_for_everybody_and_as_long_as_it_says(home: HomePage, client: Client) -> None:
    shown(home, client, [("embed", VIDEO)])
    first, second = client.get("/tides/"), Client().get("/tides/")
    assert first.content == second.content
    assert int(first["Content-Length"]) == len(first.content)


def test_a_placeholder_speaks_the_pages_language(home: HomePage, client: Client) -> None:
    russian = Locale.objects.get_or_create(language_code="ru")[0]
    shown(home, client, [("embed", VIDEO)])
    home.copy_for_translation(russian).save_revision().publish()
    page = StandardPage.objects.get(slug="tides").copy_for_translation(russian)
    page.save_revision().publish()
    answer = client.get("/ru/tides/").content.decode()
    assert PLACEHOLDER in answer
    assert 'data-frame="/ru/consent/embed/' in answer


def test_the_cms_shows_editors_what_they_wrote(home: HomePage, client: Client) -> None:
    shown(home, client, [("html", f'<iframe src="{TUBE}/embed/1"></iframe>')])
    page = StandardPage.objects.get(slug="tides")
    client.force_login(make.vera())
    assert "<candor-embed" not in client.get(f"/cms/pages/{page.pk}/edit/").content.decode()
    preview = client.get(f"/cms/pages/{page.pk}/view_draft/").content.decode()
    assert PLACEHOLDER in preview


def sent(**changes: Any) -> dict[str, Any]:
    """The editor's form with one section."""
    fields = {"title": "Tides", "slug": "tides", "introduction": "", "body": rich_text("<p>Words.</p>")}
    no_comments = {"comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0}}
    return dict(nested_form_data({**fields, "sections": streamfield([]), **no_comments, **changes}))


FOREIGN = f'<iframe src="{STRANGER}/x"></iframe>'
EMBED = f'<embed embedtype="media" url="{STRANGER}/1"/>'
MAP = {"title": "A", "address": f"{STRANGER}/x", "height": "300"}
WAYS: dict[str, Callable[[], dict[str, Any]]] = {
    "html": lambda: {"sections": streamfield([("html", FOREIGN)])},
    "map": lambda: {"sections": streamfield([("map", MAP)])},
    "embed": lambda: {"sections": streamfield([("embed", f"{STRANGER}/1")])},
    "text": lambda: {"sections": streamfield([("text", rich_text(EMBED))])},
    "body": lambda: {"body": rich_text(EMBED)},
}


@pytest.mark.parametrize("way", WAYS)
def test_the_editors_form_says_beside_it_what_nobody_declared(home: HomePage, client: Client, way: str) -> None:
    url = f"{STRANGER}/1"
    Embed.objects.create(url=url, hash=get_embed_hash(url), type="video", html=FOREIGN)
    client.force_login(make.vera())
    address = f"/cms/pages/add/home/standardpage/{home.pk}/"
    answer = client.post(address, sent(**WAYS[way](), **{"action-publish": "1"}))
    assert answer.status_code == 200
    assert UNDECLARED in answer.content.decode().replace("\\u201c", "“").replace("\\u201d", "”")
    assert not StandardPage.objects.exists()
    assert client.post(address, sent(**WAYS[way]())).status_code == 302  # a draft may hold it
    assert not StandardPage.objects.get().live


def test_every_column_is_declared() -> None:
    assert coverage.check_every_column_is_declared() == []
