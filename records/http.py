"""What does every public endpoint check before it reads a request: where it comes from, how large, what shape?"""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django_ratelimit.core import get_usage

_DIGITS = 19  # of a length that a machine can have
_MOST = 10_000  # addresses that are remembered as asking too often
_over: dict[tuple[str, str], float] = {}  # by view and address, until which second of Unix time
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
    *,
    limit: int,
    rate: str,
    reads: str = "",
    methods: tuple[str, ...] = ("GET", "HEAD", "POST"),
    from_anywhere: bool = False,
    atomic: bool = True,
) -> Callable[[View[P]], View[P]]:
    """Guards a view that anyone may call: `rate` per address ("30/m"), bodies up to `limit` bytes, posts from here.

    With `reads`, GET and HEAD have that rate, and a count of their own: those who read a form behind one address, an
    office or a network of telephones, take nothing from what may be sent with it.
    `from_anywhere` is for addresses that are their own authority, which another program may post to (RFC 8058).
    A refusal undoes whatever the view had written; `atomic` False is for a view that writes one statement and last.
    """

    def decorate(view: View[P]) -> View[P]:
        group = f"{view.__module__}.{view.__qualname__}"

        # The transaction starts once the request is admitted: whoever is turned away costs the database nothing.
        @csrf_exempt
        @transaction.non_atomic_requests
        @wraps(view)
        def guarded_view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                _admit(request, methods, from_anywhere=from_anywhere)
                counted = (f"{group}.reads", reads) if reads and request.method != "POST" else (group, rate)
                _measure(request, *counted, limit=limit)
                with transaction.atomic() if atomic else nullcontext():
                    return view(request, *args, **kwargs)
            except BadRequest as error:
                return refusal(request, error)

        guarded_view.methods = methods  # type: ignore[attr-defined]
        return guarded_view

    return decorate


def _admit(request: HttpRequest, methods: tuple[str, ...], *, from_anywhere: bool) -> None:
    if request.method not in methods:
        sentence = _("This address does not answer %(method)s.") % {"method": request.method}
        raise BadRequest(405, sentence, {"Allow": ", ".join(methods)})
    if request.method == "POST" and not from_anywhere and not comes_from_here(request):
        sentence = _("This request did not come from a page of this site. Open the page anew and try again.")
        raise BadRequest(403, sentence)


def _measure(request: HttpRequest, group: str, rate: str, *, limit: int) -> None:
    if _asks_too_often(request, group, rate):
        sentence = _("Too many requests from your address. Wait a minute and try again.")
        raise BadRequest(429, sentence, {"Retry-After": "60"})
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise BadRequest(400, _("Content-Length is not a number."))
    if len(length) > _DIGITS or int(length) > limit:
        raise BadRequest(413, _("The request is too large: %(limit)d bytes are allowed.") % {"limit": limit})
    # Python knows charsets that are no text, or that make text which no database takes.
    if (request.encoding or "utf-8").lower() not in {"utf-8", "utf8"}:
        raise BadRequest(415, _("Send UTF-8."))


def _asks_too_often(request: HttpRequest, group: str, rate: str) -> bool:
    """Counts the request. Whoever is over the limit is turned away from memory until the minute is over: a flood asks
    Valkey nothing, and leaves the process to others."""
    asker, now = (group, str(request.META.get(settings.RATELIMIT_IP_META_KEY))), time.time()
    if now < _over.get(asker, 0.0):
        return True
    usage = get_usage(request, group=group, key="ip", rate=rate, increment=True)
    if usage is None or not usage["should_limit"]:
        return False
    if len(_over) >= _MOST:
        _over.clear()
    _over[asker] = now + usage["time_left"]
    return True


def forget() -> None:
    """Makes this process ask Valkey about everybody anew."""
    _over.clear()


def json_object(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body, each name once (RFC 7493). Raises BadRequest (415, 413, 400) with what is wrong."""
    if request.content_type != "application/json":
        raise BadRequest(415, _("Send application/json."))
    try:
        value = json.loads(request.body, object_pairs_hook=_each_once)
    except RequestDataTooBig as error:
        raise BadRequest(413, _("The request is too large.")) from error
    except UnreadablePostError as error:
        raise BadRequest(400, _("The request ended too early.")) from error
    except (ValueError, RecursionError) as error:
        raise BadRequest(400, _("The body is not valid JSON.")) from error
    if not isinstance(value, dict):
        raise BadRequest(400, _("The body is not a JSON object."))
    return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of two answers under one name nobody can say which was meant."""
    value = dict(pairs)
    if len(value) < len(pairs):
        raise BadRequest(400, _("The body names something twice."))
    return value


def refusal(request: HttpRequest, error: BadRequest) -> HttpResponse:
    """The sentence as a page for a browser's form, as JSON for a script, as text for anything else."""
    if request.content_type == "application/json":
        response: HttpResponse = JsonResponse({"error": error.sentence}, status=error.status)
    elif request.accepts("text/html"):
        # Whoever asks too often gets a page that asks the database nothing.
        page = "records/wait.html" if error.status == HTTPStatus.TOO_MANY_REQUESTS else "records/refused.html"
        response = render(request, page, {"sentence": error.sentence}, status=error.status)
    else:
        response = HttpResponse(error.sentence + "\n", status=error.status, content_type="text/plain; charset=utf-8")
    for name, value in {"Cache-Control": "no-store", **error.headers}.items():
        response[name] = value
    return response
