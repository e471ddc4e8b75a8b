"""GET /consent/embed/<snapshot>/<service>/: one frame of others in a page of this site, whose own header permits it.

The page around it may name nobody: that is what lets somebody load a video once after a refusal.
"""

import re
from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from consent import catalogue, origins
from consent.catalogue import Content, Published
from consent.views import visitor as visitors
from consent.views.evidence import FOR_EVER
from records.http import BadRequest, guarded

LONGEST = 4000  # characters of a frame's address
_SOURCE = re.compile(r"[a-z]+://[\w.:*\[\]-]+", re.ASCII)  # nothing that would end the header's rule
_HEADER = (
    "default-src 'none'; frame-src {}; style-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)


def address(published: Published, service: Content, src: str) -> str:
    """Where the frame `src` of a service can be seen in a page of this site. The same as long as the key is."""
    place = reverse("consent:embed", args=[published.sha256, service["key"]])
    return f"{place}?{urlencode({'src': src, 'sig': _signer().signature(_signed(service['key'], src))})}"


@guarded(limit=1024, rate="120/m", methods=("GET", "HEAD"))
def embed(request: HttpRequest, sha256: str, key: str) -> HttpResponse:
    """A permission that this page gives to the frame is bounded by the frame it stands in, which has the author's."""
    site = visitors.site_of(request)
    published = catalogue.find(sha256, site.pk) if site else None
    service = next((row for row in published.services if row["key"] == key), None) if published else None
    if service is None:
        raise Http404(_("This site never published that configuration."))
    src, sources = _asked(request, key), [one for one in origins.declared(service)["frame"] if _SOURCE.fullmatch(one)]
    if not origins.allowed(src, sources):
        raise BadRequest(403, _("The service does not declare frames from there."))
    response = render(request, "consent/embed.html", {"service": service, "src": src})
    response["Content-Security-Policy"] = _HEADER.format(" ".join(sources))
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, public=True, max_age=FOR_EVER, immutable=True)
    return response


def _asked(request: HttpRequest, key: str) -> str:
    src = request.GET.get("src", "")
    if not src or len(src) > LONGEST:
        raise BadRequest(400, _("“src” is the address of a frame."))
    try:
        _signer().unsign(f"{_signed(key, src)}:{request.GET.get('sig', '')}")
    except BadSignature as error:
        raise BadRequest(403, _("This site has not signed that address.")) from error
    return src


def _signed(key: str, src: str) -> str:
    return f"{key} {src}"  # a key has no space


def _signer() -> Signer:
    return Signer(salt="consent.embed")
