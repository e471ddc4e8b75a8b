"""What does a mail provider's message say, and which secret proves that it is the provider's?"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.utils import get_anymail_setting

from mailing.returns import verdict, whose
from mailing.returns.shapes import Report, report
from mailing.returns.verdict import Kind

WEBHOOK_SECRET = "WEBHOOK_SECRET"  # noqa: S105 - the name of a setting: "name:password" for HTTP's basic authentication
SHORTEST_SECRET = 16  # letters, name and colon included


@dataclass(frozen=True)
class Provider:
    """A provider whose messages django-anymail reads. `keys`: settings, one of which its signature is checked with;
    without them, or where it signs nothing, WEBHOOK_SECRET alone lets it in."""

    view: str
    keys: tuple[str, ...] = ()
    needs_key: bool = False  # it always signs, and anymail always checks

    @property
    def is_open(self) -> bool:
        """Can a message be told from a stranger's? Else none is taken."""
        set_keys = [key for name in self.keys if (key := _setting(name)) is not None]
        # Anymail takes the first that is set, also an empty one.
        signed = bool(set_keys) and bool(str(set_keys[0]).strip())
        return signed if self.needs_key else signed or (not set_keys and bool(webhook_secrets()))


_AT = "anymail.webhooks."
# Those that anymail supports; SendGrid is none of them any more.
PROVIDERS: Mapping[str, Provider] = {
    "amazon_ses": Provider(f"{_AT}amazon_ses.AmazonSESTrackingWebhookView"),
    "brevo": Provider(f"{_AT}brevo.BrevoTrackingWebhookView"),
    "mailersend": Provider(f"{_AT}mailersend.MailerSendTrackingWebhookView", ("MAILERSEND_SIGNING_SECRET",), True),
    "mailgun": Provider(
        f"{_AT}mailgun.MailgunTrackingWebhookView", ("MAILGUN_WEBHOOK_SIGNING_KEY", "MAILGUN_API_KEY"), True
    ),
    "mailjet": Provider(f"{_AT}mailjet.MailjetTrackingWebhookView"),
    "mailtrap": Provider(f"{_AT}mailtrap.MailtrapTrackingWebhookView", ("MAILTRAP_TRACKING_SECRET",)),
    "mandrill": Provider(f"{_AT}mandrill.MandrillCombinedWebhookView", ("MANDRILL_WEBHOOK_KEY",), True),
    "postal": Provider(f"{_AT}postal.PostalTrackingWebhookView", ("POSTAL_WEBHOOK_KEY",), True),
    "postmark": Provider(f"{_AT}postmark.PostmarkTrackingWebhookView"),
    "resend": Provider(f"{_AT}resend.ResendTrackingWebhookView", ("RESEND_SIGNING_SECRET",)),
    "sparkpost": Provider(f"{_AT}sparkpost.SparkPostTrackingWebhookView"),
    "unisender_go": Provider(f"{_AT}unisender_go.UnisenderGoTrackingWebhookView", ("UNISENDER_GO_API_KEY",), True),
}


def webhook_secrets() -> list[str]:
    found = _setting(WEBHOOK_SECRET)
    return [str(each) for each in ([found] if isinstance(found, str) else found) if str(each).strip()] if found else []


def _setting(name: str) -> Any:
    """As anymail finds it: in ANYMAIL, as ANYMAIL_NAME, or (keys of providers) as NAME."""
    return get_anymail_setting(name, default=None, allow_bare=name != WEBHOOK_SECRET)


# What providers call a failure for good, and one for now, in the fields below.
_FIELDS = {"event", "type", "bouncetype", "bounce_type", "severity", "bounce_class", "status", "hard_bounce"}
_FOR_GOOD = re.compile(r".*hardbounced?|hard|permanent|bademailaddress|true|10|30")
_FOR_NOW = re.compile(r".*softbounced?|soft|transient|temporary|undetermined|blocked")
_MOST_VALUES = 300

_LEFT_BEFORE = {RejectReason.SPAM, RejectReason.UNSUBSCRIBED}
_CAME_BACK = {EventType.BOUNCED, EventType.REJECTED}


def read(event: AnymailTrackingEvent) -> Report | None:
    """None for what is no return, and for a message of which no token of ours says whose it is."""
    found = _said(event)
    deliveries = _about(event) if found else set()
    if found is None or len(deliveries) != 1:
        return None
    kind, status = found
    return report(kind, deliveries.pop(), status)


def _about(event: AnymailTrackingEvent) -> set[int]:
    metadata = event.metadata if isinstance(event.metadata, Mapping) else {}
    token = str(metadata.get("delivery", ""))
    return whose.of_address(token) | whose.of_message_id(token, str(event.message_id or ""))


def _said(event: AnymailTrackingEvent) -> tuple[Kind, str] | None:
    what, why = event.event_type, event.reject_reason
    if what == EventType.COMPLAINED:
        return Kind.COMPLAINT, ""
    # The provider keeps them from our mail because they left, or complained, earlier: no news, but they have left.
    if what == EventType.UNSUBSCRIBED or (what in _CAME_BACK and why in _LEFT_BEFORE):
        return Kind.LEFT, ""
    return _bounce(event) if what in _CAME_BACK else None


def _bounce(event: AnymailTrackingEvent) -> tuple[Kind, str]:
    """By the receiving server's status, else by the provider's own word; where they disagree, the milder."""
    words = " ".join(str(text) for text in (event.mta_response, event.description) if text)
    status, said = verdict.status(words), list(_words(event.esp_event))
    kind = verdict.kind(status, words)
    for_good = any(map(_FOR_GOOD.fullmatch, said)) or event.reject_reason == RejectReason.INVALID
    if any(map(_FOR_NOW.fullmatch, said)):
        kind = Kind.SOFT
    elif verdict.is_vague(status) and for_good:
        kind = Kind.HARD
    if not status and event.reject_reason == RejectReason.BLOCKED:
        return Kind.SOFT, "5.7.0"  # RFC 3463: a rule, nothing more is known
    return kind, status


def _words(event: Any) -> Iterator[str]:
    """The values of _FIELDS, at any depth, in small letters without signs between."""
    waiting, seen = [event], 0
    while waiting and seen < _MOST_VALUES:
        value, seen = waiting.pop(), seen + 1
        if isinstance(value, Mapping):
            for name, inner in list(value.items())[:_MOST_VALUES]:
                if isinstance(inner, Mapping | list):
                    waiting.append(inner)
                elif str(name).lower() in _FIELDS:
                    yield "".join(letter for letter in str(inner)[:60].lower() if letter.isalnum())
        elif isinstance(value, list):
            waiting.extend(value[:_MOST_VALUES])
