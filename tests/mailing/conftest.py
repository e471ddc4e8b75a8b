"""A list, a real mail server on a loopback port, and what that server is to answer."""

import asyncio
import logging
from collections.abc import Iterator
from email import message_from_bytes
from email import policy as email_policy
from email.message import EmailMessage
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from pytest_django import Settings

from cms.demo.processes import free_port
from mailing import deliver
from mailing.models import Campaign, Delivery, MailingList
from policies.models import PolicyPage
from tests import make


class PostOffice:
    """aiosmtpd's handler: keeps every message, and answers otherwise where it is told to."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, bytes]] = []
        self.to_sender = ""
        self.to_recipient: dict[str, str] = {}
        self.to_message: dict[str, str] = {}
        self.hang_up_on: set[str] = set()
        self.slow = Event()  # a message that comes while this is set waits at the counter until it is opened
        self.opened = Event()

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.mail_from = address
        return self.to_sender or "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self.to_recipient.get(address, "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        [address] = envelope.rcpt_tos
        if address in self.hang_up_on:
            server.transport.abort()
            return ""
        answer = self.to_message.get(address, "250 OK")
        if answer.startswith("250"):
            self.letters.append((address, envelope.content))
            await self._wait()
        return answer

    async def _wait(self) -> None:
        is_slow = self.slow.is_set()
        while is_slow and not self.opened.is_set():
            await asyncio.sleep(0.01)

    @property
    def addresses(self) -> list[str]:
        return sorted(address for address, _content in self.letters)

    def letter(self, address: str) -> EmailMessage:
        """The one message that `address` got."""
        [raw] = self.raw(address)
        return message_from_bytes(raw, policy=email_policy.default)  # type: ignore[return-value]

    def raw(self, address: str) -> list[bytes]:
        return [content for name, content in self.letters if name == address]


@pytest.fixture(autouse=True)
def _covered(request: pytest.FixtureRequest) -> None:
    """A policy in force names promotional mail as a purpose, in whichever database the test writes to."""
    for name in ("committed", "db"):
        if name in request.fixturenames:
            request.getfixturevalue(name)
            make.purpose()
            return


@pytest.fixture
def post_office(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostOffice]:
    monkeypatch.setattr(logging.getLogger("mail.log"), "disabled", True)  # the server's, and no part of the site
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=free_port(0))
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.DEFAULT_FROM_EMAIL = "Quay Ltd <news@quay.example>"
    yield office
    controller.stop()


@pytest.fixture
def news(db: None) -> MailingList:
    make.policy(make.site())
    return make.mailing_list()


@pytest.fixture
def policy(clock: time_machine.Traveller, news: MailingList) -> PolicyPage:
    """The page of the policy that was in force when people agreed."""
    return PolicyPage.objects.get()


@pytest.fixture
def changes(news: MailingList) -> MailingList:
    """The list for notices of policy versions."""
    return MailingList.objects.create(key="policy-changes", name="Policy changes", description="Changes alone.")


@pytest.fixture(autouse=True)
def _own_journal(settings: Settings, tmp_path: Path) -> None:
    settings.MAIL_JOURNAL = tmp_path / "journal"


def queued(news: MailingList, *emails: str) -> Campaign:
    """A campaign that waits to be sent to `emails`, or else to Ana and Ben."""
    for email in emails or (make.ANA, make.BEN):
        make.subscriber(email, news)
    return make.queued(make.campaign(news))


def turn(campaign: Campaign) -> int:
    """One worker's turn, now."""
    return deliver.send(campaign.pk)


def row(email: str) -> Delivery:
    return Delivery.objects.get(subscription__subscriber__email=email)


def states() -> dict[str, str]:
    """What became of each subscriber's row."""
    rows = Delivery.objects.values_list("subscription__subscriber__email", "state", "reason")
    words = Delivery.Reason
    return {email: f"{state}: {words(reason).label}" if reason else state for email, state, reason in rows}


def is_sent(campaign: Campaign) -> bool:
    return Campaign.objects.get(pk=campaign.pk).state == Campaign.State.SENT
