"""GET /mail/go/<token>/: where does a counted link lead, and is it counted?"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing import audience, tokens
from mailing.models import Delivery, Link, LinkFollowed
from mailing.views import links
from records.http import BadRequest, guarded


@links.private
@guarded(limit=1024, rate="120/m", methods=links.READ)
def go(request: HttpRequest, token: str) -> HttpResponse:
    """302 to an address that the mail's own campaign links to, and to no other.

    Counted for whoever agreed to it and has not taken it back since. Everybody else is led on, and nothing is kept.
    """
    number, target = links.numbers(token, tokens.LINK)
    link = Link.objects.filter(pk=target).first()
    delivery = Delivery.objects.select_related("subscription__mailing_list", "subscription__decision").filter(pk=number)
    row = delivery.first()
    if link is None or not _opens(link.url) or (row is not None and row.campaign_id != link.campaign_id):
        raise BadRequest(404, _("This link leads nowhere any more."))
    if row is not None and request.method == "GET" and _may_count(request, row):
        LinkFollowed.objects.create(delivery=row, link=link, followed_at=timezone.now())
    response = HttpResponseRedirect(link.url)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _opens(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _may_count(request: HttpRequest, delivery: Delivery) -> bool:
    """A browser that only fetches ahead follows nothing (Sec-Purpose, Fetch)."""
    ahead = "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    subscription = delivery.subscription
    return (
        delivery.tracked
        and not ahead
        and subscription is not None
        and audience.tracking_allowed(subscription, timezone.now())
    )
