"""Is the mail server who it says it is, and do we log in, before anything is said about a message?"""

import ipaddress
import logging
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_django import Settings

from cms.demo.processes import free_port
from mailing import transport
from mailing.transport import Stage
from tests.mailing.parcels import Kept, parcels
from tests.mailing.scripted import AGREED, EHLO, TAKEN, Talk, serving

Certified = Callable[[str], ssl.SSLContext]


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certified:
    """A server's side of TLS under a certificate for that address, which this machine trusts from then on."""

    def make(address: str) -> ssl.SSLContext:
        path = tmp_path / "server.pem"
        path.write_bytes(_certificate(address))
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    return make


def _certificate(address: str) -> bytes:
    """With its key; signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "odd.example")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    certificate = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    return certificate.public_bytes(pem) + key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def send(count: int, journal: Kept) -> None:
    with transport.opened() as way:
        way.send(parcels(count), journal)


def changing(context: ssl.SSLContext, *, smuggled: bytes = b"") -> Callable[[Talk], None]:
    """A server that changes to TLS and takes two messages, each envelope in the packet of the last message."""

    def script(talk: Talk) -> None:
        talk.greet(b"250-odd.example\r\n250 STARTTLS\r\n")
        assert talk.hear() == b"STARTTLS"
        talk.say(b"220 Go ahead\r\n" + smuggled)
        talk.change_to_tls(context)
        talk.hear()
        talk.say(EHLO)
        talk.envelope()
        talk.say(AGREED)
        talk.message()
        talk.say(TAKEN + AGREED)
        assert talk.message().startswith(b"MAIL FROM")
        talk.say(TAKEN)
        assert talk.hear() == b"QUIT"

    return script


def test_messages_leave_under_tls(settings: Settings, certified: Certified) -> None:
    settings.EMAIL_USE_TLS = True
    journal = Kept()
    with serving(settings, changing(certified("127.0.0.1"))):
        send(2, journal)
    assert journal.said() == {1: (250, Stage.MESSAGE), 2: (250, Stage.MESSAGE)}


def test_what_was_said_before_tls_counts_for_nothing(settings: Settings, certified: Certified) -> None:
    settings.EMAIL_USE_TLS = True
    journal = Kept()
    smuggled = b"250 evil.example\r\n" + b"250 taken by somebody else\r\n" * 9
    with serving(settings, changing(certified("127.0.0.1"), smuggled=smuggled)), suppress(ssl.SSLError):
        send(2, journal)
    assert {answer.text for answer in journal.answers.values()} <= {"2.0.0 Taken"}


def test_tls_from_the_first_byte(settings: Settings, certified: Certified) -> None:
    settings.EMAIL_USE_SSL = True
    context = certified("127.0.0.1")

    def script(talk: Talk) -> None:
        talk.change_to_tls(context)
        talk.greet()
        talk.take()
        talk.hear()

    journal = Kept()
    with serving(settings, script):
        send(1, journal)
    assert journal.said() == {1: (250, Stage.MESSAGE)}


def test_a_connection_under_tls_is_kept_from_turn_to_turn(settings: Settings, certified: Certified) -> None:
    settings.EMAIL_USE_SSL = True
    context = certified("127.0.0.1")

    def script(talk: Talk) -> None:
        talk.change_to_tls(context)
        talk.greet()
        for _ in range(3):
            talk.take()
        talk.hear()

    journal = Kept()
    with serving(settings, script) as talks, transport.opened() as way:
        for each in parcels(3):
            way.send([each], journal)
    assert (len(talks), len(journal.answers)) == (1, 3)


def test_a_certificate_for_somebody_else_is_refused(settings: Settings, certified: Certified) -> None:
    settings.EMAIL_USE_TLS = True
    journal = Kept()
    with serving(settings, changing(certified("192.0.2.7"))), pytest.raises(ssl.SSLCertVerificationError):
        send(1, journal)
    assert journal.lines == []


def test_a_certificate_that_nobody_vouches_for_is_refused(
    settings: Settings, certified: Certified, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_USE_TLS = True
    context = certified("127.0.0.1")
    monkeypatch.delenv("SSL_CERT_FILE")
    journal = Kept()
    with serving(settings, changing(context)), pytest.raises(ssl.SSLCertVerificationError):
        send(1, journal)
    assert journal.lines == []


def test_a_server_without_tls_gets_nothing_where_tls_is_demanded(settings: Settings) -> None:
    settings.EMAIL_USE_TLS = True
    journal = Kept()
    with serving(settings, lambda talk: talk.greet()), pytest.raises(OSError, match="STARTTLS"):
        send(1, journal)
    assert journal.lines == []


class Counter:
    """aiosmtpd's handler and its door-keeper."""

    def __init__(self) -> None:
        self.recipients: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.recipients += envelope.rcpt_tos
        return "250 2.0.0 OK"

    def log_in(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"quay", b"tide"), handled=False)


@pytest.fixture
def guarded(settings: Settings, certified: Certified, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    """Another program's mail server, which wants TLS and a login first, and no pipelining."""
    monkeypatch.setattr(logging.getLogger("mail.log"), "disabled", True)
    counter = Counter()
    controller = Controller(
        counter,
        hostname="127.0.0.1",
        port=free_port(0),
        tls_context=certified("127.0.0.1"),
        require_starttls=True,
        auth_required=True,
        authenticator=counter.log_in,
    )
    controller.start()
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", controller.port, True
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "quay", "tide"
    yield counter
    controller.stop()


def test_it_logs_in(guarded: Counter) -> None:
    journal = Kept()
    send(3, journal)
    assert guarded.recipients == [f"reader{number}@harbour.example" for number in (1, 2, 3)]
    assert len(journal.answers) == 3


def test_a_refused_login_leaves_all_untouched(guarded: Counter, settings: Settings) -> None:
    settings.EMAIL_HOST_PASSWORD = "ebb"
    journal = Kept()
    with pytest.raises(OSError, match="535"):
        send(1, journal)
    assert (journal.lines, guarded.recipients) == ([], [])
