"""Health probes and the pages for errors."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
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
