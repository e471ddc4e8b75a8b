"""What does every answer of the public site carry and leave out, so that the browser holds to what was chosen?"""

import hashlib
import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from consent import findings
from consent.catalogue import Published
from consent.decide import Choice
from consent.enforce import ahead, csp, set_cookie
from consent.enforce.csp import Mode
from consent.models import Finding
from consent.views import keeping
from consent.views import visitor as visitors

logger = logging.getLogger(__name__)
_HEADER = "Content-Security-Policy"


def hold(request: HttpRequest, response: HttpResponseBase) -> None:
    """Adds the header to pages, takes cookies out that nobody permitted, and says how long a cache in front may keep
    the answer. The CMS is left alone: Wagtail's pages need scripts of their own."""
    if request.path_info.startswith(reverse("wagtailadmin_home")):
        return
    is_page = response.headers.get("Content-Type", "").startswith("text/html")
    if not is_page and (seconds := keeping.allowed(response)) is not None:
        response.headers["X-Accel-Expires"] = str(seconds)
    if not (is_page or response.cookies):
        return
    try:
        published, choice = visitors.answer_of(request)
    except (DatabaseError, DisallowedHost):  # the page of an error is a page, too
        published, choice = None, Choice()
    if published and response.cookies:
        _filter(request, response, published, choice)
    if is_page:
        response.headers["X-Accel-Expires"] = str(keeping.page(request, response, published))
        _protect(response, published, choice)


def _protect(response: HttpResponseBase, published: Published | None, choice: Choice) -> None:
    mode = Mode(settings.CONSENT_CSP)
    named = f"{_HEADER}-Report-Only" if mode is Mode.REPORT else _HEADER
    if mode is Mode.OFF or _HEADER in response.headers:
        return
    value = response.headers[named] = _value(published, choice, mode)
    if published and published.optional:
        _tell_apart(response, value + _hurry(response, choice))


def _tell_apart(response: HttpResponseBase, value: str) -> None:
    """The bytes are the same for everybody, the header is not: caches must neither mix them up nor call a page
    unchanged whose header is another now (RFC 9110, 8.8.3 and 12.5.5)."""
    patch_vary_headers(response, ["Cookie", "Sec-GPC", *(["DNT"] if settings.CONSENT_HONOUR_DNT else [])])
    if isinstance(response, HttpResponse) and response.status_code == 200:
        known = response.headers.get("ETag", "").encode() or response.content
        response.headers["ETag"] = f'"{hashlib.sha256(known + value.encode()).hexdigest()[:32]}"'


def _value(published: Published | None, choice: Choice, mode: Mode) -> str:
    services = csp.permitted(published, choice, mode) if published else frozenset()
    known: dict[Any, Any] = published.made if published else {}
    if (mode, services) not in known:
        known[mode, services] = csp.header(
            published,
            services,
            report_uri=_report_uri(),
            more=settings.CONSENT_CSP_SOURCES,
            trusted_types=settings.CONSENT_TRUSTED_TYPES,
        )
    return str(known[mode, services])


def _hurry(response: HttpResponseBase, choice: Choice) -> str:
    """Names in a header what waits in the page's head and was allowed: the browser fetches it first of all. Returns
    what it named, for that too is one visitor's."""
    allowed = {key for key, yes in choice.services.items() if yes}
    if not allowed or not isinstance(response, HttpResponse) or response.status_code != 200:
        return ""
    found = ahead.links(response.content.decode(response.charset, "replace"), allowed)
    if found:
        response.headers["Link"] = ", ".join(filter(None, [response.headers.get("Link"), found]))
    return found


def _report_uri() -> str:
    """The same for pages in every language."""
    with translation.override(settings.LANGUAGE_CODE):
        return reverse("consent:reports")


def _filter(request: HttpRequest, response: HttpResponseBase, published: Published, choice: Choice) -> None:
    now = timezone.now()
    for key in set_cookie.refused(response.cookies, published, choice, now=now):
        name = response.cookies[key].key
        logger.warning("Set-Cookie %s: neither essential nor consented to", name)
        if settings.CONSENT_SET_COOKIE == "drop":
            del response.cookies[key]
        try:
            findings.record(
                site_id=published.site_id,
                kind=Finding.Kind.COOKIE,
                name=name,
                source=Finding.Source.COOKIE,
                page=request.path_info,
                now=now,
            )
        except DatabaseError:
            logger.warning("Set-Cookie %s: could not be written down", name)
