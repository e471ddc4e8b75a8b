"""By which clock are instants told? By that of the site; the operator's where it has none of its own."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from wagtail.models import Site

from home import appearance

_PROBES = ("/healthz/", "/readyz/")  # they answer without the database


def clock_of_the_site(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: the same for all visitors of a site, so that a page stays one for all. Editors have a clock of their
    own, which Wagtail sets for the CMS."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        zone = _zone(request)
        with timezone.override(zone) if zone else nullcontext():
            return get_response(request)

    return answer


def _zone(request: HttpRequest) -> str:
    """None for the probes, nor where there is no such site, or no database: that is for others to say."""
    if request.path_info in _PROBES:
        return ""
    try:
        return appearance.zone_at(request.get_host(), partial(Site.find_for_request, request))
    except (DatabaseError, DisallowedHost):
        return ""


def set_for_task(**kwargs: object) -> None:
    """Before each task of a worker."""
    try:
        zone = appearance.zone_of_workers()
    except DatabaseError:  # the task itself will tell of it
        zone = ""
    timezone.activate(zone) if zone else timezone.deactivate()
