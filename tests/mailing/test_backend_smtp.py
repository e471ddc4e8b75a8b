"""Do messages leave by any other of Django's e-mail backends, and what do its exceptions mean?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import Settings

from mailing import transport
from mailing.transport import Closed, Parcel, Stage
from mailing.transport.answers import Verdict, verdict
from mailing.transport.backend import BackendTransport
from tests.mailing.parcels import Kept, parcel, parcels
from tests.mailing.scripted import OK, PLAIN_EHLO, TAKEN, Talk, serving
from tests.sink import Sink

FAULTS = {
    "a": "rcpt:550 5.1.1 nobody",
    "b": "rcpt:450 4.2.0 later",
    "c": "dot:550 5.7.1 spam",
    "d": "data:452 4.3.1 full",
}


@pytest.fixture(autouse=True)
def _by_backend(settings: Settings) -> None:
    settings.MAIL_TRANSPORT, settings.EMAIL_HOST = "backend", "127.0.0.1"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def sink(tmp_path: Path, settings: Settings) -> Iterator[Sink]:
    with Sink(tmp_path / "accepted.txt", script={"to": FAULTS, "at": {"7": "mail:550 5.7.1 not you"}}) as running:
        settings.EMAIL_PORT = running.port
        yield running


def send(to_send: list[Parcel]) -> Kept:
    journal = Kept()
    with transport.opened() as way:
        way.send(to_send, journal)
    return journal


def test_each_message_is_answered(sink: Sink) -> None:
    names = ["x", "a", "b", "c", "d", "y", "z", "w"]
    journal = send([parcel(number, f"{name}@harbour.example") for number, name in enumerate(names, 1)])
    assert journal.said() == {
        1: (250, Stage.MESSAGE),
        2: (550, Stage.RECIPIENT),
        3: (450, Stage.RECIPIENT),
        4: (550, Stage.MESSAGE),
        5: (452, Stage.MESSAGE),
        6: (250, Stage.MESSAGE),
        7: (550, Stage.SENDER),
        8: (250, Stage.MESSAGE),
    }
    assert verdict(journal.answers[2]) == Verdict.NEVER_ADDRESS
    assert [each.recipient[0] for each in sink.accepted()] == ["x", "y", "w"]


def test_bounces_come_to_the_return_address_and_answers_to_the_author(settings: Settings) -> None:
    said: list[bytes] = []

    def script(talk: Talk) -> None:
        talk.greet(PLAIN_EHLO)
        for reply in (OK, OK, b"354 go\r\n"):
            said.append(talk.hear())
            talk.say(reply)
        said.append(talk.message())
        talk.say(TAKEN)
        talk.hear()

    with serving(settings, script):
        send([parcel(1, sender="bounces+token@quay.example")])
    assert said[0].startswith(b"mail FROM:<bounces+token@quay.example>")
    assert message_from_bytes(said[3])["From"] == "Quay <news@quay.example>"


def test_a_server_that_hangs_up_leaves_one_in_doubt(tmp_path: Path, settings: Settings) -> None:
    with Sink(tmp_path / "log", script={"at": {"2": "dot:drop-logged"}}) as sink:
        settings.EMAIL_PORT = sink.port
        journal, way = Kept(), BackendTransport()
        with pytest.raises(Closed):
            way.send(parcels(4), journal)
        assert (journal.in_doubt, journal.untouched(range(1, 5))) == ([2], [3, 4])
        way.send(parcels(4)[2:], journal)
        way.close()
        assert len(sink.accepted()) == 4


def test_421_answers_its_message_and_ends_the_turn(tmp_path: Path, settings: Settings) -> None:
    with Sink(tmp_path / "log", script={"at": {"2": "rcpt:421"}}) as sink:
        settings.EMAIL_PORT = sink.port
        journal, way = Kept(), BackendTransport()
        with pytest.raises(Closed):
            way.send(parcels(3), journal)
    assert verdict(journal.answers[2]) == Verdict.CLOSING
    assert journal.untouched([1, 2, 3]) == [3]


def test_a_server_that_cannot_be_reached_leaves_all_untouched(settings: Settings) -> None:
    settings.EMAIL_PORT = 1
    journal = Kept()
    with pytest.raises(ConnectionRefusedError), transport.opened() as way:
        way.send(parcels(2), journal)
    assert journal.lines == []


@dataclass
class Counted(BaseEmailBackend):
    """Says how often it was opened, and sends as many as it is told to."""

    opened: list["Counted"] = field(default_factory=list)
    takes: int = 1

    def open(self) -> bool:
        self.opened.append(self)
        return True

    def send_messages(self, messages: Any) -> int:
        return self.takes


@pytest.mark.parametrize(("most", "times"), [(0, 1), (2, 3), (5, 1)])
def test_it_is_opened_anew_after_the_number_that_is_allowed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, most: int, times: int
) -> None:
    backend = Counted()
    monkeypatch.setattr("mailing.transport.backend.get_connection", lambda: backend)
    settings.MAIL_PER_CONNECTION = most
    assert len(send(parcels(5)).answers) == 5
    assert len(backend.opened) == times


def test_a_backend_that_sends_nothing_has_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mailing.transport.backend.get_connection", lambda: Counted(takes=0))
    assert send([parcel(1)]).said() == {1: (554, Stage.MESSAGE)}


def test_any_backend_will_do(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    journal = send(parcels(2))
    assert [message.to for message in mail.outbox] == [["reader1@harbour.example"], ["reader2@harbour.example"]]
    assert journal.said() == {1: (250, Stage.MESSAGE), 2: (250, Stage.MESSAGE)}
