"""What does anybody see of the promises: a page for people, and the same for a program?"""

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language

from records import promises as checked
from records.http import guarded
from records.registry import kept

FRESH_FOR = 60  # seconds an answer is given again: anybody may ask


@guarded(limit=0, rate="60/m", methods=("GET", "HEAD"))
def page(request: HttpRequest) -> HttpResponse:
    report = _report()
    return _cacheable(render(request, "records/promises.html", {**report, "groups": _groups(report["promises"])}))


@guarded(limit=0, rate="60/m", methods=("GET", "HEAD"))
def as_json(request: HttpRequest) -> HttpResponse:
    return _cacheable(JsonResponse(_report(), json_dumps_params={"indent": 2, "ensure_ascii": False}))


def _groups(promises: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """What is broken first; then what the site does, and for how long it keeps what."""
    groups: dict[str, list[dict[str, Any]]] = {"broken": [], "acts": [], "periods": []}
    for promise in promises:
        place = "periods" if promise["key"] in kept() else "acts"
        groups["broken" if promise["state"] == checked.State.BROKEN else place].append(promise)
    return groups


def _report() -> dict[str, Any]:
    key = f"records.promises.{get_language()}"
    known: dict[str, Any] | None = cache.get(key)
    if known is None:
        known = checked.shown(timezone.now())
        cache.set(key, known, FRESH_FOR)
    return known


def _cacheable(response: HttpResponse) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=FRESH_FOR)
    return response
