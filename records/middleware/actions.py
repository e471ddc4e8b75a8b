"""Which requests are actions of visitors, and what of them is put on record once the answer is made?"""

import logging
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from records import action_log
from records.action_log import describe, minimal

logger = logging.getLogger(__name__)

_FILES = "/static/", "/media/"
_PROBES = {"healthz", "readyz"}
READS_ITSELF = "candor.reads_itself"  # set where a check of this site's own asks for its pages; no header can


def actions(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: notes each action of a visitor in the action log. Before the first byte of the answer leaves, so that
    whoever had an answer is on record."""
    if not settings.ACTION_LOG:
        raise MiddlewareNotUsed
    describe.load()
    cms = reverse("wagtailadmin_home")

    def answer(request: HttpRequest) -> HttpResponseBase:
        at = timezone.now()
        response = get_response(request)
        try:
            if not request.path_info.startswith((cms, *_FILES)):
                _note(request, response, at)
        except Exception:  # the answer leaves, whatever becomes of the log
            logger.exception("an action could not be put on record")
        return response

    return answer


def _note(request: HttpRequest, response: HttpResponseBase, at: datetime) -> None:
    match = request.resolver_match
    name = match.view_name if match else ""
    if name in _PROBES or action_log.is_left_out(name) or request.META.get(READS_ITSELF):
        return
    action_log.record(
        action_log.note(
            sender(request),
            at=at,
            now=at,
            kind=_kind(request, response),
            path=_path(request, response),
            method=request.method or "",
            query=_query(request),
            status=response.status_code,
        )
    )


def _query(request: HttpRequest) -> list[tuple[str, str]]:
    if not request.META.get("QUERY_STRING"):
        return []
    return [(name, value) for name, value in request.GET.items() if isinstance(value, str)]


def sender(request: HttpRequest) -> action_log.Sender:
    """What a request says of whoever sent it."""
    meta = request.META
    try:
        host = request.get_host()
    except DisallowedHost:
        host = ""
    return action_log.Sender(
        host=host,
        address=meta.get(settings.RATELIMIT_IP_META_KEY) or "",
        agent=meta.get("HTTP_USER_AGENT", ""),
        languages=meta.get("HTTP_ACCEPT_LANGUAGE", ""),
        says_mobile=meta.get("HTTP_SEC_CH_UA_MOBILE") == "?1",
        referrer=meta.get("HTTP_REFERER", ""),
        gpc=meta.get("HTTP_SEC_GPC") == "1",
        dnt=meta.get("HTTP_DNT") == "1",
    )


def _kind(request: HttpRequest, response: HttpResponseBase) -> str:
    if request.method not in {"GET", "HEAD"}:
        return "form"
    if request.META.get("HTTP_SEC_PURPOSE", "").startswith("prefetch"):
        return "prefetch"
    return "page" if response.headers.get("Content-Type", "").startswith("text/html") else "file"


def _path(request: HttpRequest, response: HttpResponseBase) -> str:
    """A page's own path; the pattern of an address that holds more than a page's name, such as the token of a mail's
    link; and of an address that is none of the site's, which may be a link that was broken in two, nothing."""
    match = request.resolver_match
    if match is None or (match.view_name in minimal.PAGES and response.status_code == HTTPStatus.NOT_FOUND):
        return minimal.ELSEWHERE
    has_values = bool(match.kwargs or match.args)
    return minimal.path(request.path, name=match.view_name, route=match.route, has_values=has_values)
