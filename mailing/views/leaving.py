"""Leaving a list: with a button on our page, or with the mailbox's own (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing import audience, tokens
from mailing.models import Delivery, Return, Subscription
from mailing.views import asking, links
from records.http import BadRequest, comes_from_here, guarded

ONE_CLICK = ("List-Unsubscribe", "One-Click")
PAGE = "page"  # a source that no provider told us of: somebody pressed the button here


# A mailbox provider posts for all its users from a few addresses: its rate is no visitor's.
@links.private
@guarded(limit=8192, rate="1200/m", from_anywhere=True)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST leaves: from this page, or from anywhere with the one body that RFC 8058 asks for."""
    subscription, delivery = _named(token)
    if request.method != "POST":
        context = {"subscription": subscription, "left": subscription.left_at is not None}
        return render(request, "mailing/unsubscribe.html", context)
    here = comes_from_here(request)
    if not here and not _is_one_click(request):
        raise BadRequest(400, _("Send “List-Unsubscribe=One-Click” to leave this list, and nothing else."))
    now = timezone.now()
    left = audience.leave(subscription=subscription, told=asking.told_now(request), now=now)
    if left and delivery:
        _remember(subscription, delivery, source=PAGE if here else Return.Source.WEBHOOK)
    if here:
        return render(request, "mailing/unsubscribe.html", {"subscription": subscription, "done": True})
    return HttpResponse(_("You have left the list") + "\n", content_type="text/plain; charset=utf-8")


def _named(token: str) -> tuple[Subscription, int]:
    pk, delivery = links.numbers(token, tokens.UNSUBSCRIBE)
    return links.subscription(pk), delivery


def _is_one_click(request: HttpRequest) -> bool:
    """The pair alone, as a form sends it (RFC 8058, 3.1); from some without saying so."""
    name, value = ONE_CLICK
    if request.content_type in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        return not request.FILES and dict(request.POST.lists()) == {name: [value]}
    return bool(request.body.strip() == f"{name}={value}".encode())


def _remember(subscription: Subscription, delivery: int, *, source: str) -> None:
    """With which message in hand somebody left, for the campaign's results."""
    if Delivery.objects.filter(pk=delivery, subscription=subscription).exists():
        row = Return(
            delivery_id=delivery,
            kind=Return.Kind.LEFT,
            source=source,
            identity=f"left:{delivery}",
            received_at=timezone.now(),
        )
        Return.objects.bulk_create([row], ignore_conflicts=True)
