"""What the system check says of webhooks, before anybody posts to one."""

import pytest
from pytest_django import Settings

from mailing.checks import check_webhooks
from tests.mailing.test_webhooks import KEY, SECRET


def ids() -> list[str]:
    return [str(message.id) for message in check_webhooks()]


def test_the_check_says_what_is_open_and_what_is_not_heard(settings: Settings) -> None:
    settings.ANYMAIL = {}
    assert ids() == []
    settings.ANYMAIL = {"WEBHOOK_SECRET": ["hook", "hook:1"]}
    assert ids() == ["mailing.E002", "mailing.E002"]
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    assert ids() == []
    settings.MAIL_TRANSPORT, settings.EMAIL_BACKEND = "backend", "anymail.backends.mailgun.EmailBackend"
    assert ids() == ["mailing.W001"]
    settings.ANYMAIL = {"MAILGUN_API_KEY": KEY}
    assert ids() == []


@pytest.mark.urls("tests.mailing.webhooks_of_anymail")
def test_anymails_own_addresses_without_a_secret_are_an_error(settings: Settings) -> None:
    settings.ANYMAIL = {}
    assert ids() == ["mailing.E001"]
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET}
    assert ids() == []
