"""Which answers are pages whose content must wait for permission?"""

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import translation

from consent import catalogue
from consent.enforce import gates
from consent.views import embedding
from consent.views import visitor as visitors


def hold_back(request: HttpRequest, response: HttpResponseBase) -> None:
    """Puts what needs permission behind gates. A page without anything of others costs a look, and no question."""
    if not isinstance(response, HttpResponse) or not _is_page(response) or request.path.startswith(_cms()):
        return
    try:
        html = response.content.decode(response.charset)
    except (UnicodeDecodeError, LookupError):
        return
    if not gates.reaches_out(html):
        return
    site = visitors.site_of(request)
    published = catalogue.current(site.pk) if site else None
    if published is None:
        return
    frame = partial(embedding.address, published)
    gated = gates.gate(html, published, translation.get_language() or "", frame=frame)
    if gated is not html:
        response.content = gated.encode(response.charset)


def _is_page(response: HttpResponse) -> bool:
    kind = response.get("Content-Type", "").partition(";")[0].strip().lower()
    # A page with a policy of its own is made for what it frames.
    return kind == "text/html" and "Content-Encoding" not in response and "Content-Security-Policy" not in response


def _cms() -> str:
    return reverse("wagtailadmin_home")
