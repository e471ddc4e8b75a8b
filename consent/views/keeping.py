"""How long may a cache in front give an answer to others who ask the same, with the same mask and signals?

It is told by X-Accel-Expires, and tells by X-Consent-Key what it took the visitor for.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from consent import cookie, told
from consent.catalogue import Published
from consent.enforce import variants

_PRIVATE = {"private", "no-store", "no-cache"}
# What deploy/nginx.conf asks for in one way alone, or does not keep. It heeds no other Vary.
_UNDERSTOOD = {"", "accept-encoding", "accept-datetime"}


def page(request: HttpRequest, response: HttpResponseBase, published: Published | None) -> int:
    """Seconds for a page; 0 for one that is nobody else's."""
    most = allowed(response)
    is_whole = response.status_code == 200 and not getattr(response, "streaming", False)
    if request.method not in {"GET", "HEAD"} or not is_whole or response.cookies or most == 0:
        return 0
    if published is None or not _is_of_many(request, published):
        return 0
    longest = max(settings.PAGE_CACHE_SECONDS, 0)
    return longest if most is None else min(most, longest)


def allowed(response: HttpResponseBase) -> int | None:
    """Seconds that the answer's own headers allow, in a cache for many (RFC 9111, 5.2.2); None if they are silent."""
    headers = response.headers
    if {name.strip().lower() for name in headers.get("Vary", "").split(",")} - _UNDERSTOOD:
        return 0
    said = _directives(headers.get("Cache-Control", ""))
    if _PRIVATE & said.keys():
        return 0
    seconds = said.get("s-maxage", said.get("max-age"))
    if seconds is None:
        return 0 if "Expires" in headers else None
    # nginx counts whole seconds and goes on through the last one; a policy takes force at an instant.
    return max(int(seconds) - 1, 0) if seconds.isascii() and seconds.isdigit() else 0


def _directives(cache_control: str) -> dict[str, str]:
    parts = (part.partition("=") for part in cache_control.lower().split(","))
    return {name.strip(): value.strip(' "') for name, _equals, value in parts}


def _is_of_many(request: HttpRequest, published: Published) -> bool:
    """Did the cache read the cookie as this site does, and is the answer the same for everybody it takes for the same?
    Cookies can be written so that two programs find two values in them."""
    sent, headers = request.COOKIES.get(cookie.NAME), request.headers
    key = variants.key(sent, gpc=headers.get("Sec-GPC") == "1", dnt=headers.get("DNT") == "1")
    if headers.get("X-Consent-Key") != key:
        return False
    if sent is None:
        return True
    remembered, now = cookie.read(sent), timezone.now()
    since = told.asked_again_since(published.site_id, now)
    if remembered is None or not cookie.counts(remembered, published, now, since):
        return False
    return variants.kept(published, cookie.standing(remembered, published, at=now, asked_again_since=since))
