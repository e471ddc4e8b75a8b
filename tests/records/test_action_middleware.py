"""What a visit leaves behind: the page, never a token; of a browser with a signal nothing but that it was there."""

import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client, override_settings
from django.urls import reverse

from records.action_log import drain, events, partitions
from records.models import Action
from tests import make
from tests.records.acting import BEN, NOWHERE, ben, waiting, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log", "clock")]


@pytest.fixture(autouse=True)
def _site() -> None:
    make.contact(make.site())
    partitions.ensure(now=make.NOW)


def kept(path: str, client: Client | None = None, **headers: str) -> Action:
    """The row that this request leaves."""
    (client or ben()).get(path, **headers)
    drain.drain(now=make.NOW)
    return written()[-1]


def test_a_visit_is_a_row() -> None:
    row = kept(
        "/contact/?utm_source=letter&utm_campaign=may&email=ana@mail.example", HTTP_REFERER="https://a.example/b?c"
    )
    assert (row.at, row.kind, row.method, row.path, row.status) == (make.NOW, "page", "GET", "/contact/", 200)
    assert (row.query, row.campaign, row.source) == (
        "utm_source=letter&utm_campaign=may",
        "letter/may",
        "https://a.example/b",
    )
    assert (row.browser, row.system, row.device, row.language) == ("Firefox 140", "Linux", "computer", "de")
    assert (row.address, row.screen, row.bot, row.signal) == ("203.0.113.0", "", False, "")
    assert len(bytes(row.visitor or b"")) == 16


def test_nothing_that_names_anybody_stands_in_the_stream() -> None:
    ben().get("/contact/?email=ana@mail.example", HTTP_REFERER="https://mail.example/u/ana@mail.example/")
    [raw] = waiting()
    for told in (b"203.0.113.77", b"ana", b"Mozilla", b"Linux x86_64", b"de-AT"):
        assert told not in raw


@pytest.mark.parametrize(
    ("headers", "signal"),
    [({"HTTP_SEC_GPC": "1"}, "gpc"), ({"HTTP_DNT": "1"}, "dnt"), ({"HTTP_SEC_GPC": "1", "HTTP_DNT": "1"}, "gpc dnt")],
)
def test_of_a_browser_with_a_signal_only_page_time_and_status_are_kept(headers: dict[str, str], signal: str) -> None:
    row = kept("/contact/?utm_source=letter&p=2", HTTP_REFERER="https://a.example/", **headers)
    left = {field.name: getattr(row, field.name) for field in Action._meta.fields if field.name not in {"id", "event"}}
    assert left.pop("at") == make.NOW
    said = {"kind": "page", "method": "GET", "path": "/contact/", "status": 200, "signal": signal}
    assert {name: left.pop(name) for name in said} == said
    assert not any(left.values())


def test_pages_of_one_browser_belong_together_that_day_alone(clock: time_machine.Traveller) -> None:
    first, second = kept("/contact/"), kept("/")
    other = kept("/", ben(REMOTE_ADDR="203.0.113.78"))
    clock.shift(timedelta(days=1))
    next_day = kept("/")
    assert first.visitor == second.visitor
    assert len({bytes(row.visitor or b"") for row in (first, other, next_day)}) == 3


TOKEN = "0123456789abcdefghij"
ADDRESSES = [
    (f"/mail/confirm/{TOKEN}/", "/mail/confirm/<token>/"),
    (f"/mail/preferences/{TOKEN}/my-mail.json", "/mail/preferences/<token>/my-mail.json"),
    (f"/ru/mail/unsubscribe/{TOKEN}/", "/ru/mail/unsubscribe/<token>/"),
    (f"/mail/confirm/{TOKEN}", "/…"),  # on its way to the address with a slash
    (f"/mail/confirm/{TOKEN}/x/", "/…"),
    (f"/contact/{TOKEN}/", "/…"),
    (f"/{TOKEN}", "/…"),
    (f"/consent/receipt/{uuid.UUID(int=1)}/", "/consent/receipt/<pk>/"),
]


@pytest.mark.parametrize(("path", "shown"), ADDRESSES)
def test_a_token_in_an_address_is_never_written(path: str, shown: str) -> None:
    row = kept(path)
    assert TOKEN not in row.path
    assert row.path == shown


@pytest.mark.parametrize("path", ["/cms/", "/cms/login/", "/healthz/", "/readyz/", "/static/none.css", "/media/a.png"])
def test_the_cms_files_and_probes_are_not_noted(path: str) -> None:
    ben().get(path)
    assert waiting() == []


def test_a_form_and_a_fetch_ahead_are_told_apart() -> None:
    ben().post("/contact/", {"name": "Ben"}, **make.HERE)
    ben().get("/contact/", HTTP_SEC_PURPOSE="prefetch;prerender")
    ben().get(reverse("gpc"))
    assert [json.loads(raw)[3] for raw in waiting()] == ["form", "prefetch", "file"]


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_USER_AGENT": "\x00\x07" + "é" * 5000, "HTTP_REFERER": "https://a.example/" + "\x00" * 2000},
        {"HTTP_ACCEPT_LANGUAGE": "\xff" * 300, "HTTP_SEC_CH_UA_MOBILE": "?1"},
        {"REMOTE_ADDR": "not an address\x00"},
        {"HTTP_HOST": "somewhere.else"},
        {"QUERY_STRING": "utm_source=%00%ff&utm_campaign=%F0%9F%98%80&on=%zz"},
    ],
)
def test_whatever_a_browser_sends_becomes_a_row(headers: dict[str, Any]) -> None:
    row = kept("/", **headers)
    assert row.at == make.NOW


def test_a_page_goes_out_although_nothing_can_be_written(log: Path, caplog: pytest.LogCaptureFixture) -> None:
    log.parent.chmod(0o755)
    log.write_text("a file where the folder should be")
    with override_settings(REDIS_URL=NOWHERE):
        assert ben().get("/contact/").status_code == 200
    assert "1 entries are lost" in caplog.text
    assert BEN["REMOTE_ADDR"] not in caplog.text


def test_switched_off_nothing_is_noted() -> None:
    with override_settings(ACTION_LOG=False):
        assert ben().get("/contact/").status_code == 200
    assert waiting() == []


def test_an_entry_is_small() -> None:
    ben().get("/contact/?utm_source=letter&utm_campaign=may", HTTP_REFERER="https://search.example/find")
    [raw] = waiting()
    assert len(raw) < 400
    assert events.unpacked(raw).path == "/contact/"
