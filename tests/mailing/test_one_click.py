"""A mailbox's own button (RFC 8058): one body from anywhere leaves, without cookie, Origin or log-in."""

from typing import Any

import pytest
from django.test import Client

from mailing.models import MailingList, Return, Subscription
from tests import make
from tests.mailing import reader

BODY = b"List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"
PARTS = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
FILE = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"; filename="a"\r\n\r\nOne-Click\r\n--x--\r\n'
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ana(news: MailingList) -> Subscription:
    return make.subscriber(make.ANA, news)


def post(address: str, body: bytes = BODY, kind: str = FORM, **headers: str) -> Any:
    """As a program sends it: nothing a browser would add."""
    return Client().generic("POST", address, body, kind, **headers)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (BODY, FORM),
        (BODY, f"{FORM}; charset=UTF-8"),
        (PARTS, "multipart/form-data; boundary=x"),
        (BODY + b"\r\n", "text/plain"),
    ],
)
def test_the_pair_alone_leaves_at_once(ana: Subscription, body: bytes, kind: str) -> None:
    answer = post(reader.unsubscribe(ana), body, kind)
    assert (answer.status_code, answer.content) == (200, b"You have left the list\n")
    assert not answer.cookies
    assert not Subscription.objects.live().exists()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", FORM),
        (b"", ""),
        (b"List-Unsubscribe=One-Click&more=1", FORM),
        (b"List-Unsubscribe=One-Click&List-Unsubscribe=One-Click", FORM),
        (b"List-Unsubscribe=one-click", FORM),
        (b"list-unsubscribe=One-Click", FORM),
        (b"act=leave", FORM),
        (b'{"List-Unsubscribe": "One-Click"}', "application/json"),
        (PARTS.replace(b"One-Click", b"Two-Clicks"), "multipart/form-data; boundary=x"),
        (FILE, "multipart/form-data; boundary=x"),
        (PARTS, "multipart/form-data; boundary=y"),
        (PARTS, "multipart/form-data"),
        (b"\xff\xfe", "application/octet-stream"),
    ],
)
def test_whatever_else_a_scanner_posts_leaves_nothing(ana: Subscription, body: bytes, kind: str) -> None:
    assert post(reader.unsubscribe(ana), body, kind).status_code == 400
    assert Subscription.objects.live().exists()


def test_the_refusal_says_what_to_send(ana: Subscription) -> None:
    assert "List-Unsubscribe=One-Click" in post(reader.unsubscribe(ana), b"").content.decode()


def test_another_site_does_not_press_the_button_for_anybody(ana: Subscription) -> None:
    for headers in ({"HTTP_ORIGIN": "http://evil.example"}, {"HTTP_SEC_FETCH_SITE": "cross-site"}):
        assert post(reader.unsubscribe(ana), b"", **headers).status_code == 400
    assert Subscription.objects.live().exists()


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
def test_no_other_method_changes_anything(ana: Subscription, method: str) -> None:
    answer = Client().generic(method, reader.unsubscribe(ana), BODY, FORM)
    assert answer.status_code == (200 if method in {"GET", "HEAD"} else 405)
    assert Subscription.objects.live().exists()


def test_a_whole_provider_may_leave_in_one_minute(ana: Subscription) -> None:
    assert {post(reader.unsubscribe(ana)).status_code for _ in range(125)} == {200}


def test_the_results_see_that_the_provider_said_so(ana: Subscription) -> None:
    post(reader.unsubscribe(ana, reader.delivered(ana).pk))
    assert Return.objects.get().source == Return.Source.WEBHOOK


def test_it_is_told_from_the_button_on_the_page(ana: Subscription) -> None:
    Client().post(reader.unsubscribe(ana, reader.delivered(ana).pk), **make.HERE)
    assert Return.objects.get().source == "page"


def test_a_token_that_is_not_ours_leaves_nothing(ana: Subscription) -> None:
    answer = post(reader.unsubscribe(ana)[:-2] + "/")
    assert answer.status_code == 404
    assert Subscription.objects.live().exists()
