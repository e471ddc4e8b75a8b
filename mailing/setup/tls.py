"""Is what this site hands to the mail server encrypted on the way, and is that server who it says it is?"""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mailing.setup.shapes import Check, Finding, Said, Server, Status

WITHIN = 5.0  # seconds for each step of the dialogue
SOON = 14  # days


@dataclass(frozen=True)
class Seen:
    """What a connection showed. `greeting`: the name the server gave; `problem`: why no encryption came about."""

    reached: bool
    greeting: str = ""
    offers: bool = False
    version: str = ""  # "TLSv1.3"; "" without encryption
    expires_at: datetime | None = None
    problem: str = ""


class _Greeted:
    """Keeps what the server says first."""

    greeting = ""

    def connect(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        code, words = super().connect(*args, **kwargs)  # type: ignore[misc]
        self.greeting = words.decode("ascii", "replace").partition(" ")[0]
        return code, words


class _Plain(_Greeted, smtplib.SMTP):
    pass


class _Encrypted(_Greeted, smtplib.SMTP_SSL):
    pass


def look(server: Server, *, context: ssl.SSLContext | None = None, timeout: float = WITHIN) -> Seen:
    """Connects, says hello, encrypts where the server offers it, and leaves. Hands over nothing and logs in nowhere."""
    context = context or ssl.create_default_context()
    try:
        if server.tls == "ssl":
            connection: Any = _Encrypted(server.host, server.port, timeout=timeout, context=context)
        else:
            connection = _Plain(server.host, server.port, timeout=timeout)
    except ssl.SSLError as error:
        return Seen(True, problem=_why(error))
    except (OSError, ValueError) as error:  # SMTPException is an OSError
        return Seen(False, problem=_why(error))
    try:
        return _encrypt(server, connection, context)
    finally:
        connection.close()


def _encrypt(server: Server, connection: Any, context: ssl.SSLContext) -> Seen:
    greeting = connection.greeting
    try:
        connection.ehlo()
        offers = server.tls == "ssl" or connection.has_extn("starttls")
        if not offers:
            return Seen(True, greeting)
        if server.tls != "ssl":
            connection.starttls(context=context)
    except (OSError, ValueError) as error:
        return Seen(True, greeting, offers=True, problem=_why(error))
    certificate = connection.sock.getpeercert() or {}
    until = certificate.get("notAfter")
    expires_at = datetime.fromtimestamp(ssl.cert_time_to_seconds(until), tz=UTC) if until else None
    return Seen(True, greeting, True, connection.sock.version() or "", expires_at)


def _why(error: Exception) -> str:
    return getattr(error, "verify_message", "") or getattr(error, "strerror", None) or type(error).__name__


def tls(server: Server, seen: Seen, *, now: datetime) -> Finding:
    subject = f"{server.host}:{server.port}"
    if not seen.reached:
        said = Said("not_reached_because", {"problem": seen.problem})
        return Finding(Check.TLS, subject, Status.UNKNOWN, (said,))
    if seen.problem and not (server.is_local and not server.tls):
        said = Said("tls_failed", {"problem": seen.problem})
        return Finding(Check.TLS, subject, Status.WRONG, (said,), (seen.greeting,))
    if not server.tls and server.is_local:
        return Finding(Check.TLS, subject, Status.OK, (Said("tls_local", {}),), (seen.greeting,))
    if not seen.version:
        return Finding(Check.TLS, subject, Status.MISSING, (Said("tls_not_offered", {}),), (seen.greeting,))
    if not server.tls:
        said = Said("tls_off", {})
        return Finding(Check.TLS, subject, Status.WRONG, (said,), (seen.version,), "EMAIL_USE_TLS=True")
    days = (seen.expires_at - now).days if seen.expires_at else SOON
    said = Said("tls_ok" if days >= SOON else "tls_soon", {"version": seen.version, "days": days})
    return Finding(Check.TLS, subject, Status.OK, (said,), (seen.version,))
