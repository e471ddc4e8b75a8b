"""What was published and decided, for anybody who wants to check."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from consent import catalogue
from consent.models import Seal, Snapshot
from consent.proof import headers, keys
from consent.views import visitor as visitors
from records.http import BadRequest, guarded

FOR_EVER = 365 * 24 * 3600  # seconds
SEALS_FOR, GPC_FOR = 60, 3600  # seconds
ON_A_PAGE = 500
SINCE = date(2026, 11, 22)  # the signal has been honoured by the code since, whatever is published
_LARGEST = 2**63 - 1


@require_safe
def snapshot(request: HttpRequest, sha256: str) -> HttpResponse:
    """GET /consent/snapshot/<hash>.json: the very bytes that were hashed."""
    found = Snapshot.objects.filter(sha256=sha256).first()
    if found is None:
        raise Http404(_("This site never published that configuration."))
    return _for_ever(HttpResponse(found.content, content_type="application/json"))


@require_safe
def module(request: HttpRequest, sha256: str, key: str) -> HttpResponse:
    """GET /consent/module/<hash>/<service>.js: the first-party code of a service, as that configuration has it."""
    found = Snapshot.objects.filter(sha256=sha256).first()
    groups = catalogue.content_of(found)["groups"] if found and catalogue.is_readable(found) else []
    code = next((row["module"] for group in groups for row in group["services"] if row["key"] == key), "")
    if not code:
        raise Http404(_("This site never published that configuration."))
    return _for_ever(HttpResponse(code, content_type="text/javascript; charset=utf-8"))


def _for_ever(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=FOR_EVER, immutable=True)
    return response


@guarded(limit=1024, rate="60/m", methods=("GET", "HEAD"))
def seals(request: HttpRequest) -> HttpResponse:
    """GET /consent/seals.json?after=<number>: every seal and the keys they are signed with, so that anybody can keep
    them, and later see whether a receipt lies under one."""
    found = list(Seal.objects.filter(number__gt=_after(request)).order_by("number")[: ON_A_PAGE + 1])
    shown = found[:ON_A_PAGE]
    here = request.build_absolute_uri(reverse("consent:seals"))
    said = {
        "keys": [{"key_id": key_id, "public_key": keys.public(key_id).hex()} for key_id in keys.known()],
        "seals": [headers.of(seal) for seal in shown],
        "next": f"{here}?after={shown[-1].number}" if len(found) > ON_A_PAGE else None,
    }
    response = JsonResponse(said)
    patch_cache_control(response, public=True, max_age=SEALS_FOR)
    return response


def _after(request: HttpRequest) -> int:
    said = request.GET.get("after", "0")
    if not (said.isascii() and said.isdigit() and int(said[:20]) <= _LARGEST and len(said) < 20):
        raise BadRequest(400, _("“after” is the number of a seal."))
    return int(said)


@require_safe
def gpc(request: HttpRequest) -> HttpResponse:
    """GET /.well-known/gpc.json: this site heeds Global Privacy Control (W3C GPC, 5)."""
    site = visitors.site_of(request)
    published = Snapshot.objects.filter(site_id=site.pk) if site else Snapshot.objects.none()
    newest = published.order_by("-number").values_list("published_at", flat=True).first()
    response = JsonResponse({"gpc": True, "lastUpdate": (newest.date() if newest else SINCE).isoformat()})
    patch_cache_control(response, public=True, max_age=GPC_FOR)
    return response
