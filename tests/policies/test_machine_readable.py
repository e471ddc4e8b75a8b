"""What does a program get of one version, and may it keep that for ever?"""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.http import http_date
from time_machine import Traveller

from home.models import HomePage
from policies.models import PolicyPage
from policies.views.machine_readable import CONTEXT
from tests import make
from tests.policies import languages

SOON = make.NOW + timedelta(days=10)
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    page = make.policy(home, "We keep nothing.", live=False)
    section = {
        "type": "section",
        "value": {"title": "Use & <b>", "numbered": True, "anchor": "use"},
        "id": "0123456789",
    }
    page.body = [section, languages.PURPOSES, make.text('<a href="https://quay.example/">Ask</a>.', anchor="ask")]
    page.save_revision().publish()
    return PolicyPage.objects.get(pk=page.pk)


def document(client: Client, path: str = "/privacy/v/1/json/") -> dict[str, Any]:
    found: dict[str, Any] = client.get(path).json()
    return found


def test_the_text_is_what_was_frozen(page: PolicyPage, client: Client) -> None:
    response = client.get("/privacy/v/1/text/")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.text == page.versions.get().text


def test_the_document_says_what_the_version_says(page: PolicyPage, client: Client) -> None:
    version = page.versions.get()
    assert client.get("/privacy/v/1/json/")["Content-Type"] == "application/ld+json"
    said = document(client)
    assert said["@type"] == ["dpv:PrivacyNotice", "schema:DigitalDocument"]
    assert (said["@id"], said["version"]) == ("http://testserver/privacy/v/1/", 1)
    assert said["datePublished"] == said["effectiveFrom"] == "2026-03-01T12:00:00.000000Z"
    assert (said["sha256"], said["contentSha256"]) == (version.sha256, version.content_sha256)
    assert said["terms"] == version.content["terms"]
    assert said["hasPart"][0] == {
        "@id": "http://testserver/privacy/v/1/#use",
        "@type": "schema:CreativeWork",
        "kind": "section",
        "number": "1",
        "text": "Use & <b>",
    }
    assert (said["hasPart"][2]["number"], said["hasPart"][2]["text"]) == ("1.2", "Ask.")


def test_every_name_in_the_document_is_explained_by_its_context(page: PolicyPage, client: Client) -> None:
    said = document(client)
    names = {*said, *said["hasPart"][0], *said["terms"][0]}
    assert {name for name in names if not name.startswith("@")} <= {*CONTEXT}
    assert said["@context"] == CONTEXT


def test_each_version_names_the_record_before_it(page: PolicyPage, client: Client) -> None:
    assert document(client)["previousSha256"] is None
    draft: Any = page.get_latest_revision_as_object()
    draft.body[2].value["text"].source = "<p>New.</p>"
    draft.save_revision().publish()
    assert document(client, "/privacy/v/2/json/")["previousSha256"] == document(client)["sha256"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_it_may_be_kept_for_ever_and_is_not_sent_twice(page: PolicyPage, client: Client, form: str) -> None:
    response = client.get(f"/privacy/v/1/{form}/")
    assert response["Cache-Control"] == FOR_EVER
    assert response["ETag"] == f'"{hashlib.sha256(response.content).hexdigest()}"'
    assert response["Last-Modified"] == http_date(make.NOW.timestamp())
    for known in ({"If-None-Match": response["ETag"]}, {"If-Modified-Since": response["Last-Modified"]}):
        assert client.get(f"/privacy/v/1/{form}/", headers=known).status_code == 304
    head = client.head(f"/privacy/v/1/{form}/")
    assert (head["ETag"], head["Content-Length"], head.content) == (
        response["ETag"],
        str(len(response.content)),
        b"",
    )


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_that_comes_later_changes_it(page: PolicyPage, clock: Traveller, client: Client, form: str) -> None:
    before = client.get(f"/privacy/v/1/{form}/").content
    draft: Any = page.get_latest_revision_as_object()
    draft.title, draft.go_live_at = "Another title", SOON
    draft.save_revision().publish()
    clock.move_to(SOON + timedelta(days=1))
    assert client.get(f"/privacy/v/1/{form}/").content == before


@pytest.mark.parametrize("form", ["text", "json"])
def test_there_is_nothing_for_another_number(page: PolicyPage, client: Client, form: str) -> None:
    assert [client.get(f"/privacy/v/{number}/{form}/").status_code for number in (0, 2, 10**30)] == [404] * 3
