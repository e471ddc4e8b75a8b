"""What does every answer pass: is a page one visitor's own, and what may their browser load and keep?"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control, patch_vary_headers

from consent import compatibility
from consent.views import compatible, enforcing, gating


class Cookies(dict[str, str]):
    """What the browser sent; the cookie of django-cookie-consent says what our signed one does, and costs nothing until
    somebody reads it. What the browser sent under that name counts for nothing: anybody can write it."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.COOKIES)
        self.pop(compatibility.name(), None)
        self._request = request

    def __missing__(self, name: str) -> str:
        said = compatible.said_to_page(self._request) if name == compatibility.name() else ""
        if not said:
            raise KeyError(name)
        return said

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (name == compatibility.name() and self.get(name) is not None)

    def get(self, name: Any, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default


def choices_in_templates(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: gives requests those cookies, and tells caches of a page for which they were read that it is one
    visitor's own (RFC 9111, 4.1 and 5.2.2.7)."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        request.COOKIES = Cookies(request)
        response = get_response(request)
        if compatible.was_told(request):
            patch_vary_headers(response, ["Cookie", "Sec-GPC", "DNT"])
            patch_cache_control(response, private=True)
        return response

    return answer


def enforcement(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: pages carry a Content-Security-Policy made of what was published and chosen, and nobody gets a cookie
    that is neither essential nor consented to."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        enforcing.hold(request, response)
        return response

    return answer


def gates(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: what a page's content would load from others waits for permission. The innermost one, so that a
    length and a fingerprint are those of the page as it is sent."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        gating.hold_back(request, response)
        return response

    return answer
