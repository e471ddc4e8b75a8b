"""How do messages leave by Django's e-mail backend, such as a provider's programming interface? One call for each."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from anymail.backends.base import AnymailBaseBackend
from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from mailing import tokens
from mailing.transport import failures
from mailing.transport.shapes import Answer, Closed, Journal, Parcel, Stage, always

CLOSING = 421


class BackendTransport:
    """settings.EMAIL_BACKEND, opened when there is something to send, and anew after settings.MAIL_PER_CONNECTION
    messages. For one thread."""

    def __init__(self) -> None:
        self._connection: Any = None
        self._sent = 0

    def send(self, parcels: Iterable[Parcel], journal: Journal, go_on: Callable[[], bool] = always) -> None:
        """See Transport. Raises another OSError than Closed where the server or the provider cannot be reached."""
        try:
            for parcel in parcels:
                if not go_on():
                    return
                self._send(parcel, journal)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if self._connection is not None:
            with suppress(OSError):
                self._connection.close()
        self._connection = None

    def _send(self, parcel: Parcel, journal: Journal) -> None:
        connection = self._ready()
        try:
            message = _addressed(parcel, connection)
        except ValueError:
            journal.answer(Answer(parcel.number, 554, Stage.MESSAGE, "5.6.0 the message cannot be written"))
            return
        self._sent += 1
        journal.intent(parcel.number)
        journal.answer(answer := _handed_over(message, parcel.number, connection))
        if answer.code == CLOSING:
            raise Closed("the mail server takes nothing more now")

    def _ready(self) -> Any:
        if self._connection is not None and 0 < settings.MAIL_PER_CONNECTION <= self._sent:
            self.close()
        if self._connection is None:
            connection = get_connection()
            connection.open()
            self._connection, self._sent = connection, 0
        return self._connection


def _addressed(parcel: Parcel, connection: Any) -> EmailMessage:
    message = parcel.message()
    if isinstance(connection, AnymailBaseBackend):
        _name_the_row(message, parcel)
    elif parcel.sender:  # the header keeps the author's address; the envelope has the one that bounces come to
        message.extra_headers.setdefault("From", message.from_email)
        message.from_email = parcel.sender
    return message


def _name_the_row(message: Any, parcel: Parcel) -> None:
    """Comes back with the provider's reports: most providers let nobody choose the envelope's sender."""
    if parcel.number > 0:
        token = tokens.make_lower(tokens.RETURN, parcel.number)
        message.metadata = {**getattr(message, "metadata", {}), "delivery": token}


def _handed_over(message: EmailMessage, number: int, connection: Any) -> Answer:
    """Raises Closed where nobody can tell what became of it."""
    try:
        count = connection.send_messages([message])
    except Exception as error:
        answer = failures.provider_said(message, number) or failures.answer(error, number)
        if answer:
            return answer
        raise Closed(f"the mail backend failed ({type(error).__name__})") from error
    if count == 0:
        return Answer(number, 554, Stage.MESSAGE, "5.3.0 the mail backend sent nothing")
    return failures.provider_said(message, number) or Answer(number, 250, Stage.MESSAGE, "2.0.0 taken")
