"""What does every public endpoint check before it reads a request: where it comes from, how large, what shape?"""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.core.exceptions import RequestDataTooBig
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django_ratelimit.core import is_ratelimited

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class BadRequest(Exception):
    """A request that cannot be served: its status, a sentence for whoever sent it, and headers the status asks for."""

    def __init__(self, status: int, sentence: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = dict(headers or {})


def comes_from_here(request: HttpRequest) -> bool:
    """Was this request sent by a page of this site? Judged by Sec-Fetch-Site, else by Origin.

    Public pages are the same bytes for everybody, so they cannot carry a CSRF token; browsers name the sender in
    headers that a foreign page cannot set (Fetch Metadata; RFC 6454 Origin).
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def guarded(
    *, limit: int, rate: str, methods: tuple[str, ...] = ("GET", "HEAD", "POST"), from_anywhere: bool = False
) -> Callable[[View[P]], View[P]]:
    """Guards a view that anyone may call: `rate` per address ("30/m"), bodies up to `limit` bytes, posts from here.

    `from_anywhere` is for addresses that are their own authority, which another program may post to (RFC 8058).
    A refusal undoes whatever the view had written.
    """

    def decorate(view: View[P]) -> View[P]:
        @csrf_exempt
        @wraps(view)
        def guarded_view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                _admit(request, methods, from_anywhere=from_anywhere)
                _measure(request, limit=limit, rate=rate, group=f"{view.__module__}.{view.__qualname__}")
                return view(request, *args, **kwargs)
            except BadRequest as error:
                response = refusal(request, error)  # rendered before, for it reads the database
                if connection.in_atomic_block:
                    transaction.set_rollback(True)
                return response

        return guarded_view

    return decorate


def _admit(request: HttpRequest, methods: tuple[str, ...], *, from_anywhere: bool) -> None:
    if request.method not in methods:
        sentence = _("This address does not answer %(method)s.") % {"method": request.method}
        raise BadRequest(405, sentence, {"Allow": ", ".join(methods)})
    if request.method == "POST" and not from_anywhere and not comes_from_here(request):
        sentence = _("This request did not come from a page of this site. Open the page anew and try again.")
        raise BadRequest(403, sentence)


def _measure(request: HttpRequest, *, limit: int, rate: str, group: str) -> None:
    if is_ratelimited(request, group=group, key="ip", rate=rate, increment=True):
        sentence = _("Too many requests from your address. Wait a minute and try again.")
        raise BadRequest(429, sentence, {"Retry-After": "60"})
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise BadRequest(400, _("Content-Length is not a number.")) from None
    if length > limit:
        raise BadRequest(413, _("The request is too large: %(limit)d bytes are allowed.") % {"limit": limit})


def json_object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body. Raises BadRequest (415, 413, 400) with what is wrong."""
    if request.content_type != "application/json":
        raise BadRequest(415, _("Send application/json."))
    try:
        value = json.loads(request.body)
    except RequestDataTooBig as error:
        raise BadRequest(413, _("The request is too large.")) from error
    except (ValueError, RecursionError) as error:
        raise BadRequest(400, _("The body is not valid JSON.")) from error
    if not isinstance(value, dict):
        raise BadRequest(400, _("The body is not a JSON object."))
    return value


def refusal(request: HttpRequest, error: BadRequest) -> HttpResponse:
    """The sentence as a page for a browser's form, as JSON for a script, as text for anything else."""
    if request.content_type == "application/json":
        response: HttpResponse = JsonResponse({"error": error.sentence}, status=error.status)
    elif request.accepts("text/html"):
        response = render(request, "records/refused.html", {"sentence": error.sentence}, status=error.status)
    else:
        response = HttpResponse(error.sentence + "\n", status=error.status, content_type="text/plain; charset=utf-8")
    for name, value in {"Cache-Control": "no-store", **error.headers}.items():
        response[name] = value
    return response
