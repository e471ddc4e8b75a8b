"""What does a mail look like in a browser, and why did somebody get it? Told from the row, without naming anybody."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from mailing import compose, tokens
from mailing.models import Campaign, Delivery, Subscription
from mailing.views import asking, links, subjects
from records import terms
from records.http import BadRequest, guarded
from records.registry import Basis, Purpose

# A mail's own styles stand in its tags. It is shown alone, runs nothing, sends nothing, and loads this site's images.
_HEADER = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@links.private
@guarded(limit=1024, rate="60/m", methods=links.READ)
def web_version(request: HttpRequest, token: str) -> HttpResponse:
    """That very mail, in its reader's language and version, with nobody's name in it: the link gets passed on."""
    delivery = links.delivery(token, tokens.VIEW)
    campaign, language = delivery.campaign, delivery.language
    if campaign is None or (campaign.is_promotion and campaign.text_for(language, delivery.version) is None):
        raise BadRequest(404, _("This message has no web version."))
    response = HttpResponse(compose.page(campaign, language=language, version=delivery.version))
    response["Content-Security-Policy"] = _HEADER
    response["Content-Language"] = language
    response["Referrer-Policy"] = "no-referrer"
    return response


@links.private
@guarded(limit=1024, rate="60/m", methods=links.READ)
def why(request: HttpRequest, token: str) -> HttpResponse:
    """Which consent and which policy stand behind one mail. Names no address: whoever the mail was passed on to may
    read it."""
    delivery = links.delivery(token, tokens.WHY)
    version = delivery.policy_version
    context = {
        "delivery": delivery,
        "campaign": delivery.campaign,
        "subscription": delivery.subscription,
        "decision": delivery.decision,
        "is_promotion": delivery.campaign is not None and delivery.campaign.is_promotion,
        "purpose": Purpose(delivery.purpose).label,
        "basis": _basis(delivery),
        "version": version,
        "version_url": version.url if version else "",
        "asked_by": _asked_by(delivery.subscription),
    }
    return render(request, "mailing/why.html", context)


def _basis(delivery: Delivery) -> str:
    """As the policy said when it left; for a notice, what obliges us to it."""
    if delivery.campaign is not None and not delivery.campaign.is_promotion:
        return str(Basis.OBLIGATION.label)
    at = delivery.sent_at or delivery.first_tried_at or delivery.queued_at
    term = terms.in_force(terms.Kind.PURPOSE, delivery.purpose, at)
    said = term.value.get("basis", "") if term else ""
    return str(Basis(said).label) if said in Basis.values else ""


def _asked_by(subscription: Subscription | None) -> str:
    return str(Subscription.Source(subscription.source).label) if subscription else ""


def in_brief(deliveries: Collection[Delivery]) -> list[dict[str, Any]]:
    """Lines of what was sent to a person, for that person."""
    subjects.look_up(each.campaign for each in deliveries if each.campaign)
    said = subjects.filled([_subject(each) for each in deliveries], asking.language())
    return [
        {
            "at": each.sent_at or each.first_tried_at or each.changed_at,
            "subject": subject,
            "state": Delivery.State(each.state).label,
            "why": reverse("mailing:why", args=[tokens.make(tokens.WHY, each.pk)]),
        }
        for each, subject in zip(deliveries, said, strict=True)
    ]


def _subject(delivery: Delivery) -> str:
    campaign = delivery.campaign
    text = campaign.text_for(delivery.language, delivery.version) if campaign else None
    if text:
        return text.subject
    return str(Campaign.Kind(campaign.kind).label) if campaign else ""
