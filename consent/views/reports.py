"""POST /consent/csp/: browsers tell what a page's Content-Security-Policy kept from loading."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consent import findings
from consent.models import Finding
from consent.views import visitor as visitors
from records.http import BadRequest, guarded

_KINDS = {"application/csp-report", "application/reports+json", "application/json"}
_MOST = 20  # reports in one request


@never_cache
@guarded(limit=32 * 1024, rate="60/m", methods=("POST",), from_anywhere=True)
def reports(request: HttpRequest) -> HttpResponse:
    """204 for a report in either form (CSP Level 2, 4.4; Reporting API). What is declared, and what a browser's own
    extensions do, is passed over. Nothing of whoever sent it is kept."""
    site = visitors.site_of(request)
    if site is None:
        raise BadRequest(404, _("No site answers at this address."))
    now, host = timezone.now(), request.get_host()
    for body in _bodies(_read(request))[:_MOST]:
        page = _page(body, host)
        found = findings.blocked_uri(_text(body, "blocked-uri", "blockedURL"), _directive(body))
        if page is not None and found:
            kind, name = found
            findings.record(
                site_id=site.pk,
                kind=kind,
                name=name,
                source=Finding.Source.CSP,
                page=page,
                now=now,
                detail=_directive(body),
            )
    return HttpResponse(status=204)


def _read(request: HttpRequest) -> Any:
    if request.content_type not in _KINDS:
        raise BadRequest(415, _("Send a report as a browser does: application/csp-report or application/reports+json."))
    try:
        return json.loads(request.body)
    except RequestDataTooBig as error:
        raise BadRequest(413, _("The request is too large.")) from error
    except UnreadablePostError as error:
        raise BadRequest(400, _("The request ended too early.")) from error
    except (ValueError, RecursionError) as error:
        raise BadRequest(400, _("The body is not valid JSON.")) from error


def _bodies(sent: Any) -> list[dict[str, Any]]:
    return list(_each(sent))


def _each(sent: Any) -> Iterator[dict[str, Any]]:
    for report in sent if isinstance(sent, list) else [sent]:
        body = (report.get("csp-report") or report.get("body")) if isinstance(report, dict) else None
        if not isinstance(body, dict):
            raise BadRequest(422, _("That is no report of a browser."))
        yield body


def _text(body: dict[str, Any], *names: str) -> str:
    found = next((body[name] for name in names if isinstance(body.get(name), str)), "")
    return str(found)[:2000].replace("\0", "")


def _directive(body: dict[str, Any]) -> str:
    return _text(body, "effective-directive", "effectiveDirective", "violated-directive").partition(" ")[0]


def _page(body: dict[str, Any], host: str) -> str | None:
    """The path of the page it happened on; None for one that is not ours."""
    try:
        address = urlsplit(_text(body, "document-uri", "documentURL"))
    except ValueError:
        return None
    return address.path if address.netloc == host else None
