"""A choice made in the banner is one row that says everything, or it is refused with a sentence and no row."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Site

from consent import catalogue, told
from consent.catalogue import Published
from consent.models import Decision, Snapshot
from policies.models import PolicyPage
from tests import make
from tests.consent.conftest import Post

HALF_A_YEAR = timedelta(days=182)


def test_a_choice_is_one_row_that_says_what_was_shown_and_chosen(
    post: Post, published: Published, policy: PolicyPage
) -> None:
    key = uuid.uuid4()
    answer = post(key=str(key))
    decision = Decision.objects.get()
    said = {"receipt": str(decision.id), "choices": {"analytics": True}, "services": {"tally": True}}
    assert (answer.status_code, answer.json()) == (201, said)
    assert decision.key == key
    assert decision.snapshot_id == published.pk
    assert decision.policy_version == policy.versions.get()
    assert (decision.choices, decision.services) == ({"analytics": True}, {"tally": True})
    assert (decision.source, decision.locale, decision.statement) == ("banner", "en", "")
    assert (decision.decided_at, decision.expires_at) == (make.NOW, make.NOW + HALF_A_YEAR)


def test_a_refusal_is_a_row_as_well(post: Post) -> None:
    assert post(choices={"analytics": False}).status_code == 201
    assert Decision.objects.get().choices == {"analytics": False}


def test_what_is_not_named_is_refused(post: Post) -> None:
    post(choices={})
    assert Decision.objects.get().choices == {"analytics": False}


def test_the_version_in_force_is_named_not_the_one_announced(
    post: Post, policy: PolicyPage, clock: time_machine.Traveller
) -> None:
    make.revise(policy, "We keep a little.", at=make.NOW + timedelta(days=1))
    post()
    clock.shift(timedelta(days=1))
    post()
    assert [row.policy_version.number for row in Decision.objects.order_by("decided_at")] == [1, 2]


def test_a_site_without_a_policy_still_records_choices(client: Client, db: None) -> None:
    make.site()
    choice = {"choices": {}, "snapshot": make.catalogue_of_one().sha256, "key": str(uuid.uuid4())}
    client.post("/consent/decide/", choice, content_type="application/json", **make.HERE)
    assert Decision.objects.get().policy_version is None


def test_the_same_key_again_gives_the_same_receipt_and_no_second_row(post: Post) -> None:
    key = str(uuid.uuid4())
    first, second = post(key=key), post(key=key)
    assert (second.status_code, second.json()) == (200, first.json())
    assert Decision.objects.count() == 1


def test_a_key_used_for_another_choice_is_refused_instead_of_answered_with_the_first(post: Post) -> None:
    key = str(uuid.uuid4())
    post(key=key, choices={"analytics": True})
    answer = post(key=key, choices={"analytics": False})
    assert answer.status_code == 422
    assert "another choice" in answer.json()["error"]
    assert not answer.cookies


def test_an_older_configuration_may_be_answered(post: Post, published: Published) -> None:
    catalogue.add_group(key="maps", name="Maps", description="")
    make.publish()
    assert post().status_code == 201
    assert Decision.objects.get().snapshot_id == published.pk


def test_a_change_of_mind_is_a_new_row_of_the_same_person(post: Post) -> None:
    post(choices={"analytics": True})
    post(choices={"analytics": False})
    first, second = Decision.objects.order_by("id")
    assert first.consent_id == second.consent_id
    assert first.key != second.key


def test_a_cookie_that_is_not_ours_joins_nobody(post: Post, client: Client) -> None:
    post()
    client.cookies["candor_consent"] = client.cookies["candor_consent"].value[:-1] + "*"
    post()
    first, second = Decision.objects.order_by("id")
    assert first.consent_id != second.consent_id


BAD_BODIES = {
    "not JSON": (b"{", 400),
    "empty": (b"", 400),
    "a list": (b"[]", 400),
    "nested without end": (b'{"choices":' * 300 + b"1" + b"}" * 300, 422),
    "deeper than Python goes": (b"[" * 4000, 400),
    "too large": (b'{"choices": {}, "padding": "' + b"x" * 8192 + b'"}', 413),
    "bytes that are no text": (b"\xff\x00\xff", 400),
    "a name twice": (b'{"choices": {"analytics": false}, "choices": {"analytics": true}}', 400),
    "a group twice": (b'{"choices": {"analytics": false, "analytics": true}}', 400),
    "a number that is none": (b'{"choices": {"analytics": NaN}, "snapshot": "x"}', 409),
    "a number without end": (b'{"choices": {"analytics": ' + b"9" * 5000 + b"}}", 400),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_body_that_cannot_be_a_choice_is_refused(post: Post, name: str) -> None:
    body, status = BAD_BODIES[name]
    assert refusal(post(body), status)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"snapshot": "0" * 64}, 409),
        ({"snapshot": "analytics"}, 409),
        ({"snapshot": "\0"}, 409),
        ({"snapshot": "\ud800"}, 409),
        ({"snapshot": None}, 422),
        ({"snapshot": 7}, 422),
        ({"choices": None}, 422),
        ({"choices": ["analytics"]}, 422),
        ({"choices": {"maps": True}}, 422),
        ({"choices": {"\0": True}}, 422),
        ({"choices": {"\ud800": True}}, 422),
        ({"choices": {"essential": True}}, 422),
        ({"choices": {"essential": False}}, 422),
        ({"choices": {"analytics": "true"}}, 422),
        ({"choices": {"analytics": 1}}, 422),
        ({"choices": {"analytics": 0}}, 422),
        ({"choices": {"analytics": 1.0}}, 422),
        ({"choices": {"analytics": {"analytics": True}}}, 422),
        ({"choices": {"analytics": [True]}}, 422),
        ({"choices": {"Analytics": True}}, 422),
        ({"choices": {"analytics ": True}}, 422),
        ({"choices": {"": True}}, 422),
        ({"choices": {"__proto__": True}}, 422),
        ({"choices": {f"group-{number}": True for number in range(300)}}, 422),
        ({"services": None}, 422),
        ({"source": "no_js"}, 422),
        ({"source": "mail"}, 422),
        ({"source": None}, 422),
        ({"source": ["banner"]}, 422),
        ({"locale": "ru"}, 422),
        ({"\ud800": 1}, 422),
        ({"choices": {"analytics": None}}, 422),
        ({"key": None}, 422),
        ({"key": ""}, 422),
        ({"key": "seven"}, 422),
        ({"key": "{12345678-1234-5678-1234-567812345678}"}, 422),
        ({"key": "urn:uuid:12345678-1234-5678-1234-567812345678"}, 422),
        ({"key": "12345678123456781234567812345678"}, 422),
        ({"key": "1234567_-1234-5678-1234-567812345678"}, 422),
        ({"key": "１２３４５６７８-1234-5678-1234-567812345678"}, 422),
        ({"key": 12345678123456781234567812345678}, 422),
        ({"key": "\ud800"}, 422),
    ],
)
def test_a_choice_that_says_nothing_clear_is_refused(post: Post, change: dict[str, Any], status: int) -> None:
    assert refusal(post(**change), status)


@pytest.mark.parametrize("name", ["choices", "snapshot", "key"])
def test_a_choice_that_lacks_a_part_is_refused(post: Post, published: Published, name: str) -> None:
    whole = {"choices": {}, "snapshot": published.sha256, "key": str(uuid.uuid4())}
    assert refusal(post(json.dumps({part: value for part, value in whole.items() if part != name})), 422)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_choice_that_no_page_of_this_site_sent_is_refused(post: Post, headers: dict[str, str]) -> None:
    assert refusal(post(headers=headers), 403)


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "zlib", "rot13", "idna", "latin-1"])
@pytest.mark.parametrize("address", ["/consent/decide/", "/consent/"])
def test_a_charset_that_is_not_that_of_the_web_is_refused(
    client: Client, published: Published, charset: str, address: str
) -> None:
    kind = "application/json" if "decide" in address else "multipart/form-data; boundary=x"
    answer = client.generic("POST", address, b"--x--", f"{kind}; charset={charset}", **make.HERE)
    assert answer.status_code == 415
    assert not Decision.objects.exists()


def test_a_host_nobody_has_is_refused(client: Client, published: Published) -> None:
    for host in ("elsewhere.example", "testserver:http", "test server", "[::1"):
        assert client.post("/consent/decide/", "{}", "application/json", headers={"Host": host}).status_code == 400


def test_where_no_site_answers_nothing_is_written(client: Client, published: Published) -> None:
    Site.objects.all().delete()
    told.forget()
    answer = client.post("/consent/decide/", "{}", "application/json", **make.HERE)
    assert refusal(answer, 404)


def test_another_sites_configuration_is_none_here(post: Post, published: Published) -> None:
    Snapshot.objects.create(
        site_id=published.site_id + 1, number=1, sha256="a" * 64, content="{}", published_at=make.NOW
    )
    assert refusal(post(snapshot="a" * 64), 409)


def test_a_configuration_of_an_earlier_release_can_no_longer_be_answered(post: Post, published: Published) -> None:
    content = '{"groups": [], "previous": null}'
    Snapshot.objects.create(
        site_id=published.site_id, number=9, sha256="b" * 64, content=content, published_at=make.NOW
    )
    assert refusal(post(snapshot="b" * 64), 409)


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options"])
def test_only_a_post_is_a_choice(client: Client, published: Published, method: str) -> None:
    answer = getattr(client, method)("/consent/decide/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "no-store" in answer["Cache-Control"]


def test_a_form_is_no_json(client: Client, published: Published) -> None:
    answer = client.post("/consent/decide/", {"choices": "all"}, headers={"Accept": "text/html"}, **make.HERE)
    assert answer.status_code == 415
    assert answer["Content-Type"].startswith("text/html")
    assert "Send application/json." in answer.content.decode()
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "length",
    [{"CONTENT_LENGTH": "10"}, {"CONTENT_LENGTH": ""}, {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}],
)
def test_a_body_is_read_as_far_as_its_length_says_and_no_further(
    client: Client, published: Published, length: dict[str, str]
) -> None:
    whole = {"choices": {}, "snapshot": published.sha256, "key": str(uuid.uuid4()), "padding": "x" * 10_000}
    environ = {"CONTENT_TYPE": "application/json", **make.HERE, **length}
    assert refusal(client.generic("POST", "/consent/decide/", json.dumps(whole), **environ), 400)


def test_the_sixty_first_choice_in_a_minute_waits(post: Post, published: Published) -> None:
    answers = [post() for _ in range(61)]
    assert [answer.status_code for answer in answers[:60]] == [201] * 60
    assert (answers[60].status_code, answers[60]["Retry-After"]) == (429, "60")
    assert answers[60].json()["error"].endswith(".")
    assert Decision.objects.count() == 60


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_who_is_turned_away_costs_the_database_nothing(
    client: Client, published: Published, django_assert_num_queries: DjangoAssertNumQueries, kind: str
) -> None:
    send = lambda: client.post("/consent/decide/", "{}", kind, headers={"Accept": "text/html"}, **make.HERE)  # noqa: E731
    for _ in range(60):
        send()
    with django_assert_num_queries(0):
        answer = send()
    assert answer.status_code == 429
    assert not answer.cookies


def test_choices_are_recorded_while_valkey_is_away(post: Post) -> None:
    away = settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    with override_settings(CACHES={"default": away}):
        assert post().status_code == 201


def refusal(answer: Any, status: int) -> bool:
    """Is `answer` a refusal as a script reads it: a sentence in JSON, kept by no cache, and nothing written?"""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["error"].endswith(".")
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    return not Decision.objects.exists()
