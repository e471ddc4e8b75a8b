"""Could a stranger tell us that a message came back? And is somebody listening to the provider that sends ours?"""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.urls import NoReverseMatch, reverse

from mailing.returns import providers


def check_webhooks(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """E001 anymail's own addresses beside ours, open to everybody; E002 a secret that is none; W001 a provider sends
    for us and nothing that it says is heard."""
    return [*_open_to_everybody(), *_weak_secrets(), *_not_heard()]


def _open_to_everybody() -> Iterator[CheckMessage]:
    try:
        reverse("anymail:postmark_tracking_webhook")
    except NoReverseMatch:
        return
    if not providers.webhook_secrets():
        yield Error(
            "anymail.urls are among the site's addresses and no webhook secret is set: anybody can report bounces.",
            hint="Take anymail.urls out: /mail/webhooks/<provider>/tracking/ answers instead. Or set WEBHOOK_SECRET.",
            id="mailing.E001",
        )


def _weak_secrets() -> Iterator[CheckMessage]:
    for secret in providers.webhook_secrets():
        if ":" not in secret or len(secret) < providers.SHORTEST_SECRET:
            yield Error(
                "ANYMAIL's WEBHOOK_SECRET is not of the form name:password, or can be guessed.",
                hint=f"At least {providers.SHORTEST_SECRET} letters: hook:$(openssl rand -hex 16)",
                id="mailing.E002",
            )


def _not_heard() -> Iterator[CheckMessage]:
    backend = settings.EMAIL_BACKEND
    known = providers.PROVIDERS.get(backend.removeprefix("anymail.backends.").partition(".")[0])
    if settings.MAIL_TRANSPORT == "backend" and backend.startswith("anymail.") and known and not known.is_open:
        names = " or ".join([*known.keys] if known.needs_key else [*known.keys, providers.WEBHOOK_SECRET])
        yield Warning(
            "Mail goes out through a provider, and its reports of bounces and complaints are not taken.",
            hint=f"Set {names} in ANYMAIL, and give the provider the address in docs/operators.md.",
            id="mailing.W001",
        )
