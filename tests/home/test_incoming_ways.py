"""A reply by mail comes in through a mailbox, a pipe of the mail server, or a provider that can prove to be it."""

import base64
import hashlib
import hmac
import io
import json
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.utils.module_loading import import_string
from pytest_django import Settings

from home import inquiries, returns, tasks
from home.models import IncomingMessage, Inquiry
from home.returns import Taken
from home.returns.mailbox import NoMailbox
from home.views import replies as webhook
from tests import make
from tests.home import replies
from tests.home.replies import WORDS, reply
from tests.mailing import imap
from tests.mailing.test_webhooks import basic

KEY = "the signing key of the account"
SECRET = "hook:0123456789abcdef"


@pytest.fixture
def row(settings: Settings, db: None) -> Inquiry:
    settings.INQUIRY_REPLY_ADDRESS = replies.ADDRESS
    return make.inquiry()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[imap.Server]:
    with imap.running(tmp_path) as state:
        monkeypatch.setenv("SSL_CERT_FILE", str(state.certificate))
        yield state


def texts() -> list[str]:
    return [mail.text for mail in IncomingMessage.objects.order_by("pk")]


def test_the_mailbox_is_read_and_what_is_nobodys_waits_for_people(row: Inquiry, server: imap.Server) -> None:
    stranger = reply(row, to=replies.ADDRESS).as_bytes()
    automatic = reply(row, Auto_Submitted="auto-replied").as_bytes()
    server.put(reply(row).as_bytes(), reply(row).as_bytes(), automatic, stranger)
    counted = returns.read_mailbox(url=server.url, now=make.NOW)
    assert counted == {Taken.STORED: 1, Taken.KNOWN: 1, Taken.AUTOMATIC: 1, Taken.NOBODYS: 1}
    assert texts() == [WORDS]
    assert server.folders["INBOX"] == {}
    assert list(server.folders["Unrecognised"].values()) == [stranger]


def test_a_mail_stays_where_it_is_until_its_row_is_written(
    row: Inquiry, server: imap.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_more: object) -> None:
        raise OperationalError("the database is away")

    server.put(reply(row).as_bytes())
    with monkeypatch.context() as broken:
        broken.setattr("home.returns.taking._store", away)
        with pytest.raises(OperationalError):
            returns.read_mailbox(url=server.url, now=make.NOW)
    assert len(server.folders["INBOX"]) == 1
    returns.read_mailbox(url=server.url, now=make.NOW)
    assert texts() == [WORDS]


def test_a_worker_reads_it_each_minute_where_one_is_set(
    row: Inquiry, server: imap.Server, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    assert tasks.read_replies() == 0
    server.put(reply(row).as_bytes())
    settings.INQUIRY_MAILBOX = server.url
    assert tasks.read_replies() == 1
    settings.INQUIRY_MAILBOX = "imaps://ben:secret@127.0.0.1:1/INBOX"
    assert tasks.read_replies() == 0
    assert "is not read" in caplog.text
    assert "secret" not in caplog.text
    beat = settings.CELERY_BEAT_SCHEDULE["read-replies"]
    assert (beat["task"], beat["schedule"]) == ("home.tasks.read_replies", 60.0)


def test_what_is_no_mailbox_is_named_by_its_setting() -> None:
    with pytest.raises(NoMailbox, match="INQUIRY_MAILBOX is not of the form imaps://"):
        returns.read_mailbox(url="imap://quay.example", now=make.NOW)


class Pipe:
    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def piped(raw: bytes, monkeypatch: pytest.MonkeyPatch, **options: str) -> str:
    monkeypatch.setattr(sys, "stdin", Pipe(raw))
    said = io.StringIO()
    call_command("receive_reply", stdout=said, stderr=said, **options)
    return said.getvalue().strip()


def test_a_mail_server_hands_it_over(row: Inquiry, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = reply(row, to="hidden@quay.example").as_bytes()
    assert piped(raw, monkeypatch) == Taken.NOBODYS.value
    assert piped(raw, monkeypatch, to=inquiries.reply_address(row)) == Taken.STORED.value
    assert texts() == [WORDS]


def test_the_mail_server_keeps_it_while_the_database_is_away(row: Inquiry, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_more: object) -> None:
        raise OperationalError("no")

    monkeypatch.setattr("home.returns.take_in", away)
    with pytest.raises(SystemExit) as ended:
        piped(b"", monkeypatch)
    assert ended.value.code == 75


def post(client: Client, provider: str, body: Any, **headers: Any) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body)
    kind = headers.pop("content_type", "application/json")
    return client.generic("POST", f"/mail/webhooks/{provider}/inbound/", content, kind, **headers)


def mailgun(row: Inquiry, *, key: str = KEY) -> dict[str, str]:
    stamp, once = "1772366405", "f" * 50
    signature = hmac.new(key.encode(), f"{stamp}{once}".encode(), hashlib.sha256).hexdigest()
    return {
        "recipient": inquiries.reply_address(row),
        "sender": make.BEN,
        "body-mime": reply(row, to="hidden@quay.example").as_string(),
        "timestamp": stamp,
        "token": once,
        "signature": signature,
    }


def postmark(row: Inquiry, **more: Any) -> dict[str, Any]:
    headers = [{"Name": "Message-ID", "Value": "<b1@mail.example>"}]
    said = {"From": make.BEN, "FromFull": {"Email": make.BEN, "Name": "Ben"}, "Subject": "Re: Your question"}
    to = {"To": "hidden@quay.example", "OriginalRecipient": inquiries.reply_address(row)}
    return {**said, **to, "TextBody": WORDS, "HtmlBody": "", "Headers": headers, "Attachments": [], **more}


def test_a_provider_hands_over_what_it_signs(row: Inquiry, client: Client, settings: Settings) -> None:
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    url = "/mail/webhooks/mailgun/inbound/mime/"
    address = "/mail/webhooks/mailgun/inbound/"
    assert client.post(url, mailgun(row)).status_code == 404
    assert client.post(address, mailgun(row, key="another")).status_code == 403
    assert texts() == []
    assert client.post(address, mailgun(row)).status_code == 200
    assert client.post(address, mailgun(row)).status_code == 200  # sent again
    assert texts() == [WORDS]


def test_a_provider_that_signs_nothing_gives_a_password(row: Inquiry, client: Client, settings: Settings) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    assert post(client, "postmark", postmark(row)).status_code == 401
    assert post(client, "postmark", postmark(row), **basic("hook:another-password")).status_code == 403
    assert post(client, "postmark", postmark(row), **basic(SECRET)).status_code == 200
    assert texts() == [WORDS]


def test_a_mail_with_a_photograph_is_taken_and_a_larger_one_is_not(
    row: Inquiry, client: Client, settings: Settings
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    content = base64.b64encode(b"\x89PNG" + bytes(3 * 1024 * 1024)).decode()
    photograph = {"Name": "quay.png", "ContentType": "image/png", "Content": content, "ContentID": ""}
    assert post(client, "postmark", postmark(row, Attachments=[photograph]), **basic(SECRET)).status_code == 200
    assert texts() == [f"{WORDS}\n\n[Files came with it and were not kept: quay.png]"]
    assert post(client, "postmark", b" " * (webhook.MOST_BYTES + 1), **basic(SECRET)).status_code == 413


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b'{"a": 1}', b"\xff", b'{"Headers": 3}'])
def test_what_cannot_be_read_is_refused(row: Inquiry, client: Client, settings: Settings, body: bytes) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    assert post(client, "postmark", body, **basic(SECRET)).status_code in {200, 400}
    assert texts() == []


def test_without_a_secret_nobody_is_listened_to(row: Inquiry, client: Client, settings: Settings) -> None:
    settings.ANYMAIL = {}
    for provider in webhook.PROVIDERS:
        assert post(client, provider, postmark(row)).status_code == 403
    assert post(client, "nobody", {}).status_code == 404
    assert client.get("/mail/webhooks/postmark/inbound/").status_code == 405


LACKING = {"amazon_ses"} - ({"amazon_ses"} if find_spec("boto3") else set())


@pytest.mark.parametrize("provider", sorted(webhook.PROVIDERS.keys() - LACKING))
def test_anymail_reads_mails_of_each_provider(provider: str) -> None:
    assert callable(import_string(webhook.PROVIDERS[provider].view))


@pytest.mark.parametrize("provider", sorted(LACKING))
def test_a_provider_whose_package_is_not_there_is_told_to_come_later(
    row: Inquiry, client: Client, settings: Settings, provider: str
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": "vera:secret"}
    assert post(client, provider, {}).status_code == 503
