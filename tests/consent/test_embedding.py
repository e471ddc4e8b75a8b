"""The page of this site around one frame: its own header names that service alone, and it frames no stranger."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client, override_settings

from consent import catalogue
from consent.catalogue import Content, Published
from consent.views import embedding
from tests import make

TUBE = "https://tube.example"
SRC = f"{TUBE}/embed/1?a=1&b=“quay”"

pytestmark = pytest.mark.django_db


@pytest.fixture
def published() -> Published:
    make.site()
    make.catalogue_of_one()
    catalogue.add_group(key="media", name="Media", description="")
    tube = {"name": "Tube", "vendor": make.recipient("Tube Ltd"), "description": "Shows.", "frame_origins": [TUBE]}
    catalogue.add_service(group="media", key="tube", embeds=["player.tube.example"], **tube)
    return make.publish()


def service(published: Published, key: str = "tube") -> Content:
    return next(row for row in published.services if row["key"] == key)


def test_it_shows_the_frame_and_permits_nothing_else(client: Client, published: Published) -> None:
    answer = client.get(embedding.address(published, service(published), SRC))
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"] == (
        "default-src 'none'; frame-src https://player.tube.example https://tube.example; style-src 'self'; "
        "frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
    )
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    page = answer.content.decode()
    assert f'<iframe src="{TUBE}/embed/1?a=1&amp;b=“quay”" title="Tube"' in page
    assert 'referrerpolicy="strict-origin-when-cross-origin"' in page
    assert '<html lang="en">' in page
    assert "<script" not in page
    assert "<candor-embed" not in page
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_its_address_is_the_same_until_the_configuration_is_another(published: Published) -> None:
    first = embedding.address(published, service(published), SRC)
    assert embedding.address(published, service(published), SRC) == first
    assert first.startswith(f"/consent/embed/{published.sha256}/tube/?src=https%3A%2F%2Ftube.example")


def changed(address: str, **fields: str) -> str:
    parts = urlsplit(address)
    said = {name: values[0] for name, values in parse_qs(parts.query).items()} | fields
    return f"{parts.path}?{urlencode(said)}"


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"src": f"{TUBE}/embed/2"}, 403, "This site has not signed that address."),
        ({"src": "https://evil.example/"}, 403, "This site has not signed that address."),
        ({"sig": "0"}, 403, "This site has not signed that address."),
        ({"sig": ""}, 403, "This site has not signed that address."),
        ({"sig": "a:b\n"}, 403, "This site has not signed that address."),
        ({"src": ""}, 400, "is the address of a frame."),
        ({"src": "x" * 5000}, 400, "is the address of a frame."),
    ],
)
def test_what_this_site_did_not_sign_it_does_not_frame(
    client: Client, published: Published, fields: dict[str, str], status: int, sentence: str
) -> None:
    answer = client.get(changed(embedding.address(published, service(published), SRC), **fields))
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_a_signature_is_for_one_service(client: Client, published: Published) -> None:
    address = embedding.address(published, service(published, "tally"), SRC)
    assert client.get(address.replace("/tally/", "/tube/")).status_code == 403


def test_what_was_signed_must_be_declared_as_well(client: Client, published: Published) -> None:
    for src in ("https://elsewhere.example/", "javascript:alert(1)", "//tube.example/", "http://tube.example/"):
        answer = client.get(embedding.address(published, service(published), src))
        assert answer.status_code == 403
        assert "does not declare frames from there" in answer.content.decode()


@pytest.mark.parametrize("path", ["{0}/other/", "{1}/tube/", "{0}/essential/"])
def test_what_was_never_published_is_not_found(client: Client, published: Published, path: str) -> None:
    assert client.get(f"/consent/embed/{path.format(published.sha256, '0' * 64)}?src={TUBE}").status_code == 404


def test_an_earlier_configuration_still_answers_for_pages_that_a_cache_kept(
    client: Client, published: Published
) -> None:
    address = embedding.address(published, service(published), SRC)
    catalogue.add_group(key="maps", name="Maps", description="")
    make.publish()
    assert client.get(address).status_code == 200


def test_a_key_that_was_replaced_counts_until_it_is_forgotten(client: Client, published: Published) -> None:
    with override_settings(SECRET_KEY="before"):
        address = embedding.address(published, service(published), SRC)
    assert client.get(address).status_code == 403
    with override_settings(SECRET_KEY_FALLBACKS=["before"]):
        assert client.get(address).status_code == 200


def test_only_reading_and_not_without_end(client: Client, published: Published) -> None:
    address = embedding.address(published, service(published), SRC)
    assert client.post(address).status_code == 405
    assert client.head(address).status_code == 200
    assert 429 in {client.get(address).status_code for _time in range(125)}
