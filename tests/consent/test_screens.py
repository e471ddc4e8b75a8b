"""The size of a screen is noted where the service is allowed, and never otherwise."""

from typing import Any

import pytest
from django.test import Client

from consent import adding, presets
from consent.views.screens import SERVICE
from records.action_log import events
from records.models import Recipient
from tests import make
from tests.consent.conftest import Post
from tests.records.acting import BEN, waiting
from tests.records.acting import log as log

pytestmark = pytest.mark.usefixtures("published", "log")


@pytest.fixture
def own(published: Any) -> Any:
    adding.add(presets.find(SERVICE))
    return make.publish()


def allow(client: Client, own: Any, *, yes: bool) -> None:
    said = {"choices": {"analytics": yes}, "snapshot": own.sha256, "key": "00000000-0000-4000-8000-000000000001"}
    answer = client.post("/consent/decide/", said, content_type="application/json", **make.HERE)
    assert answer.status_code == 201


def tell(client: Client, screen: object = "1920x1080", **headers: str) -> int:
    said = {"screen": screen}
    headers = make.HERE | BEN | headers
    return int(client.post("/consent/screen/", said, content_type="application/json", **headers).status_code)


def told() -> list[str]:
    found = [events.unpacked(raw) for raw in waiting()]
    return [event.screen for event in found if event.kind == "screen"]


def test_of_whoever_allowed_it_the_size_is_noted(client: Client, own: Any) -> None:
    allow(client, own, yes=True)
    assert tell(client) == 204
    assert told() == ["1920x1080"]
    [entry] = [event for raw in waiting() if (event := events.unpacked(raw)).kind == "screen"]
    assert entry.browser == "Firefox 140"
    assert entry.visitor


def test_of_whoever_refused_or_was_not_asked_nothing_is_noted(client: Client, own: Any) -> None:
    assert tell(client) == 403
    allow(client, own, yes=False)
    assert tell(client) == 403
    assert told() == []


def test_a_site_without_the_service_notes_nothing(client: Client, post: Post) -> None:
    assert post().status_code == 201
    assert tell(client) == 403


def test_a_forged_cookie_allows_nothing(client: Client, own: Any) -> None:
    allow(client, own, yes=True)
    value = client.cookies["candor_consent"].value
    client.cookies["candor_consent"] = value[:-1] + ("A" if value[-1] != "A" else "B")
    assert tell(client) == 403


@pytest.mark.parametrize("signal", ["HTTP_SEC_GPC", "HTTP_DNT"])
def test_a_signal_goes_before_it(client: Client, own: Any, signal: str) -> None:
    allow(client, own, yes=True)
    assert tell(client, **{signal: "1"}) in {204, 403}
    assert told() == []


@pytest.mark.parametrize(
    "sent", ["1920", "x", "0x0", "1920x", "1920x1080x2", "99999999x1", 7, None, ["1920x1080"], "é"]
)
def test_what_is_no_size_is_refused(client: Client, own: Any, sent: object) -> None:
    allow(client, own, yes=True)
    assert tell(client, sent) == 422
    assert told() == []


def test_another_site_cannot_tell(client: Client, own: Any) -> None:
    allow(client, own, yes=True)
    assert tell(client, HTTP_SEC_FETCH_SITE="cross-site") == 403


def test_its_owner_answers_for_it(own: Any) -> None:
    [service] = [row for row in own.services if row["key"] == SERVICE]
    assert service["vendor"]["name"] == "Quay Ltd"
    assert not any(service["origins"].values())
    assert Recipient.objects.get(name="Quay Ltd").url == "http://testserver"


def test_it_is_served_by_the_site(client: Client, own: Any) -> None:
    answer = client.get(f"/consent/module/{own.sha256}/{SERVICE}.js")
    assert "/consent/screen/" in answer.content.decode()
