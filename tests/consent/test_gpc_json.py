"""The site tells programs that it heeds Global Privacy Control, and heeds Do Not Track where it is told to."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale

from consent.catalogue import Published
from consent.models import Decision, Service
from tests import make
from tests.consent.conftest import Post

HERE = {"Sec-Fetch-Site": "same-origin"}


def test_it_says_since_when(client: Client, published: Published) -> None:
    answer = client.get("/.well-known/gpc.json")
    assert answer["Content-Type"] == "application/json"
    assert answer.json() == {"gpc": True, "lastUpdate": "2026-03-01"}
    assert answer["Cache-Control"] == "public, max-age=3600"


def test_a_new_configuration_is_an_update(client: Client, published: Published) -> None:
    Service.objects.update(name="Tally 2")
    make.publish(make.NOW + timedelta(days=9))
    assert client.get("/.well-known/gpc.json").json()["lastUpdate"] == "2026-03-10"


@pytest.mark.django_db
def test_it_says_so_before_anything_is_published(client: Client) -> None:
    make.site()
    assert client.get("/.well-known/gpc.json").json() == {"gpc": True, "lastUpdate": "2026-11-22"}
    assert client.get("/.well-known/gpc.json", HTTP_HOST="localhost").json()["gpc"] is True


@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_lies_at_the_root_whatever_the_language_of_the_site(
    client: Client, published: Published, settings: Any, language: str
) -> None:
    Locale.objects.get_or_create(language_code="ru")
    settings.LANGUAGE_CODE = language
    assert client.get("/.well-known/gpc.json").status_code == 200
    assert client.get("/ru/.well-known/gpc.json").status_code == 404


def test_it_is_only_read(client: Client, published: Published) -> None:
    assert client.post("/.well-known/gpc.json").status_code == 405


@pytest.mark.parametrize(
    ("heeded", "sent", "recorded"), [(False, "1", False), (True, "1", True), (True, "0", False), (True, "", False)]
)
def test_do_not_track_counts_where_the_site_heeds_it(
    post: Post, settings: Any, heeded: bool, sent: str, recorded: bool
) -> None:
    settings.CONSENT_HONOUR_DNT = heeded
    assert post(headers=HERE | {"DNT": sent}).status_code == 201
    assert Decision.objects.get().gpc is recorded


def test_do_not_track_is_not_heeded_unless_somebody_says_so(settings: Any) -> None:
    assert settings.CONSENT_HONOUR_DNT is False
