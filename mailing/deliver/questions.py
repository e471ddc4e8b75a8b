"""How does the question for a confirmation leave? Once for each request, and rather twice than never."""

import logging
import smtplib
from datetime import datetime

from django.db import transaction

from mailing import audience, compose

logger = logging.getLogger(__name__)

REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)  # this message; other answers are about the sender


def send_confirmation(subscription_id: int, *, now: datetime) -> int:
    """Sends the question for one request, once; returns 1 when it left. Raises OSError (smtplib.SMTPException is one)
    when the mail server cannot be reached or turns us away."""
    with transaction.atomic():
        waiting = audience.waiting_for_question(now).select_related("subscriber", "mailing_list")
        subscription = waiting.select_for_update(of=("self",), skip_locked=True).filter(pk=subscription_id).first()
        if subscription is None:
            return 0
        try:
            compose.confirmation(subscription).send()
        except REFUSED as error:
            logger.warning("the mail server answered %d to a request for confirmation", _code(error))
            if _code(error) < 500:
                return 0
        except ValueError:
            logger.warning("a request for confirmation cannot be written: its address is malformed")
        # Set after a refusal for good, too: asking once more changes nothing until somebody types the address again.
        audience.question_sent(subscription, now=now)
        return 1


def _code(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> int:
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code
    return min(code for code, _text in error.recipients.values())
