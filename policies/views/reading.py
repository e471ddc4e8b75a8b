"""What a policy page answers."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from policies import effective
from policies.models import PolicyPage, PolicyVersion
from records.http import BadRequest, refusal


def in_force(request: HttpRequest, page: PolicyPage) -> HttpResponse:
    """The version in force now, or with ?on=2026-03-01 at the end of that day."""
    if getattr(request, "is_preview", False):
        return _preview(request, page)
    now = timezone.now()
    try:
        at = _instant_asked(request, now)
    except BadRequest as error:
        return refusal(request, error)
    version = effective.in_force(page, at)
    if version is None:
        raise Http404(_("No version of this policy was in force then."))
    context = {
        "version": version,
        "as_of": at if at != now else None,
        "foreseen": at > now,
        "upcoming": effective.upcoming(page, now),
    }
    return _cacheable(page.render(request, context_overrides=context), page, now)


def _instant_asked(request: HttpRequest, now: datetime) -> datetime:
    asked = request.GET.get("on")
    if asked is None:
        return now
    try:
        day = parse_date(asked)
    except ValueError:
        day = None
    if day is None or not 1900 < day.year < 9999:
        raise BadRequest(400, _("Write the day as ?on=2026-03-01."))
    return effective.end_of(day)


def _preview(request: HttpRequest, page: PolicyPage) -> HttpResponse:
    return page.render(request, context_overrides={"draft": page.written().clauses})


def version(request: HttpRequest, page: PolicyPage, number: int) -> HttpResponse:
    """One version for ever, with a line that says whether it is in force."""
    found = get_object_or_404(page.versions.select_related("withdrawal"), number=number)
    now = timezone.now()
    context = {"version": found, "standing": _standing(page, found, now)}
    return _cacheable(page.render(request, context_overrides=context), page, now)


def _standing(page: PolicyPage, found: PolicyVersion, now: datetime) -> str:
    if hasattr(found, "withdrawal"):
        return "withdrawn"
    if found.effective_from > now:
        return "pending"
    return "in_force" if found == effective.in_force(page, now) else "superseded"


def history(request: HttpRequest, page: PolicyPage) -> HttpResponse:
    """Every version there is or was announced, the newest first, with what changed."""
    now = timezone.now()
    context = {
        "versions": page.versions.select_related("withdrawal").order_by("-effective_from", "-number"),
        "current": effective.in_force(page, now),
        "now": now,
    }
    response = page.render(request, template="policies/history.html", context_overrides=context)
    return _cacheable(response, page, now)


def _cacheable(response: HttpResponse, page: PolicyPage, now: datetime) -> HttpResponse:
    patch_cache_control(response, public=True, max_age=effective.seconds_to_cache(page, now), must_revalidate=True)
    return response
