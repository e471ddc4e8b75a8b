"""What does the exception of an e-mail backend, or a provider's own word, mean in the words of SMTP?"""

import smtplib
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError
from django.core.mail import EmailMessage
from urllib3.exceptions import ConnectTimeoutError

from mailing.transport.shapes import Answer, Stage

# A provider's HTTP status. 502 and 504 are missing: what stands before the provider does not know what became of it.
_OF_HTTP = {
    401: (535, Stage.SENDER, "5.7.8"),
    402: (550, Stage.SENDER, "5.7.0"),
    403: (535, Stage.SENDER, "5.7.8"),
    404: (550, Stage.SENDER, "5.1.8"),  # the account, or the domain we write from
    413: (552, Stage.MESSAGE, "5.3.4"),
    429: (421, Stage.MESSAGE, "4.7.0"),  # about all of our messages, not this one
    500: (451, Stage.MESSAGE, "4.3.0"),
    503: (421, Stage.MESSAGE, "4.3.2"),
}
_OF_STATUS = {  # django-anymail's normalised words
    "invalid": (550, Stage.RECIPIENT, "5.1.3 the provider says that the address is invalid"),
    "rejected": (550, Stage.RECIPIENT, "5.7.1 the provider does not write to this address"),
    "failed": (554, Stage.MESSAGE, "5.3.0 the provider could not send it"),
}


def provider_said(message: EmailMessage, number: int) -> Answer | None:
    """What django-anymail keeps of the provider's answer to a message for one recipient; None where there is none."""
    found = getattr(message, "anymail_status", None)
    if not found or not found.recipients:
        return None
    [(_email, said)] = list(found.recipients.items())[:1]
    code, stage, text = _OF_STATUS.get(said.status or "", (250, Stage.MESSAGE, f"2.0.0 {said.status or 'taken'}"))
    return Answer(number, code, stage, text, provider_id=str(said.message_id or ""))


def answer(error: Exception, number: int) -> Answer | None:
    """None where nobody can tell whether the message was accepted."""
    if isinstance(error, smtplib.SMTPException):
        return _of_smtp(error, number)
    if isinstance(error, AnymailAPIError):
        return _of_api(error, number)
    if isinstance(error, AnymailError | ValueError):  # raised while the message is put into a request
        return Answer(number, 554, Stage.MESSAGE, "5.6.0 the message cannot be written for this mail provider")
    return None


def _never_left(error: AnymailAPIError) -> bool:
    """Was no connection made at all?"""
    cause = error.__cause__ or error
    pool = cause.args[0] if cause.args else None  # requests wraps urllib3's errors
    return isinstance(getattr(pool, "reason", None), ConnectTimeoutError) or "CERTIFICATE_VERIFY_FAILED" in str(pool)


def _of_smtp(error: smtplib.SMTPException, number: int) -> Answer | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        [(code, text)] = list(error.recipients.values())[:1]
        return Answer(number, code, Stage.RECIPIENT, _text(text))
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Answer(number, 553, Stage.RECIPIENT, "5.6.7 our mail server takes no address with letters outside ASCII")
    if isinstance(error, smtplib.SMTPResponseException) and 400 <= error.smtp_code < 600:
        stage = Stage.MESSAGE if isinstance(error, smtplib.SMTPDataError) else Stage.SENDER
        return Answer(number, error.smtp_code, stage, _text(error.smtp_error))
    return None


def _of_api(error: AnymailAPIError, number: int) -> Answer | None:
    http = error.status_code
    if http is None and _never_left(error):
        return Answer(number, 421, Stage.SENDER, "4.4.1 the mail provider cannot be reached")
    if http in _OF_HTTP:
        code, stage, status = _OF_HTTP[http]
    elif http and 400 <= http < 500:
        code, stage, status = 554, Stage.MESSAGE, "5.6.0"
    else:
        return None
    return Answer(number, code, stage, f"{status} HTTP {http}: {getattr(error.response, 'text', '')}")


def _text(said: Any) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
