"""A mail provider says what became of messages. Whoever cannot prove to be the provider changes nothing."""

import logging
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, tracking
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from mailing.returns import providers
from mailing.returns.providers import Provider
from records.http import BadRequest, guarded

logger = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
RATE = "3000/m"  # a provider reports a large campaign from few addresses


# Not one transaction for all events: each is written by itself, and those written are known when they come again.
@guarded(limit=MOST_BYTES, rate=RATE, methods=("POST", "HEAD"), from_anywhere=True, atomic=False)
def take(request: HttpRequest, provider: str) -> HttpResponse:
    """The address that django-anymail documents for each provider, behind two more rules: a provider for which no
    secret is set is not listened to, and what cannot be read is answered with 400, not with our own error."""
    try:
        view, events = heard(request, providers.PROVIDERS.get(provider))
    except BadRequest as error:
        return told(error)
    for event in events:
        if isinstance(event, AnymailTrackingEvent):
            tracking.send(sender=type(view), event=event, esp_name=view.esp_name)
    return HttpResponse()


def told(error: BadRequest) -> HttpResponse:
    """Read by a program, and by whoever looks into its log."""
    return JsonResponse({"error": error.sentence}, status=error.status, headers=error.headers)


def heard(request: HttpRequest, provider: Provider | None) -> tuple[Any, list[Any]]:
    """Anymail's reader of this provider's messages, and what the request says. Raises BadRequest."""
    view = _view(request, provider)
    return view, _events(view, request) if request.method == "POST" else []  # HEAD: a sign of life is asked for


def _view(request: HttpRequest, provider: Provider | None) -> Any:
    if provider is None:
        raise BadRequest(404, _("No mail provider of this name is known here."))
    if not provider.is_open:
        raise BadRequest(403, _("No secret is set for this provider, so nothing is taken from anybody."))
    view = _configured(provider)
    view.setup(request)
    return view


def _configured(provider: Provider) -> Any:
    try:
        return import_string(provider.view)()
    except Exception as error:
        logger.error("the settings for %s cannot be used: %s", provider.view, type(error).__name__)
        raise BadRequest(503, _("The settings of this provider cannot be used. Come again later.")) from error


def _events(view: Any, request: HttpRequest) -> list[Any]:
    """What the provider says. Raises BadRequest."""
    if providers.webhook_secrets() and not request.headers.get("Authorization"):
        # Amazon's SNS sends name and password only once it was asked for them.
        sentence = _("Send the name and the password of the webhook secret.")
        raise BadRequest(401, sentence, {"WWW-Authenticate": 'Basic realm="webhooks"'})
    try:
        view.run_validators(request)
        return list(view.parse_events(request))
    except AnymailWebhookValidationFailure as error:
        raise BadRequest(403, _("The signature or the password is wrong.")) from error
    except Exception as error:  # anymail reads what it expects, and raises all sorts of things else
        logger.warning("a message of %s cannot be read: %s", view.esp_name, type(error).__name__)
        raise BadRequest(400, _("This message cannot be read.")) from error
