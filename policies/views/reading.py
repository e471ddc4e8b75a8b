"""What does a visitor read at the address of a policy, and at that of one version?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from policies import effective, expansion, wording
from policies.models import FrozenText, PolicyPage, PolicyRendition, PolicyVersion
from policies.states import State
from policies.views import asking, drafts, memento
from policies.views.caching import cacheable, cacheable_until
from policies.views.contents import contents
from policies.views.lineage import Lineage
from records import instants
from records.http import BadRequest, refusal


@dataclass(frozen=True)
class Tongue:
    """The same version in another language, at its own address."""

    code: str
    url: str

    @property
    def name(self) -> str:
        return str(get_language_info(self.code)["name_local"]).capitalize()


def in_force(request: HttpRequest, page: PolicyPage) -> HttpResponse:
    """The version in force now, or as of ?on=, or by redirect that of Accept-Datetime."""
    if getattr(request, "is_preview", False):
        return _preview(request, page)
    now = timezone.now()
    try:
        response = _as_asked(request, page, now)
    except BadRequest as error:
        response = refusal(request, error)
    patch_vary_headers(response, ["Accept-Datetime"])
    return response


def _as_asked(request: HttpRequest, page: PolicyPage, now: datetime) -> HttpResponse:
    if "on" in request.GET:
        return cacheable(_in_force_at(request, page, at=asking.on(request.GET["on"]), now=now), page, now)
    at = asking.accept_datetime(request, now)
    elsewhere = memento.redirect(page, page.get_full_url(request), at, now) if at else None
    return cacheable(elsewhere, page, now) if elsewhere else _in_force_now(request, page, now)


def _in_force_now(request: HttpRequest, page: PolicyPage, now: datetime) -> HttpResponse:
    """The page that is read most: what it costs beyond any other page is one query."""
    found, upcoming = effective.now_and_next(page, now)
    found = _or_404(found)
    context = _context(request, page, found, now)
    context |= {
        "standing": Lineage.ahead(found, upcoming).standing(found, now),
        "upcoming": upcoming,
        "changed": _changed(page, context["shown"]),
    }
    response: HttpResponse = page.render(request, context_overrides=context)
    response["Link"] = memento.newest(context["full_address"], found)
    return cacheable_until(response, upcoming, now)


def _in_force_at(request: HttpRequest, page: PolicyPage, *, at: datetime, now: datetime) -> HttpResponse:
    found = _or_404(effective.in_force(page, at))
    lineage = Lineage.around(page, found, now)
    context = _context(request, page, found, at) | {
        "standing": lineage.standing(found, now),
        "as_of": at,
        "whole_day": at == instants.end_of(timezone.localdate(at)),
        "foreseen": at > now,
        "upcoming": effective.upcoming(page, now),
    }
    response: HttpResponse = page.render(request, context_overrides=context)
    response["Link"] = memento.links(context["full_address"], lineage.took_force(now), found.number)
    return response


def _or_404(found: PolicyVersion | None) -> PolicyVersion:
    if found is None:
        raise BadRequest(404, _("No version of this policy was in force then."))
    return found


def version(request: HttpRequest, page: PolicyPage, number: int) -> HttpResponse:
    """One version for ever, with a line that says how it stands."""
    found = get_object_or_404(page.versions.select_related("withdrawal"), number=number)
    now = timezone.now()
    lineage = Lineage.around(page, found, now)
    standing = lineage.standing(found, now)
    context = _context(request, page, found, now) | {"standing": standing, "permanent": True}
    if standing.state == State.IN_FORCE:
        context["changed"] = _changed(page, context["shown"])
    response: HttpResponse = page.render(request, context_overrides=context)
    memento.mark(response, context["full_address"], lineage.took_force(now), number)
    return cacheable(response, page, now)


def _context(request: HttpRequest, page: PolicyPage, found: PolicyVersion, at: datetime) -> dict[str, Any]:
    """`found` in the language of the page, else in the authoritative one, and where it is in the others."""
    read, is_original = effective.reading(page, found, at), effective.is_original(page, found)
    others = effective.in_other_languages(page)
    full_address = page.get_full_url(request)
    return {
        "version": found,
        "shown": read.shown,
        "is_translation": read.is_translation,
        "foreign": foreign(page, read.shown),
        "authoritative": None if is_original else _authoritative(request, found),
        "others": [other for other in others if other.live],
        "translations": translations(request, found, at) if is_original and others else [],
        "contents": contents(read.shown.content["clauses"]),
        "address": page.get_url(request),
        "full_address": full_address,
        "permalink": f"{full_address}v/{found.number}/",
    }


def foreign(page: PolicyPage, shown: FrozenText) -> dict[str, str] | None:
    """The language and direction of a text that is not in the language of the page around it."""
    if shown.page_id == page.pk or shown.language == page.language:
        return None
    return {"lang": shown.language, "dir": "rtl" if get_language_info(shown.language)["bidi"] else "ltr"}


def _authoritative(request: HttpRequest, found: PolicyVersion) -> Tongue:
    return Tongue(found.language, f"{found.page.get_url(request)}v/{found.number}/")


def translations(request: HttpRequest, found: PolicyVersion, at: datetime) -> list[Tongue]:
    """Where a version is to be read in other languages at `at`, or when it takes force."""
    rows = PolicyRendition.objects.filter(version=found, effective_from__lte=max(at, found.effective_from))
    newest = rows.order_by("language", "-number").distinct("language").select_related("page__locale")
    briefly = newest.defer("content", "html", "text", "source", "used")
    return [Tongue(row.language, f"{row.page.get_url(request)}v/{found.number}/") for row in briefly]


def _changed(page: PolicyPage, shown: FrozenText) -> str:
    """What the text rests on and is different by now, in words."""
    if not shown.used:
        return ""
    return wording.things(expansion.changed(shown.used, site=page.serving_site, language=shown.language))


def _preview(request: HttpRequest, page: PolicyPage) -> HttpResponse:
    """What would be frozen; a text that cannot be frozen yet is shown as it is written, with the reason above."""
    try:
        context: dict[str, Any] = {"draft": page.written().clauses}
    except ValidationError as error:
        context = {"draft": drafts.unfilled(page.body), "problems": error.messages}
    except (LookupError, TypeError, ValueError):  # a clause of which only a part is filled in
        context = {"draft": drafts.unfilled(page.body), "problems": [_("A clause is not filled in yet.")]}
    response: HttpResponse = page.render(request, context_overrides=context)
    return response
