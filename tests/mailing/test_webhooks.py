"""What a mail provider posts, and what a stranger does who knows the address."""

import base64
import hashlib
import hmac
import json
from importlib.util import find_spec
from typing import Any

import pytest
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mailing import tokens
from mailing.models import Delivery, MailingList, Return, Suppression
from mailing.returns import providers
from tests import make
from tests.mailing import returned

SECRET = "hook:0123456789abcdef"
KEY = "the signing key of the account"
State = Delivery.State


@pytest.fixture
def row(news: MailingList) -> Delivery:
    return returned.to(make.ANA, news)


def basic(secret: str = SECRET) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(secret.encode()).decode()}


def post(client: Client, provider: str, body: Any, **headers: Any) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body)
    kind = headers.pop("content_type", "application/json")
    return client.generic("POST", f"/mail/webhooks/{provider}/tracking/", content, kind, **headers)


def token(delivery: int) -> str:
    return tokens.make_lower(tokens.RETURN, delivery)


def mailgun(delivery: int, event: str = "failed", *, key: str = KEY, **data: Any) -> dict[str, Any]:
    stamp, once = "1772366405", "f" * 50
    signature = hmac.new(key.encode(), f"{stamp}{once}".encode(), hashlib.sha256).hexdigest()
    about = {
        "event": event,
        "timestamp": 1772366405.5,
        "recipient": make.ANA,
        "user-variables": {"delivery": token(delivery)},
        "message": {"headers": {"message-id": "20260301.1@mg.quay.example"}},
    }
    return {"signature": {"timestamp": stamp, "token": once, "signature": signature}, "event-data": about | data}


def postmark(delivery: int, kind: str = "HardBounce", **data: Any) -> dict[str, Any]:
    record = "SpamComplaint" if kind == "SpamComplaint" else "Bounce"
    return {
        "RecordType": record,
        "Type": kind,
        "ID": 42,
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Email": make.ANA,
        "BouncedAt": "2026-03-01T12:00:05Z",
        "Details": "smtp;550 5.1.1 no such user",
        "Metadata": {"delivery": token(delivery)},
    } | data


def ses(delivery: int, bounce: str = "Permanent", code: str = "smtp; 550 5.1.1 user unknown") -> dict[str, Any]:
    """As Amazon's SNS wraps it; the token comes back in a header of ours."""
    metadata = json.dumps({"delivery": token(delivery)})
    event = {
        "eventType": "Bounce",
        "mail": {
            "messageId": "0102",
            "destination": [make.ANA],
            "headers": [{"name": "X-Metadata", "value": metadata}],
        },
        "bounce": {
            "bounceType": bounce,
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": make.ANA, "diagnosticCode": code}],
        },
    }
    message = {"Type": "Notification", "MessageId": "8a1b", "Timestamp": "2026-03-01T12:00:05.000Z"}
    return message | {"Message": json.dumps(event)}


SNS = {"HTTP_X_AMZ_SNS_MESSAGE_TYPE": "Notification", "HTTP_X_AMZ_SNS_MESSAGE_ID": "8a1b"}
PLAIN = "text/plain; charset=UTF-8"


def outcome() -> tuple[list[tuple[str, str, str]], set[tuple[str, str]]]:
    found = Return.objects.order_by("pk").values_list("kind", "status", "source")
    return list(found), set(Suppression.objects.values_list("scope", "reason"))


NOTHING: tuple[list[tuple[str, str, str]], set[tuple[str, str]]] = ([], set())


def test_a_signed_bounce_of_mailgun_is_heard(client: Client, settings: Settings, row: Delivery) -> None:
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    status = {"code": 550, "message": "5.1.1 no such user here"}
    body = mailgun(row.pk, severity="permanent", reason="bounce", **{"delivery-status": status})
    for _retry in range(2):
        assert post(client, "mailgun", body).status_code == 200
    assert outcome() == ([("hard", "5.1.1", "webhook")], {("all", "hard")})
    row.refresh_from_db()
    assert row.state == State.BOUNCED


@pytest.mark.parametrize("change", ["signature", "token", "timestamp", "all", "other key"])
def test_a_wrong_signature_changes_nothing(client: Client, settings: Settings, row: Delivery, change: str) -> None:
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    body = mailgun(row.pk, "complained", key="a guess" if change == "other key" else KEY)
    if change == "all":
        del body["signature"]
    elif change != "other key":
        body["signature"][change] = "0" * 64
    assert post(client, "mailgun", body).status_code == 403
    assert outcome() == NOTHING
    row.refresh_from_db()
    assert row.state == State.SENT


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [
        ("HardBounce", {}, ([("hard", "5.1.1", "webhook")], {("all", "hard")})),
        ("HardBounce", {"Details": ""}, ([("hard", "", "webhook")], {("all", "hard")})),
        ("HardBounce", {"Details": "550 5.7.1 policy"}, ([("soft", "5.7.1", "webhook")], set())),
        ("SoftBounce", {"Details": "452 4.2.2 mailbox full"}, ([("soft", "4.2.2", "webhook")], set())),
        ("SoftBounce", {}, ([("soft", "5.1.1", "webhook")], set())),  # the milder of two words
        ("Blocked", {"Details": ""}, ([("soft", "5.7.0", "webhook")], set())),
        ("BadEmailAddress", {"Details": ""}, ([("hard", "", "webhook")], {("all", "hard")})),
        ("SpamComplaint", {}, ([("complaint", "", "webhook")], {("lists", "complaint")})),
        ("Unsubscribe", {}, ([("left", "", "webhook")], set())),
        ("Transient", {}, NOTHING),
        ("AutoResponder", {}, NOTHING),
    ],
)
def test_what_a_provider_says_is_told_apart(
    client: Client, settings: Settings, row: Delivery, kind: str, data: dict[str, str], expected: Any
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    assert post(client, "postmark", postmark(row.pk, kind, **data), **basic()).status_code == 200
    assert outcome() == expected


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 401), (basic("hook:wrong"), 403), ({"HTTP_AUTHORIZATION": "Bearer x"}, 403), (basic(""), 403)],
)
def test_without_the_password_nothing_changes(
    client: Client, settings: Settings, row: Delivery, headers: dict[str, str], status: int
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    answer = post(client, "postmark", postmark(row.pk), **headers)
    assert answer.status_code == status
    assert ("WWW-Authenticate" in answer) == (status == 401)  # Amazon's SNS asks again only then
    assert outcome() == NOTHING


@pytest.mark.parametrize("provider", sorted(providers.PROVIDERS))
def test_a_provider_without_any_secret_is_not_listened_to(
    client: Client, settings: Settings, row: Delivery, provider: str
) -> None:
    settings.ANYMAIL = {}
    for body in (mailgun(row.pk), postmark(row.pk), ses(row.pk)):
        assert post(client, provider, body, **basic(), **SNS).status_code == 403
    assert client.head(f"/mail/webhooks/{provider}/tracking/").status_code == 403
    assert outcome() == NOTHING


@pytest.mark.parametrize("provider", sorted(providers.PROVIDERS))
def test_every_provider_demands_its_secret(client: Client, settings: Settings, row: Delivery, provider: str) -> None:
    """With each of its settings alone; what cannot be told from a stranger's is refused, by us or by anymail."""
    known = providers.PROVIDERS[provider]
    for name in [*known.keys, providers.WEBHOOK_SECRET]:
        settings.ANYMAIL = {name: SECRET if name == providers.WEBHOOK_SECRET else "MDEy" * 10}
        for body in (mailgun(row.pk), postmark(row.pk), ses(row.pk), [], {}):
            status = post(client, provider, body, **SNS).status_code
            assert 400 <= status < 500 or (status == 503 and provider in LACKING)
    assert outcome() == NOTHING


LACKING = {"resend", "amazon_ses"} - {
    name for name, package in {"resend": "svix", "amazon_ses": "boto3"}.items() if find_spec(package)
}


@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_secret_is_none(client: Client, settings: Settings, row: Delivery, empty: str) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": empty, "MAILGUN_WEBHOOK_SIGNING_KEY": empty, "MAILGUN_API_KEY": KEY}
    assert post(client, "mailgun", mailgun(row.pk, key=empty)).status_code == 403
    assert post(client, "postmark", postmark(row.pk), **basic(empty)).status_code == 403
    assert outcome() == NOTHING


@pytest.mark.parametrize(
    ("bounce", "code", "kind"),
    [
        ("Permanent", "smtp; 550 5.1.1 user unknown", "hard"),
        ("Permanent", "", "hard"),
        ("Transient", "smtp; 554 5.2.2 mailbox full", "soft"),
        ("Undetermined", "", "soft"),
    ],
)
def test_amazon_ses_in_the_shape_of_sns(bounce: str, code: str, kind: str) -> None:
    """As anymail reads it; over HTTP it wants boto3 as well."""
    message = ses(7, bounce, code)
    reader = AmazonSESTrackingWebhookView.__new__(AmazonSESTrackingWebhookView)
    [event] = reader.esp_to_anymail_events(json.loads(message["Message"]), message)
    found = providers.read(event)
    assert found is not None
    assert (found.delivery, found.kind) == (7, kind)


def test_our_message_id_names_the_row_where_a_provider_keeps_it(
    client: Client, settings: Settings, row: Delivery
) -> None:
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    headers = {"headers": {"message-id": f"{tokens.make_lower(tokens.MESSAGE, row.pk)}@quay.example"}}
    body = mailgun(row.pk, "complained", message=headers, **{"user-variables": {}})
    assert post(client, "mailgun", body).status_code == 200
    assert outcome() == ([("complaint", "", "webhook")], {("lists", "complaint")})


@pytest.mark.parametrize("named", ["", "a" * 39, 7, None, ["x"], {"y": 1}])
def test_a_true_provider_that_names_no_row_changes_nothing(
    client: Client, settings: Settings, row: Delivery, named: Any
) -> None:
    """The address in it is Ana's: that suppresses nobody."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    for metadata in ({"delivery": named}, {}, [], None):
        assert post(client, "postmark", postmark(row.pk, Metadata=metadata), **basic()).status_code in {200, 400}
    assert outcome() == NOTHING


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"x"', b"[" * 5000, b'{"RecordType": []}'])
def test_a_body_that_cannot_be_read_is_answered_with_a_sentence(
    client: Client, settings: Settings, row: Delivery, body: bytes
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    answer = post(client, "postmark", body, **basic())
    assert answer.status_code == 400
    assert json.loads(answer.content)["error"].endswith(".")


def test_get_changes_nothing_and_strangers_find_nothing(client: Client, settings: Settings, row: Delivery) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    address = reverse("mail_webhook", args=["postmark"])
    assert client.get(address, HTTP_ACCEPT="text/plain", **basic()).status_code == 405  # type: ignore[arg-type]
    assert client.head(address).status_code == 200
    assert post(client, "nobody", {}, **basic()).status_code == 404
    assert post(client, "postmark", b" " * (1024 * 1024 + 1), HTTP_ACCEPT="text/plain", **basic()).status_code == 413
    assert outcome() == NOTHING


def test_a_message_that_cannot_be_written_down_is_sent_again(
    client: Client, settings: Settings, row: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own trouble is no 4xx: the provider would not come again."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}

    def away(*_args: Any, **_more: Any) -> None:
        raise ConnectionError("the database is away")

    monkeypatch.setattr("mailing.returns.rules.audience.leave", away)
    client.raise_request_exception = False
    assert post(client, "postmark", postmark(row.pk, "SpamComplaint"), **basic()).status_code == 500
    assert outcome() == NOTHING
    monkeypatch.undo()
    assert post(client, "postmark", postmark(row.pk, "SpamComplaint"), **basic()).status_code == 200
    assert outcome() == ([("complaint", "", "webhook")], {("lists", "complaint")})
