"""Google Consent Mode: pages name the storage types that services need; the advanced mode is a switch, and shows."""

import pytest
from django.test import Client
from wagtail.models import Site

from consent.catalogue import Published
from consent.models import Banner, Service
from tests import make

TAG = "https://www.googletagmanager.com"


@pytest.fixture
def published(published: Published) -> Published:
    needs = ["analytics_storage", "ad_user_data"]
    Service.objects.update(consent_mode=needs, script_url=f"{TAG}/gtag/js?id=G-1")
    return make.publish()


def advanced() -> Published:
    Banner.objects.create(site=Site.objects.get(is_default_site=True), consent_mode="advanced")
    return make.publish()


def refused(published: Published) -> Client:
    client = Client()
    client.post("/consent/", {"snapshot": published.sha256, "choice": "refuse"}, **make.HERE)
    return client


def test_a_page_names_every_type_and_the_services_that_need_it(client: Client, published: Published) -> None:
    page = client.get("/").content.decode()
    said = page.partition('data-consent-google="')[2].partition('"')[0]
    assert said.split()[:4] == ["ad_storage", "ad_user_data.tally", "ad_personalization", "analytics_storage.tally"]


def test_where_no_service_is_googles_nothing_is_said(client: Client, published: Published) -> None:
    Service.objects.update(consent_mode=[])
    make.publish()
    assert "data-consent-google" not in client.get("/").content.decode()


def test_in_the_basic_mode_a_tag_waits_like_all_others(published: Published) -> None:
    answer = refused(published).get("/")
    assert "data-advanced" not in answer.content.decode()
    assert TAG not in answer["Content-Security-Policy"]


def test_in_the_advanced_mode_it_waits_for_nobody(published: Published) -> None:
    answer = refused(advanced()).get("/")
    assert 'data-service="tally" data-advanced><script' in answer.content.decode()
    assert TAG in answer["Content-Security-Policy"]


def test_the_advanced_mode_is_for_googles_tags_alone(published: Published) -> None:
    Service.objects.update(consent_mode=[])
    answer = refused(advanced()).get("/")
    assert "data-advanced" not in answer.content.decode()
    assert TAG not in answer["Content-Security-Policy"]
