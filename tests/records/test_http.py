"""Every public endpoint is guarded alike, and a refusal says why, in the sender's own form, and undoes everything."""

import json

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse  # noqa: TID251 - the views of this test
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from cms.urls import urlpatterns as addresses
from records import http
from records.http import BadRequest, comes_from_here, guarded, json_object
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
AWAY = "redis://127.0.0.1:1/0"  # nothing listens there


@guarded(limit=20, rate="3/m")
def write(request: HttpRequest) -> HttpResponse:
    Group.objects.create(name="written")
    if request.GET:
        raise BadRequest(422, "It is written, but wrong.")
    return HttpResponse("done")


@guarded(limit=20, rate="3/m", from_anywhere=True)
def write_from_anywhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@guarded(limit=20, rate="3/m", reads="5/m")
def read_or_write(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


urlpatterns = [
    path("write/", write),
    path("anywhere/", write_from_anywhere),
    path("either/", read_or_write),
    *addresses,
]


@pytest.fixture(autouse=True)
def _site(db: None) -> None:
    make.site()


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": ""}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://testserver"}, False),
        ({"Origin": "http://testserver:8080"}, False),
        ({"Origin": "http://testserver.evil.example"}, False),
        ({"Origin": "http://testserver@evil.example"}, False),
        ({"Origin": "http://evil.example"}, False),
        ({"Origin": "http://[broken"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Referer": "http://testserver/"}, False),
        ({}, False),
    ],
)
def test_where_a_request_comes_from(rf: RequestFactory, headers: dict[str, str], expected: bool) -> None:
    assert comes_from_here(rf.post("/write/", headers=headers)) is expected


def test_a_post_of_another_site_is_refused_before_anything_is_written(client: Client) -> None:
    response = client.post("/write/", headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert not Group.objects.filter(name="written").exists()


def test_an_address_that_is_its_own_authority_takes_a_post_from_anywhere(client: Client) -> None:
    assert client.post("/anywhere/").content == b"done"


def test_no_token_is_needed() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/write/", **make.HERE).content == b"done"


def test_a_method_nobody_expects_is_refused_with_those_that_are(client: Client) -> None:
    response = client.delete("/write/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")
    assert "does not answer DELETE" in response.content.decode()


def test_a_refusal_undoes_what_the_view_had_written(client: Client) -> None:
    response = client.post("/write/?wrong", **make.HERE)
    assert response.status_code == 422
    assert not Group.objects.filter(name="written").exists()


def test_a_browsers_form_is_refused_with_a_page(client: Client) -> None:
    response = client.post("/write/?wrong", headers={"Accept": "text/html,*/*;q=0.8"}, **make.HERE)
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert "It is written, but wrong." in response.content.decode()
    assert 'href="/">To the home page' in response.content.decode()
    assert response["Cache-Control"] == "no-store"


def test_a_script_is_refused_with_json(client: Client) -> None:
    response = client.post("/write/?wrong", "{}", content_type="application/json", **make.HERE)
    assert response["Content-Type"] == "application/json"
    assert response.json() == {"error": "It is written, but wrong."}
    assert response["Cache-Control"] == "no-store"


def test_anything_else_is_refused_with_a_line_of_text(client: Client) -> None:
    response = client.post("/write/?wrong", headers={"Accept": "text/plain"}, **make.HERE)
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content == b"It is written, but wrong.\n"


@pytest.mark.parametrize(
    ("length", "status"),
    [("20", 200), ("21", 413), ("99999999999999999999", 413), ("many", 400), ("-1", 400), ("１", 400), ("", 200)],
)
def test_the_length_a_sender_names_is_measured(client: Client, length: str, status: int) -> None:
    response = client.generic("POST", "/write/", b"x" * 20, CONTENT_LENGTH=length, **make.HERE)
    assert response.status_code == status


@pytest.mark.usefixtures("clock")
def test_the_fourth_request_in_a_minute_waits(client: Client) -> None:
    answers = [client.get("/write/?wrong") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert answers[-1]["Retry-After"] == "60"
    assert "Wait a minute" in answers[-1].content.decode()


def test_whoever_is_over_the_limit_is_turned_away_from_memory_until_the_minute_is_over(
    client: Client, clock: time_machine.Traveller
) -> None:
    for _ in range(4):
        answer = client.post("/anywhere/")
    assert answer.status_code == 429
    cache.clear()
    assert client.post("/anywhere/").status_code == 429
    assert client.post("/anywhere/", REMOTE_ADDR="192.0.2.7").status_code == 200
    clock.shift(60)
    assert client.post("/anywhere/").status_code == 200


def test_not_more_of_them_are_remembered_than_there_is_room_for(
    client: Client, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "_MOST", 5)
    for last in range(20):
        codes = [client.post("/anywhere/", REMOTE_ADDR=f"192.0.2.{last}").status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
    assert len(http._over) <= 5


@pytest.mark.parametrize("charset", ["utf-7", "zlib", "latin-1"])
def test_another_charset_than_that_of_the_web_is_refused(client: Client, charset: str) -> None:
    kind = f"application/x-www-form-urlencoded; charset={charset}"
    assert client.generic("POST", "/write/", b"a=b", kind, **make.HERE).status_code == 415


@pytest.mark.usefixtures("clock")
def test_each_address_and_each_page_has_a_limit_of_its_own(client: Client) -> None:
    for _ in range(3):
        client.post("/anywhere/")
    assert client.post("/anywhere/").status_code == 429
    assert client.post("/anywhere/", REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.post("/write/", **make.HERE).status_code == 200


@pytest.mark.usefixtures("clock")
def test_who_reads_a_form_takes_nothing_from_what_may_be_sent_with_it(client: Client) -> None:
    assert [client.get("/either/").status_code for _ in range(6)] == [200, 200, 200, 200, 200, 429]
    assert client.head("/either/").status_code == 429
    assert [client.post("/either/", **make.HERE).status_code for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.usefixtures("clock")
def test_a_neighbour_in_the_same_ipv6_network_shares_the_limit(client: Client) -> None:
    codes = [client.post("/anywhere/", REMOTE_ADDR=f"2001:db8::{last}").status_code for last in range(1, 5)]
    assert codes == [200, 200, 200, 429]


def test_the_site_goes_on_without_limits_while_valkey_is_away(client: Client) -> None:
    with override_settings(CACHES={"default": settings.CACHES["default"] | {"LOCATION": AWAY}}):
        codes = [client.post("/anywhere/").status_code for _ in range(5)]
        assert client.get("/").status_code == 200
    assert codes == [200] * 5


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"null", "application/json", 400),
        (b'"text"', "application/json", 400),
        (b"\xff\xfe\xff", "application/json", 400),
        (b'{"a":' * 50_000, "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"a": 1, "a": 2}', "application/json", 400),
        (b'{"a": {"b": 1, "b": 1}}', "application/json", 400),
        (b'{"number": ' + b"1" * 5000 + b"}", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b"{}", "application/x-www-form-urlencoded", 415),
        (b"{}", "multipart/form-data; boundary=x", 415),
        (b"{}", "", 415),
        (b"{}" + b" " * settings.DATA_UPLOAD_MAX_MEMORY_SIZE, "application/json", 413),
    ],
)
def test_a_body_that_is_no_json_object_is_refused(rf: RequestFactory, body: bytes, kind: str, status: int) -> None:
    with pytest.raises(BadRequest) as refused:
        json_object(rf.generic("POST", "/", body, CONTENT_TYPE=kind))
    assert refused.value.status == status
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
def test_a_json_object_is_read(rf: RequestFactory, kind: str) -> None:
    assert json_object(rf.generic("POST", "/", json.dumps({"key": "é"}), content_type=kind)) == {"key": "é"}
