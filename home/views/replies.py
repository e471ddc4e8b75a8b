"""A mail provider hands over what people replied. Whoever cannot prove to be the provider is not listened to."""

import logging
from collections.abc import Mapping
from typing import Any

from anymail.signals import AnymailInboundEvent
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from home import returns
from mailing.returns.providers import Provider
from mailing.views.webhooks import heard, told
from records.http import BadRequest, guarded

logger = logging.getLogger(__name__)

MOST_BYTES = 15 * 1024 * 1024  # a mail with photographs; what is kept of it is its text
RATE = "300/m"
_AT = "anymail.webhooks."
# Those whose mails that come in anymail reads. SendGrid is none of them any more.
PROVIDERS: Mapping[str, Provider] = {
    "amazon_ses": Provider(f"{_AT}amazon_ses.AmazonSESInboundWebhookView"),
    "brevo": Provider(f"{_AT}brevo.BrevoInboundWebhookView"),
    "mailersend": Provider(f"{_AT}mailersend.MailerSendInboundWebhookView", ("MAILERSEND_INBOUND_SECRET",), True),
    "mailgun": Provider(
        f"{_AT}mailgun.MailgunInboundWebhookView", ("MAILGUN_WEBHOOK_SIGNING_KEY", "MAILGUN_API_KEY"), True
    ),
    "mailjet": Provider(f"{_AT}mailjet.MailjetInboundWebhookView"),
    "mailtrap": Provider(f"{_AT}mailtrap.MailtrapInboundWebhookView", ("MAILTRAP_INBOUND_SECRET",)),
    "mandrill": Provider(f"{_AT}mandrill.MandrillCombinedWebhookView", ("MANDRILL_WEBHOOK_KEY",), True),
    "postal": Provider(f"{_AT}postal.PostalInboundWebhookView", ("POSTAL_WEBHOOK_KEY",), True),
    "postmark": Provider(f"{_AT}postmark.PostmarkInboundWebhookView"),
    "resend": Provider(f"{_AT}resend.ResendInboundWebhookView", ("RESEND_INBOUND_SECRET",)),
    "sparkpost": Provider(f"{_AT}sparkpost.SparkPostInboundWebhookView"),
}


# Not one transaction for all events: each is written by itself, and those written are known when they come again.
@guarded(limit=MOST_BYTES, rate=RATE, methods=("POST", "HEAD"), from_anywhere=True, atomic=False)
def take_reply(request: HttpRequest, provider: str) -> HttpResponse:
    """The address for mails that come in, as django-anymail documents it for each provider."""
    if request.method == "POST" and request.content_type != "multipart/form-data":
        # Django takes no more than a form's worth of a body that is no upload; `guarded` has measured this one.
        request._body = request.read(MOST_BYTES)
    try:
        _view, events = heard(request, PROVIDERS.get(provider))
    except BadRequest as error:
        return told(error)
    for event in events:
        if isinstance(event, AnymailInboundEvent):
            _take(event)
    return HttpResponse()


def _take(event: Any) -> None:
    try:
        raw, to = event.message.as_bytes(), str(event.message.envelope_recipient or "")
    except Exception as error:  # a mail that can be parsed, and not be written again
        logger.warning("a reply by mail cannot be read: %s", type(error).__name__)
        raise BadRequest(400, _("This message cannot be read.")) from error
    returns.take_in(raw, to=[to], now=timezone.now())
