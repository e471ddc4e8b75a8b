"""Who takes a message from us? The same three shapes for every way out."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from mailing.transport.shapes import Answer, Closed, Journal, Parcel, Stage, Transport

__all__ = ["Answer", "Closed", "Journal", "Parcel", "Stage", "Transport", "opened"]


@contextmanager
def opened() -> Iterator[Transport]:
    """The way out that settings.MAIL_TRANSPORT names. Connects when there is something to send, and says goodbye at the
    end. For one thread."""
    transport = _transport()
    try:
        yield transport
    finally:
        transport.close()


def _transport() -> Transport:
    if settings.MAIL_TRANSPORT == "smtp":
        from mailing.transport.smtp import SmtpTransport

        return SmtpTransport()
    from mailing.transport.backend import BackendTransport  # django-anymail is loaded where it is used

    return BackendTransport()
