"""Health probes and the pages for errors."""

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cms import health


@transaction.non_atomic_requests
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Liveness: this process answers. Touches nothing else, so a database outage restarts no web process."""
    return HttpResponse("ok\n", content_type="text/plain")


@transaction.non_atomic_requests
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    parts = health.readiness()
    ready = all(line == "ok" for line in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


def probes(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware for production, the outermost: probes come over plain HTTP and name an address, not the site."""
    answers: dict[str, Callable[[HttpRequest], HttpResponseBase]] = {"/healthz/": healthz, "/readyz/": readyz}

    def answer(request: HttpRequest) -> HttpResponseBase:
        return answers.get(request.path_info, get_response)(request)

    return answer
