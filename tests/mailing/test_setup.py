"""All checks together: the report, the command and the screen."""

import json
import time
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from mailing import lookups, setup
from mailing.models import MailingList
from mailing.setup import Configured, Server
from tests import make
from tests.desk import signed_in, told
from tests.mailing.conftest import PostOffice
from tests.mailing.zone import Zone

SCREEN = "/cms/mailing/set-up/"
KEY = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


def zone(**changes: Any) -> Zone:
    """Where everything is in order for quay.example."""
    records: dict[str, Any] = {
        "txt": {
            "quay.example": ["v=spf1 a:mail.quay.example -all"],
            "s1._domainkey.quay.example": [KEY],
            "_dmarc.quay.example": ["v=DMARC1; p=reject; rua=mailto:d@quay.example"],
        },
        "mx": {"quay.example": ["mail.quay.example"]},
        "a": {"mail.quay.example": ["8.8.4.4"]},
        "ptr": {"8.8.4.4": ["mail.quay.example"]},
    }
    return Zone(**records | changes)


@pytest.fixture
def configured(settings: Settings, post_office: PostOffice, news: MailingList) -> Settings:
    settings.MAIL_DKIM_SELECTORS = ["s1"]
    settings.MAIL_RETURN_ADDRESS, settings.MAIL_RETURN_MAILBOX = "bounces@quay.example", "imaps://b:secret@quay.example"
    settings.SITE_URL = "https://quay.example"
    settings.MAIL_TRANSPORT = "smtp"
    return settings


def found(report: setup.Report) -> dict[str, str]:
    return {f"{each.check} {each.subject}": str(each.status) for each in report.findings}


def run(**options: Any) -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("check_mail", stdout=out, no_color=True, **options)
    except SystemExit as stopped:
        return out.getvalue(), int(stopped.code or 0)
    return out.getvalue(), 0


def test_every_senders_domain_is_looked_at_once(settings: Settings, db: None) -> None:
    settings.DEFAULT_FROM_EMAIL = "Quay <news@quay.example>"
    for key, sender in (("one", "a@boats.example"), ("two", "B <b@Boats.example>"), ("three", "")):
        MailingList.objects.create(key=key, name=key, description="x", sender=sender)
    assert setup.configured().senders == ("quay.example", "boats.example")


def test_a_provider_takes_the_place_of_the_mail_server(settings: Settings, db: None) -> None:
    settings.MAIL_TRANSPORT, settings.EMAIL_BACKEND = "backend", "anymail.backends.mailgun.EmailBackend"
    about = setup.configured()
    assert (about.server, about.by_provider) == (None, True)
    report = setup.check(about, resolver=Zone(), now=make.NOW)
    assert not {"tls", "reverse", "helo"} & {str(each.check) for each in report.findings}


def test_a_domain_in_order_is_found_so(configured: Settings) -> None:
    report = setup.check(setup.configured(), resolver=zone(), now=make.NOW)
    states = found(report)
    port = configured.EMAIL_PORT
    assert states.pop("helo 127.0.0.1") in {"wrong", "ok"}  # the test's mail server has this machine's name
    assert states.pop("reverse 127.0.0.1") in {"unknown", "ok", "missing"}
    assert states == {
        "spf quay.example": "ok",
        "dkim quay.example": "ok",
        "dmarc quay.example": "ok",
        "alignment quay.example": "ok",
        "replies quay.example": "ok",
        "return_path quay.example": "ok",
        "returns MAIL_RETURN_MAILBOX": "ok",
        f"tls 127.0.0.1:{port}": "ok",
        "site SITE_URL": "ok",
    }


def test_what_nobody_answers_is_unknown_and_the_rest_is_said(configured: Settings) -> None:
    report = setup.check(setup.configured(), resolver=zone(silent={"_dmarc.quay.example"}), now=make.NOW)
    states = found(report)
    assert (states["dmarc quay.example"], states["spf quay.example"]) == ("unknown", "ok")


def test_a_check_ends_though_a_lookup_does_not(configured: Settings) -> None:
    class Slow(Zone):
        def exchangers(self, domain: str) -> list[str]:
            time.sleep(2)
            return []

    start = time.monotonic()
    report = setup.check(setup.configured(), resolver=Slow(), now=make.NOW, within=0.5)
    assert time.monotonic() - start < 1.5
    assert found(report)["replies quay.example"] == "unknown"


def test_what_is_unknown_is_neither_missing_nor_wrong() -> None:
    server = Server("127.0.0.1", 1, "")
    about = Configured(("quay.example",), ("s1",), "b@quay.example", True, False, server, "https://quay.example")
    report = setup.check(about, resolver=zone(), now=make.NOW)
    assert report.is_complete
    assert found(report)["tls 127.0.0.1:1"] == "unknown"
    assert not setup.check(about, resolver=Zone(), now=make.NOW).is_complete


def test_the_command_prints_what_to_publish_and_fails(configured: Settings) -> None:
    text, status = run(resolver=zone(txt={}))
    assert status == 1
    assert "SPF: missing. The domain has no SPF record." in text
    assert 'add:  _dmarc.quay.example. TXT "v=DMARC1; p=none' in text
    assert "secret" not in text  # the password of the mailbox for bounces


def test_the_command_speaks_json(configured: Settings) -> None:
    text, status = run(resolver=zone(txt={}), json=True)
    said = json.loads(text)
    assert (status, said["complete"]) == (1, False)
    [spf] = [each for each in said["findings"] if each["check"] == "spf"]
    assert (spf["status"], spf["said"][0]["key"]) == ("missing", "spf_missing")


def test_the_command_succeeds_where_nothing_is_missing(configured: Settings) -> None:
    configured.MAIL_TRANSPORT, configured.EMAIL_BACKEND = "backend", "anymail.backends.mailgun.EmailBackend"
    text, status = run(resolver=zone())
    assert status == 0
    assert "SPF: in order" in text


def test_the_screen_looks_when_it_is_asked_and_remembers(configured: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def resolver() -> Zone:
        asked.append(1)
        return zone(txt={"quay.example": ["v=spf1 +all", "<b>"]})

    monkeypatch.setattr(lookups, "resolver", resolver)
    operator = signed_in("view_delivery")
    assert "Nobody has checked within the last hour" in operator.get(SCREEN).content.decode()
    assert not asked
    answer = operator.post(SCREEN)
    assert (answer["Location"], asked) == (SCREEN, [1])
    assert "to be put right" in told(answer)
    page = operator.get(SCREEN).content.decode()
    assert "anybody may send mail in this domain&#x27;s name" in page
    assert "quay.example. TXT &quot;v=spf1 -all&quot;" in page
    assert asked == [1]


def test_who_may_not_see_deliveries_may_not_look(client: Client, configured: Settings) -> None:
    stranger = signed_in("view_campaign")
    assert stranger.get(SCREEN).status_code == 302
    assert stranger.post(SCREEN).status_code == 302
    assert setup.last() is None


def test_a_report_of_an_hour_ago_is_gone_and_one_of_now_is_kept() -> None:
    assert setup.last() is None
    report = setup.Report(make.NOW, ())
    setup.remember(report)
    assert setup.last() == report
