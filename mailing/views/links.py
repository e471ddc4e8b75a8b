"""Which row does the link in a mail lead to, and what is said of a link that leads to none?"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from mailing import audience, tokens
from mailing.models import Delivery, Subscriber, Subscription
from records.http import BadRequest

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
READ = ("GET", "HEAD")
PREFERENCES_FOR = timedelta(days=90)
_DAY_ONE = date(1970, 1, 1)
_MOST = 2**63  # what a column of numbers can hold


def private(view: View[P]) -> View[P]:
    """Nothing keeps a copy of the page, and no index lists it: its address is the key."""

    @never_cache
    @wraps(view)
    def private_view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        # Not no-referrer: browsers without Fetch Metadata would then send a form's Origin as null.
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return private_view


def numbers(token: str, act: str) -> tuple[int, int]:
    """What the token of a link names. Raises BadRequest (404) for one that is not ours, or is for another act."""
    try:
        first, second = tokens.read(token, act)
    except tokens.BadToken:
        raise not_ours() from None
    if max(first, second) >= _MOST:
        raise not_ours()
    return first, second


def asked_for(token: str) -> Subscription:
    """What the link in a question asks about. Raises BadRequest (404, 410)."""
    try:
        return subscription(tokens.read_confirmation(token))
    except tokens.ExpiredToken:
        raise too_old() from None
    except tokens.BadToken:
        raise not_ours() from None


def subscription(pk: int) -> Subscription:
    standing = audience.subscriptions(timezone.now())
    found = standing.select_related("mailing_list", "subscriber").filter(pk=pk).first()
    if found is None:
        raise BadRequest(410, _("The address this link was sent to is deleted. Nothing is sent to it any more."))
    return found


def subscriber(token: str) -> tuple[Subscriber, date]:
    """Whose preferences, and on which day the link was made. Raises BadRequest (404, 410)."""
    pk, day = numbers(token, tokens.PREFERENCES)
    found = audience.people(timezone.now()).filter(pk=pk).first()
    if found is None:
        raise BadRequest(410, _("The address this link was sent to is deleted. Nothing is sent to it any more."))
    return found, _DAY_ONE + timedelta(days=min(day, 2_000_000))


def day_of(now: datetime) -> int:
    """Today, as such a link has it (UTC)."""
    return (now.astimezone(UTC).date() - _DAY_ONE).days


def preferences_token(subscriber_id: int, now: datetime) -> str:
    return tokens.make(tokens.PREFERENCES, subscriber_id, day_of(now))


def delivery(token: str, act: str) -> Delivery:
    """Which message. Raises BadRequest (404, 410)."""
    pk, _none = numbers(token, act)
    related = ("campaign", "subscription__mailing_list", "subscription__decision", "decision", "policy_version__page")
    found = Delivery.objects.select_related(*related).filter(pk=pk).first()
    if found is None:
        raise BadRequest(410, _("What we knew about this mail is deleted, and the address it was sent to with it."))
    return found


def not_ours() -> BadRequest:
    return BadRequest(404, _("This link is not complete. Copy it whole from the mail."))


def too_old() -> BadRequest:
    return BadRequest(410, _("This link is too old. Sign up again and we send you a new one."))
