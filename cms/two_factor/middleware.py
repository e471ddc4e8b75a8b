"""Is whoever asks signed in to the end? Until their second step is done they are a stranger to every page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from cms.two_factor import accounts
from cms.two_factor.models import is_on

SAFE = {"GET", "HEAD", "OPTIONS"}
GRACE = timedelta(hours=1)  # for what is sent from an editor that is open: nobody loses a text to the clock
PROVEN_AT = "two_factor_at"  # in the session
# Where people sign in, and what those pages are made of.
DOORS = {
    *("wagtailadmin_login", "wagtailadmin_logout", "wagtailadmin_sprite", "wagtailadmin_javascript_catalog"),
    *(f"wagtailadmin_password_reset{part}" for part in ("", "_done", "_confirm", "_complete")),
}


class Step(Enum):
    """What is left to do for whoever has given a password."""

    NONE = auto()
    CODE = auto()
    SET_UP = auto()


class SecondStep:
    """Middleware, after django_otp's. A view that is part of signing in finds the account in `signing_in`; all others,
    and all below, find nobody, so that no address has to be remembered here for being closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_on():
            told: Any = request
            given = told.signing_in = request.user
            told.user = SimpleLazyObject(lambda: AnonymousUser() if step(request) is not Step.NONE else given)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Leads a browser to the step that is left. What a script asks for, or sends, is refused as a stranger's."""
        match, is_page = request.resolver_match, request.headers.get("X-Requested-With") != "XMLHttpRequest"
        if not (is_on() and is_page and request.method == "GET" and match):
            return None
        if not request.path_info.startswith(reverse("wagtailadmin_home")) or match.view_name in DOORS:
            return None
        left = step(request)
        if left is Step.NONE or match.namespace == "two_factor":
            return None
        name = "two_factor:code" if left is Step.CODE else "two_factor:set_up"
        return redirect(f"{reverse(name)}?{urlencode({'next': request.get_full_path()}, safe='/')}")


def step(request: Any) -> Step:
    """Asked once a request."""
    if not hasattr(request, "_second_step"):
        request._second_step = _step(request, timezone.now())
    return request._second_step


def _step(request: Any, now: datetime) -> Step:
    user = request.signing_in
    if not user.is_authenticated:
        return Step.NONE
    if user.otp_device is not None and _is_fresh(request, now):
        return Step.NONE
    if user.otp_device is not None or accounts.of(user) is not None:
        return Step.CODE
    return Step.SET_UP if accounts.must_have(user) else Step.NONE


def _is_fresh(request: HttpRequest, now: datetime) -> bool:
    proven_at = datetime.fromisoformat(request.session.get(PROVEN_AT, "2000-01-01T00:00:00+00:00"))
    lasts = timedelta(hours=settings.TWO_FACTOR_HOURS)
    is_page = request.method in SAFE and request.headers.get("X-Requested-With") != "XMLHttpRequest"
    is_code = request.path_info == reverse("two_factor:code")
    return now < proven_at + lasts + (timedelta() if is_page or is_code else GRACE)
